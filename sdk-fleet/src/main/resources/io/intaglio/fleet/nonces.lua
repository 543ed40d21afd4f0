-- Leases a range of nonces. A nonce is kept as whole seconds and units within the second, since a number of Lua holds 53 bits only.
-- KEYS[1] the line
-- ARGV 1 units in a second   2, 3 the member's clock, seconds and units   4, 5 the highest nonce the member knows of
--      6 how many are wanted  7 by how many seconds the line may be ahead of this clock
-- Answers seconds and units of the first, how many, and if none the microseconds until there are some.
local per = tonumber(ARGV[1])
local lead = tonumber(ARGV[7])
local wanted = tonumber(ARGV[6])

local function whole(x) return string.format('%.0f', x) end
local function above(aSec, aSub, bSec, bSub) return aSec > bSec or (aSec == bSec and aSub > bSub) end

-- Another run of Redis than the one that wrote the line may have lost the last writes, or all: then the line begins anew, above all that
-- the rule below let anyone have by now.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local time = redis.call('TIME')
local nowSec = tonumber(time[1])
local nowSub = math.floor(tonumber(time[2]) * per / 1000000)

local line = redis.call('HMGET', KEYS[1], 'run', 'per', 'sec', 'sub')
if line[2] and tonumber(line[2]) ~= per then
  return redis.error_reply('UNIT the line counts ' .. line[2] .. ' in a second')
end
local sec, sub = tonumber(ARGV[4]), tonumber(ARGV[5])
if line[3] and above(tonumber(line[3]), tonumber(line[4]), sec, sub) then
  sec, sub = tonumber(line[3]), tonumber(line[4])
end
if line[1] ~= run then
  local clockSec, clockSub = nowSec, nowSub
  if above(tonumber(ARGV[2]), tonumber(ARGV[3]), clockSec, clockSub) then
    clockSec, clockSub = tonumber(ARGV[2]), tonumber(ARGV[3])
  end
  if above(clockSec + lead, clockSub, sec, sub) then sec, sub = clockSec + lead, clockSub end
  redis.call('HSET', KEYS[1], 'run', run, 'per', whole(per), 'sec', whole(sec), 'sub', whole(sub))
end

-- The first that may be given.
sub = sub + 1
if sub >= per then sec, sub = sec + 1, sub - per end
if above(nowSec, nowSub, sec, sub) then sec, sub = nowSec, nowSub end

-- No further ahead of the clock than the lead; further than that by a second, the clock was set back, and the line goes on upward.
local room = (nowSec + lead - sec) * per + (nowSub - sub) + 1
if room <= 0 and room > -per then
  return {'0', '0', '0', whole(math.ceil((math.min(wanted, per / 100) - room) * 1000000 / per))}
end
local count = wanted
if room > 0 then count = math.min(wanted, room) end
local endSub = sub + count - 1
local endSec = sec + math.floor(endSub / per)
endSub = endSub % per
redis.call('HSET', KEYS[1], 'sec', whole(endSec), 'sub', whole(endSub))
return {whole(sec), whole(sub), whole(count), '0'}
