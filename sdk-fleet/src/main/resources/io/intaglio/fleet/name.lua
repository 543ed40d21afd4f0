-- Says what limits are called, for people.
-- KEYS 1 names of the limits
-- ARGV fingerprint and name of each
redis.call('HSET', KEYS[1], unpack(ARGV))
return {'1'}
