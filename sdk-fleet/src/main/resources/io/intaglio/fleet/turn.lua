-- The turn of a key: who may send with it, until when, and how often it changed hands.
-- KEYS[1] the turn
-- ARGV 1 take, renew or leave   2 the member   3 for how many milliseconds
-- Answers whether the member has it (1), and if not the milliseconds until it is free.
local function whole(x) return string.format('%.0f', x) end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local term = tonumber(ARGV[3])
local turn = redis.call('HMGET', KEYS[1], 'holder', 'until', 'fence', 'run')

-- Another run of Redis may not know who has the turn: whoever it is has lost it after one term.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if turn[4] ~= run then
  turn = {'?', whole(now + term), turn[3] or '0', run}
  redis.call('HSET', KEYS[1], 'holder', turn[1], 'until', turn[2], 'fence', turn[3], 'run', run)
end

local held = turn[1] ~= '' and tonumber(turn[2]) > now
local mine = held and turn[1] == ARGV[2]
if ARGV[1] == 'leave' then
  if mine then redis.call('HSET', KEYS[1], 'holder', '') end
  return {'0', '0'}
end
if held and not mine then return {'0', whole(tonumber(turn[2]) - now)} end
if ARGV[1] == 'renew' and not mine then return {'0', '0'} end
local fence = tonumber(turn[3])
if not mine then fence = fence + 1 end
redis.call('HSET', KEYS[1], 'holder', ARGV[2], 'until', whole(now + term), 'fence', whole(fence))
return {'1', '0'}
