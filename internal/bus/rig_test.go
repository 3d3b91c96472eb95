package bus_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"converse/internal/bus"
	"converse/internal/chat"
	"converse/internal/testkit"
)

// instance is what every bus can do.
type instance interface {
	streams
	SetPresence(context.Context, []bus.PresenceMark) error
	Presence(context.Context, chat.OrgID) ([]chat.Presence, error)
	Take(context.Context, bus.Rate, int) time.Duration
}

// streams are what it carries.
type streams interface {
	Start(context.Context, bus.Receiver) error
	Close() error
	Publish(context.Context, []bus.Message) error
	Signal(context.Context, chat.Topic, []byte) error
	Subscribe(context.Context, chat.Topic) error
	Unsubscribe(context.Context, chat.Topic) error
	History(context.Context, chat.Topic, bus.Position, int) (bus.History, error)
	Positions(context.Context, []chat.Topic) ([]bus.Position, error)
}

// node is a bus and who listens to it.
type node struct {
	instance
	*recorder
}

// open makes the bus instances of one test over one empty store, all started.
type open func(t *testing.T, limits bus.Limits) []node

func start(t *testing.T, b instance) node {
	t.Helper()
	n := node{b, newRecorder()}
	require.NoError(t, b.Start(t.Context(), ears{n.recorder}))
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return n
}

func openMemory(t *testing.T, limits bus.Limits) []node {
	return []node{start(t, bus.NewMemory(limits))}
}

// openRedis makes two instances that share a Redis.
func openRedis(t *testing.T, limits bus.Limits, client func(*testing.T) redis.UniversalClient) []node {
	t.Helper()
	prefix := freshPrefix()
	var nodes []node
	for range 2 {
		nodes = append(nodes, start(t, bus.NewRedis(client(t), bus.RedisOptions{Limits: limits, Prefix: prefix, RateTimeout: patience})))
	}
	return nodes
}

var prefixes atomic.Int64

func freshPrefix() string { return fmt.Sprintf("test%d", prefixes.Add(1)) }

func dial(t *testing.T, server *testkit.RedisServer) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{
		Network: server.Network, Addr: server.Addr, MaxRetries: -1, DialerRetries: 1, ContextTimeoutEnabled: true,
	})
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

func dialCluster(t *testing.T, servers []*testkit.RedisServer) *redis.ClusterClient {
	t.Helper()
	addrs := make([]string, len(servers))
	for i, s := range servers {
		addrs[i] = s.Addr
	}
	c := redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs, ContextTimeoutEnabled: true})
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

const topic = chat.Topic("o:one")

func publish(t *testing.T, b instance, topic chat.Topic, payloads ...string) {
	t.Helper()
	messages := make([]bus.Message, len(payloads))
	for i, p := range payloads {
		messages[i] = bus.Message{Topic: topic, Payload: []byte(p)}
	}
	require.NoError(t, b.Publish(t.Context(), messages))
}

func history(t *testing.T, b instance, topic chat.Topic, since bus.Position, most int) bus.History {
	t.Helper()
	h, err := b.History(t.Context(), topic, since, most)
	require.NoError(t, err)
	return h
}

// subscribe subscribes every node and waits until all are told so.
func subscribe(t *testing.T, nodes []node, topics ...chat.Topic) {
	t.Helper()
	for _, n := range nodes {
		for _, topic := range topics {
			require.NoError(t, n.Subscribe(t.Context(), topic))
		}
	}
	for _, n := range nodes {
		for _, topic := range topics {
			n.subscribed(t, topic, 1)
		}
	}
}

func payloads(entries []bus.Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = string(e.Payload)
	}
	return out
}

// inTime fails the test when f does not return; it bounds what would hang for ever.
func inTime(t *testing.T, f func()) {
	t.Helper()
	var done sync.WaitGroup
	returned := make(chan struct{})
	done.Go(func() {
		defer close(returned)
		f()
	})
	select {
	case <-returned:
	case <-time.After(patience):
		require.FailNow(t, "it does not return")
	}
}

func topicNumber(n int) chat.Topic { return chat.Topic(strconv.Itoa(n)) }

// shardTag is the part of a topic's keys that decides on the slot.
func shardTag(topic chat.Topic) string { return strconv.Itoa(bus.Shard(topic)) }

func lines(text string) []string { return slices.Collect(strings.Lines(text)) }
