-- Settles what a member has used of some limits, and grants it more of them.
--
-- The rule that everything rests on: for each limit, settled + granted and not settled + kept for each member's safe share + used by strangers
-- never exceeds the capacity. A member may use its safe share without asking, so what it has not used of it is kept, whether we hear from it or not.
--
-- KEYS two for each limit: its hash, and the slots of a rolling count
-- ARGV 1 the time in microseconds, 0 for this server's   2 the member   3 members in all   4 share of a limit that is safe   5 term of a grant, us
--      6 grace after a term, us
-- then for each limit, 18:
--      1 kind A, R or L   2 period, us   3 capacity   4 whether the venue told it   5 capacity learnt from a refusal, 0 if none   6 window
--      7 used in the window (A)   8 used ever (R, L)   9 held: under way, or granted and not used   10 used in the past period
--      11 wanted   12 needed   13 kept for higher priorities   14 told by the venue as used, -1 if not   15 settled when that call was let out, -1
--      16 the age of that call, us   17 whether the member is younger than a period   18 number of this question
-- Answers for each limit, 8: granted, capacity, whether the venue told it, free, safe share, settled, window, whether nothing is granted yet because
-- what was granted before is not known.
local FIELDS = 18
local ANSWERS = 8
local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end
local me = ARGV[2]
local members = tonumber(ARGV[3])
local share = tonumber(ARGV[4])
local term = tonumber(ARGV[5])
local grace = tonumber(ARGV[6])
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local function whole(x) return string.format('%.0f', x) end

