-- What is kept of limits.
-- KEYS their hashes
-- Answers for each the number of fields, and name and value of each.
local answer = {}
for _, key in ipairs(KEYS) do
  local all = redis.call('HGETALL', key)
  answer[#answer + 1] = string.format('%.0f', #all / 2)
  for _, text in ipairs(all) do answer[#answer + 1] = text end
end
return answer
