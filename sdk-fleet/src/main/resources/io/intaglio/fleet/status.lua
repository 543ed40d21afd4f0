-- What there is to know of a fleet, but for its limits.
-- KEYS 1 members   2 the last word of who stopped all or let it go on   3 closures   4 names of the limits
-- Answers the time in us, why all is stopped, empty if it is not, then the number of entries and name and value of each, of members,
-- closures and limits.
local time = redis.call('TIME')
local why = string.match(redis.call('GET', KEYS[2]) or '', '^%d+ (.*)$') or ''
local answer = {string.format('%.0f', tonumber(time[1]) * 1000000 + tonumber(time[2])), why}
for _, key in ipairs({KEYS[1], KEYS[3], KEYS[4]}) do
  local all = redis.call('HGETALL', key)
  answer[#answer + 1] = string.format('%.0f', #all / 2)
  for _, text in ipairs(all) do answer[#answer + 1] = text end
end
return answer
