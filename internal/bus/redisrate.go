package bus

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"

	"converse/internal/chat"
)

const (
	// ratePause is how long Redis is not asked after it did not answer.
	ratePause = time.Second
	// localShare is the part of a rate, one in so many, that a node makes by itself while
	// Redis is away: it does not know how many others do the same.
	localShare = 2
)

// takeScript keeps the calls of one key in a sorted set by their time, in microseconds of
// Redis's clock. It returns 0, or for how many microseconds to wait.
var takeScript = redis.NewScript(`
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local calls, share, per, n, bulk = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5] == '1'
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - per))
local allowed = calls
if bulk then
  if redis.call('EXISTS', KEYS[2]) == 1 then allowed = share end
else
  redis.call('SET', KEYS[2], '1', 'PX', ARGV[6])
end
if allowed < n then allowed = n end
local over = redis.call('ZCARD', KEYS[1]) + n - allowed
if over > 0 then
  local first = redis.call('ZRANGE', KEYS[1], over - 1, over - 1, 'WITHSCORES')
  return math.max(first[2] + per - now, 1)
end
for i = 1, n do
  local stamp = string.format('%.0f', now)
  redis.call('ZADD', KEYS[1], stamp, stamp .. '-' .. i .. '-' .. ARGV[7])
end
redis.call('PEXPIRE', KEYS[1], math.ceil(per / 1000))
return 0
`)

// Take takes n calls of a rate that all nodes share. 0: they may be made now; else nothing
// was taken, and it is worth asking again after that time. While Redis is away each node
// makes half of the calls by itself. It blocks for a moment at most.
func (b *Redis) Take(ctx context.Context, r Rate, n int) time.Duration {
	if r.Calls <= 0 || r.Per <= 0 {
		return 0
	}
	if wait, ok := b.takeShared(ctx, r, n); ok {
		return wait
	}
	r.Calls = max(r.Calls/localShare, 1)
	return b.rates.take(time.Now(), r, n)
}

func (b *Redis) takeShared(ctx context.Context, r Rate, n int) (time.Duration, bool) {
	if time.Now().UnixNano() < b.rateAgain.Load() {
		return 0, false
	}
	ctx, cancel := context.WithTimeout(ctx, b.asking)
	defer cancel()
	n = min(n, r.Calls)
	bulk := 0
	if r.Bulk {
		bulk = 1
	}
	topic := chat.Topic(r.Key)
	wait, err := takeScript.Run(ctx, b.client, []string{b.key("rate", topic), b.key("live-rate", topic)},
		r.Calls, Rate{Calls: r.Calls, Bulk: true}.allowed(true), r.Per.Microseconds(), n, bulk, liveFor.Milliseconds(), newEpoch()).Int64()
	if err != nil {
		b.rateAgain.Store(time.Now().Add(ratePause).UnixNano())
		return 0, false
	}
	return time.Duration(wait) * time.Microsecond, true
}
