-- Stops all members, or lets them go on.
-- KEYS 1 why all is stopped   2 the channel
-- ARGV 1 why, empty to go on
if ARGV[1] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[1])
end
redis.call('PUBLISH', KEYS[2], 'stop ' .. ARGV[1])
return {'1'}
