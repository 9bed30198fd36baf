/**
 * Where messages are in Redis. All with one hash tag, so that a cluster keeps them in one place and each script stays
 * one atomic step. A message is a hash of its own that ends by itself; beside it stand, for what all of them sum up to
 * and for whom to tell of an end: ids by their ends, facts by id (their bytes in front), and the sum of the bytes.
 */
export const redisKeys = [
  '{messages}:ends',
  '{messages}:facts',
  '{messages}:bytes',
  '{messages}:m:',
] as const;

const NAMES = `local ends, facts, sum, own = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
`;

/** Takes a message out of everything; returns its facts. When nothing is left the sum begins anew. */
const DROP = `local function drop(id)
  local known = redis.call('HGET', facts, id)
  redis.call('DEL', own .. id)
  redis.call('HDEL', facts, id)
  if redis.call('ZREM', ends, id) == 1 and known then
    redis.call('DECRBY', sum, string.match(known, '^%d+'))
  end
  if redis.call('ZCARD', ends) == 0 then redis.call('DEL', sum) end
  return known
end
`;

/** Of a message that has not ended, else nothing. Needs `id` and `now`. */
const LIVING = `local function living(...)
  local found = redis.call('HMGET', own .. ARGV[1], 'end', ...)
  if found[1] and tonumber(found[1]) > tonumber(ARGV[2]) then return found end
end
`;

/**
 * Id, now, messagesMax, bytesMax, end, bytes, life in ms, how long what is beside it stays, facts, then the fields of
 * the message. Answers `kept`, `known`, `ended` (one with its id is past its end, and its maker not told), or the cap.
 */
export const PUT = `${NAMES}local id, bytes = ARGV[1], tonumber(ARGV[6])
local score = redis.call('ZSCORE', ends, id)
if score then return tonumber(score) > tonumber(ARGV[2]) and 'known' or 'ended' end
if redis.call('ZCARD', ends) >= tonumber(ARGV[3]) then return 'messagesMax' end
if tonumber(redis.call('GET', sum) or '0') + bytes > tonumber(ARGV[4]) then return 'bytesMax' end
redis.call('HSET', own .. id, 'end', ARGV[5], unpack(ARGV, 10))
redis.call('PEXPIRE', own .. id, ARGV[7])
redis.call('ZADD', ends, ARGV[5], id)
redis.call('HSET', facts, id, ARGV[9])
redis.call('INCRBY', sum, ARGV[6])
for _, key in ipairs({ends, facts, sum}) do
  if redis.call('PTTL', key) < tonumber(ARGV[8]) then redis.call('PEXPIRE', key, ARGV[8]) end
end
return 'kept'`;

/** Unix ms of Redis' own clock, as a text: Lua would write so large a number with an exponent. */
const CLOCK = `local function clock()
  local time = redis.call('TIME')
  return string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
end
`;

/** Id, now. End, facts, reads left, hash of the claim, the mark, and the time by Redis' own clock. */
export const LOOK = `${NAMES}${LIVING}${CLOCK}local found = living('facts', 'left', 'claim', 'mark')
if found then table.insert(found, clock()) end
return found`;

/** Id, now. The sealed content of what anybody may read any number of times. */
export const READ = `${NAMES}${LIVING}local found = living('shared')
if found and found[2] == '1' then return redis.call('HGET', own .. ARGV[1], 'content') end`;

/**
 * Id, now, hash, until when by Redis' own clock. Reads left after this one and the sealed content; `refused`; `late`,
 * when nobody waits for the answer any more; or nothing.
 */
export const CLAIM = `${NAMES}${LIVING}${DROP}${CLOCK}if tonumber(clock()) > tonumber(ARGV[4]) then return 'late' end
local found = living('left', 'claim', 'content')
if not found then return false end
if found[3] ~= '' and found[3] ~= ARGV[3] then return 'refused' end
if found[2] == '' then return {'', found[4]} end
local left = tonumber(found[2]) - 1
if left > 0 then redis.call('HSET', own .. ARGV[1], 'left', left) else drop(ARGV[1]) end
return {tostring(left), found[4]}`;

/** Id, now, hash; `1` for an operator, who needs none. */
export const REMOVE = `${NAMES}${LIVING}${DROP}local found = living('delete')
if not found then return 'absent' end
if ARGV[4] ~= '1' and (found[2] == '' or found[2] ~= ARGV[3]) then return 'refused' end
drop(ARGV[1])
return 'removed'`;

/** Now, how many. Of each its id, facts, and reads left as far as still known: who hears of one is the only one. */
export const SWEEP = `${NAMES}${DROP}local gone = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])) do
  local left = redis.call('HGET', own .. id, 'left') or ''
  for _, part in ipairs({id, drop(id) or '', left}) do table.insert(gone, part) end
end
return gone`;

export const USAGE = `${NAMES}return {redis.call('ZCARD', ends), redis.call('GET', sum) or '0'}`;
