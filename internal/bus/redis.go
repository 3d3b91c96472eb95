package bus

import (
	"context"
	"hash/fnv"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"converse/internal/chat"
)

// shards spreads topics over hash slots of a Redis Cluster. The number is part of
// every key: all nodes of a deployment must agree on it.
const shards = 16

// Redis is the bus of many nodes. Redis 7.0 or later, single or Cluster.
type Redis struct {
	client  redis.UniversalClient
	limits  Limits
	prefix  string
	silence time.Duration
	asking  time.Duration // bounds one question about a rate
	links   []*link
	stop    context.CancelFunc
	done    sync.WaitGroup
	// rates are for while Redis is away: until rateAgain, in nanoseconds, it is not asked.
	rates     rates
	rateAgain atomic.Int64
}

// RedisOptions says how to use Redis.
type RedisOptions struct {
	Limits Limits
	// Prefix begins every key and channel; empty means "converse". Deployments that
	// share a Redis, and tests, need one each.
	Prefix string
	// Silence is how long a subscribing connection may say nothing before it is asked
	// whether it lives, and how long it may take to answer; 0 means 3 seconds.
	Silence time.Duration
	// RateTimeout bounds one question about a rate, for a call must not wait for Redis;
	// 0 means 200 milliseconds.
	RateTimeout time.Duration
}

// NewRedis returns a bus on a connected client, which stays the caller's to close.
func NewRedis(client redis.UniversalClient, o RedisOptions) *Redis {
	if o.Prefix == "" {
		o.Prefix = "converse"
	}
	if o.Silence == 0 {
		o.Silence = 3 * time.Second
	}
	if o.RateTimeout == 0 {
		o.RateTimeout = 200 * time.Millisecond
	}
	return &Redis{client: client, limits: o.Limits.orDefault(), prefix: o.Prefix, silence: o.Silence, asking: o.RateTimeout}
}

// Start opens the subscriptions' connections; they are made again whenever they
// break, until Close. It is called once, before any other method.
func (b *Redis) Start(ctx context.Context, r Receiver) error {
	ctx, b.stop = context.WithCancel(context.WithoutCancel(ctx))
	// In a Cluster a sharded subscription lives on the node of its slot, so each
	// shard has a connection of its own; a single Redis needs only one.
	count := 1
	if _, cluster := b.client.(*redis.ClusterClient); cluster {
		count = shards
	}
	for range count {
		l := newLink(b.client, b.silence, r)
		b.links = append(b.links, l)
		b.done.Go(func() { l.run(ctx) })
	}
	return nil
}

// Close ends delivery and waits for it.
func (b *Redis) Close() error {
	if b.stop != nil {
		b.stop()
	}
	b.done.Wait()
	return nil
}

func shardOf(topic chat.Topic) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(topic)) // never fails
	return int(h.Sum32() % shards)
}

// The keys of one topic share a hash tag, as scripts and sharded channels require.
func (b *Redis) key(kind string, topic chat.Topic) string {
	return b.prefix + ":{" + strconv.Itoa(shardOf(topic)) + "}:" + kind + ":" + string(topic)
}

// Subscribe begins delivery of a topic; the receiver is told when it has begun. It
// does not wait for that, and goes on trying while Redis cannot be reached.
func (b *Redis) Subscribe(_ context.Context, topic chat.Topic) error {
	b.linkOf(topic).add(b.key("live", topic), topic)
	return nil
}

// Unsubscribe ends delivery of a topic.
func (b *Redis) Unsubscribe(_ context.Context, topic chat.Topic) error {
	b.linkOf(topic).remove(b.key("live", topic))
	return nil
}

func (b *Redis) linkOf(topic chat.Topic) *link {
	return b.links[shardOf(topic)%len(b.links)]
}
