-- What there is to know of a fleet, but for its limits.
-- KEYS 1 members   2 why all is stopped   3 closures   4 names of the limits
-- Answers the time in us, why all is stopped, then the number of entries and name and value of each, of members, closures and limits.
local time = redis.call('TIME')
local answer = {string.format('%.0f', tonumber(time[1]) * 1000000 + tonumber(time[2])), redis.call('GET', KEYS[2]) or ''}
for _, key in ipairs({KEYS[1], KEYS[3], KEYS[4]}) do
  local all = redis.call('HGETALL', key)
  answer[#answer + 1] = string.format('%.0f', #all / 2)
  for _, text in ipairs(all) do answer[#answer + 1] = text end
end
return answer
