-- Stops all members, or lets them go on. Such words are numbered, and of two the higher counts: no word at all is none to go on.
-- KEYS 1 the last word: its number and why, empty to go on   2 the channel
-- ARGV 1 why, empty to go on   2 the number of the last word that the member knows, 0 for none
-- Answers the number of this word.
local last = tonumber(string.match(redis.call('GET', KEYS[1]) or '', '^%d+') or '0')
-- By the clock, so that after a loss of data it counts above those before, which other members still know.
local time = redis.call('TIME')
local number = math.max(tonumber(time[1]) * 1000000 + tonumber(time[2]), last + 1, tonumber(ARGV[2]) + 1)
local word = string.format('%.0f', number) .. ' ' .. ARGV[1]
redis.call('SET', KEYS[1], word)
redis.call('PUBLISH', KEYS[2], 'stop ' .. word)
return {string.format('%.0f', number)}