-- A member's line: window, used in it, used ever, held, used in the past period, until when its grant holds, whether it is one too many, whether young,
-- number of its last question
local function read(text)
  local n = {}
  for word in string.gmatch(text, '%S+') do n[#n + 1] = tonumber(word) end
  return {w = n[1], u = n[2], s = n[3], o = n[4], own = n[5], ends = n[6], extra = n[7], young = n[8], q = n[9]}
end
local function line(m)
  return table.concat({whole(m.w), whole(m.u), whole(m.s), whole(m.o), whole(m.own), whole(m.ends), whole(m.extra), whole(m.young), whole(m.q)}, ' ')
end

local answer = {}
for i = 1, #KEYS / 2 do
  local key, slots = KEYS[2 * i - 1], KEYS[2 * i]
  local at = 6 + (i - 1) * FIELDS
  local kind = ARGV[at + 1]
  local a = {}
  for k = 2, FIELDS do a[k] = tonumber(ARGV[at + k]) end
  local period = a[2]

  local f = {}
  local all = redis.call('HGETALL', key)
  for k = 1, #all, 2 do f[all[k]] = all[k + 1] end
  local set = {}
  local function put(name, value)
    f[name] = value
    set[#set + 1] = name
    set[#set + 1] = value
  end
  local function number(name) return tonumber(f[name] or '0') end

  -- Written by another run of this server, or by none: what was granted and used before is not known until all have said, or it has passed.
  if f.run ~= run then
    redis.call('DEL', key, slots)
    f = {}
    put('run', run)
    put('since', whole(now))
    put('recover', '1')
  end

  -- Capacity
  if a[4] == 1 then
    put('capacity', whole(a[3]))
    put('told', '1')
  elseif f.told ~= '1' and number('capacity') ~= a[3] then
    put('capacity', whole(a[3]))
  end
  local capacity = number('capacity')
  if a[5] > 0 then
    if now > number('learntUntil') or a[5] < number('learnt') then put('learnt', whole(a[5])) end
    put('learntUntil', whole(now + 3600000000))
  end
  local most = capacity
  if now < number('learntUntil') then most = math.min(most, number('learnt')) end
  local safe = math.floor(most * share)

  -- The window, as the member that is furthest says
  local window = a[6]
  if kind == 'A' then
    if f.window and tonumber(f.window) >= window then
      window = tonumber(f.window)
    else
      put('window', whole(window))
      put('others', '0')
      put('assumed', '0')
    end
  end

  -- What fell since
  local width = math.max(1, math.floor(period / 500))
  local sum, level = number('sum'), number('level')
  local function count(units, from)
    if units <= 0 then return end
    if kind == 'R' then
      if from + period <= now then return end
      redis.call('HINCRBY', slots, whole(math.ceil((from + period) / width)), whole(units))
      sum = sum + units
    elseif kind == 'L' then
      level = level + units
    end
  end
  local first = nil
  if kind == 'R' then
    local head, till = number('head'), math.floor(now / width)
    if head == 0 or till - head > 600 then
      local left = redis.call('HGETALL', slots)
      sum = 0
      for k = 1, #left, 2 do
        if tonumber(left[k]) <= till then redis.call('HDEL', slots, left[k]) else sum = sum + tonumber(left[k + 1]) end
      end
    else
      for slot = head + 1, till do
        local gone = redis.call('HGET', slots, whole(slot))
        if gone then
          sum = sum - tonumber(gone)
          redis.call('HDEL', slots, whole(slot))
        end
      end
    end
    put('head', whole(till))
    if number('others') ~= 0 and now - number('othersAt') > period then
      put('others', '0')
      put('assumed', '0')
    end
  end

  -- The others
  local settled, held, kept, live, known, records = 0, 0, 0, 0, 0, 0
  local mine = nil
  local assumed = 0
  local gone = {}
  for name, value in pairs(f) do
    if string.sub(name, 1, 2) == 'm:' then
      local m = read(value)
      if name == 'm:' .. me then
        mine = m
      else
        local dead = now > m.ends + grace
        if dead and now > m.ends + grace + period then
          gone[#gone + 1] = name
        else
          records = records + 1
          if dead and m.o > 0 then
            -- what it held counts as used at the last moment at which it can have been
            if kind == 'A' then
              if m.w ~= window then m.u = 0 end
              m.w, m.u = window, m.u + m.o
            else
              count(m.o, m.ends + grace)
            end
            assumed = assumed + m.o
            m.o = 0
            set[#set + 1] = name
            set[#set + 1] = line(m)
          end
          local used = m.own
          if kind == 'A' then
            used = 0
            if m.w == window then used = m.u end
            settled = settled + used
          elseif dead then
            used = 0
          end
          held = held + m.o
          if m.extra == 0 then kept = kept + math.max(0, safe - used - m.o) end
          if not dead then
            live = live + 1
            if m.young == 0 then known = known + 1 end
          end
        end
      end
    end
  end
  for _, name in ipairs(gone) do redis.call('HDEL', key, name) end
  if assumed > 0 then
    put('assumed', whole(number('assumed') + assumed))
    put('assumedAt', whole(now))
  end

  -- This member
  local used = a[10]
  if kind == 'A' then
    used = 0
    if a[6] == window then used = a[7] end
    settled = settled + used
  elseif mine and a[8] >= mine.s then
    count(a[8] - mine.s, now)
  elseif not mine then
    count(a[10], now)
  end
  local extra = 0
  if (not mine or mine.extra == 1) and records >= members then extra = 1 end
  local my = {w = a[6], u = a[7], s = a[8], o = a[9], own = a[10], ends = now + term, extra = extra, young = a[17], q = a[18]}
  live = live + 1
  if my.young == 0 then known = known + 1 end
  local missing = math.max(0, members - records - 1) * safe
  kept = kept + missing
  if kind == 'R' then settled = sum end
  if kind == 'L' then
    -- what is kept for members that are not heard leaks for them
    local rate = math.max(0, most - missing) / period
    level = math.max(0, level - math.max(0, now - number('levelAt')) * rate)
    put('levelAt', whole(now))
    settled = level
  end
  held = held + my.o
  local safeOfMine = safe
  if extra == 1 then safeOfMine = 0 end

  -- What the venue told: strangers use at least what nobody here can have, and at most what nobody here had settled
  local recovering = f.recover == '1'
  if a[14] >= 0 then
    local least = a[14] - settled - held
    if kind == 'L' then
      if least > 0 then
        level = level + least
        settled = level
      end
    else
      local others = number('others')
      if a[15] >= 0 then others = math.min(others, a[14] - a[15]) end
      local floor = 0
      if now - a[16] > number('assumedAt') then
        floor = -number('assumed')
        if a[15] >= 0 and number('assumed') > 0 then others = math.min(0, a[14] - a[15]) end
      end
      others = math.max(least, others, floor)
      if recovering and now - a[16] > number('since') + term + grace then
        -- all that was granted before has been used or has lapsed, and the venue has told the sum
        local then_ = settled
        if a[15] >= 0 then then_ = math.min(then_, a[15]) end
        others = math.max(0, a[14] - then_)
        recovering = false
      end
      put('others', whole(others))
      put('othersAt', whole(now))
    end
  end
  if recovering and (known >= members or now - number('since') > term + grace + period) then recovering = false end
  if not recovering and f.recover == '1' then put('recover', '0') end

  -- The grant
  local others = number('others')
  local margin = 0
  if others > 0 then margin = math.floor(others / 10) + 1 end
  local free = most - settled - held - kept - others - margin
  local open = math.floor(math.max(0, free - a[13]))
  if recovering then open = 0 end
  local granted = math.min(a[11], open)
  if open < most / 10 then granted = math.min(granted, math.max(math.min(a[12], open), math.floor(open / (2 * live)))) end
  my.o = my.o + granted
  -- a question that was overtaken by a later one, over another connection, changes nothing
  if not mine or a[18] > mine.q then put('m:' .. me, line(my)) end
  if kind == 'R' then put('sum', whole(sum)) end
  if kind == 'L' then put('level', string.format('%.6f', level)) end
  redis.call('HSET', key, unpack(set))
  redis.call('PEXPIRE', key, whole(86400000 + 2 * period / 1000))
  if kind == 'R' then redis.call('PEXPIRE', slots, whole(2 * period / 1000 + 60000)) end

  local base = (i - 1) * ANSWERS
  answer[base + 1] = whole(granted)
  answer[base + 2] = whole(most)
  answer[base + 3] = f.told or '0'
  answer[base + 4] = whole(math.floor(free - granted))
  answer[base + 5] = whole(safeOfMine)
  answer[base + 6] = whole(math.ceil(settled))
  answer[base + 7] = whole(window)
  answer[base + 8] = recovering and '1' or '0'
end
return answer
