-- Nobody who shares an address, key or account may send for a while.
-- KEYS 1 closures   2 the channel
-- ARGV 1 the time in microseconds, 0 for this server's   2 whose   3 for how long, us   4 whether it is a ban   5 venue, for people
local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end
local till = now + tonumber(ARGV[3])
local ban = ARGV[4]
local before = redis.call('HGET', KEYS[1], ARGV[2])
if before then
  local oldTill, oldBan = string.match(before, '^(%d+) (%d)')
  till = math.max(till, tonumber(oldTill))
  if oldBan == '1' and tonumber(oldTill) > now then ban = '1' end
end
redis.call('HSET', KEYS[1], ARGV[2], string.format('%.0f', till) .. ' ' .. ban .. ' ' .. ARGV[5])
redis.call('PUBLISH', KEYS[2], 'closed ' .. ARGV[2] .. ' ' .. string.format('%.0f', till - now) .. ' ' .. ban)
return {'1'}
