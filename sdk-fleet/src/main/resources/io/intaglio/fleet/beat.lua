-- A member's round: says that it is there, and hears what is the matter.
-- KEYS 1 members   2 the last word of who stopped all or let it go on   3 until when nobody who shares an address, key or account may send
--      4 the channel
-- ARGV 1 the time in microseconds, 0 for this server's   2 the member   3 its name and what it may use   4 for how long it counts, us
--      5 the number of the last word that the member knows, 0 for none   6 why all is stopped by it, empty to go on
-- Answers the number of the last word, 0 for none, and why all is stopped, empty if it is not; then for each closure its name, the
-- microseconds left and whether it is a ban.
local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end
local function whole(x) return string.format('%.0f', x) end
redis.call('HSET', KEYS[1], ARGV[2], whole(now) .. ' ' .. whole(now + tonumber(ARGV[4])) .. ' ' .. ARGV[3])
local members = redis.call('HGETALL', KEYS[1])
for i = 1, #members, 2 do
  local seen = tonumber(string.match(members[i + 1], '^(%d+)'))
  if now - seen > 3600000000 then redis.call('HDEL', KEYS[1], members[i]) end
end
local word = redis.call('GET', KEYS[2]) or ''
local number, why = string.match(word, '^%d+') or '0', string.match(word, '^%d+ (.*)$') or ''
-- A Redis that has lost the last word is told it again by whoever knows it.
if tonumber(ARGV[5]) > tonumber(number) then
  number, why = ARGV[5], ARGV[6]
  redis.call('SET', KEYS[2], number .. ' ' .. why)
  redis.call('PUBLISH', KEYS[4], 'stop ' .. number .. ' ' .. why)
end
local answer = {number, why}
local closures = redis.call('HGETALL', KEYS[3])
for i = 1, #closures, 2 do
  local till, ban = string.match(closures[i + 1], '^(%d+) (%d)')
  if tonumber(till) <= now then
    redis.call('HDEL', KEYS[3], closures[i])
  else
    answer[#answer + 1] = closures[i]
    answer[#answer + 1] = whole(tonumber(till) - now)
    answer[#answer + 1] = ban
  end
end
return answer
