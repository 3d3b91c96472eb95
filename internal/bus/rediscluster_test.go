package bus_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"converse/internal/bus"
	"converse/internal/chat"
	"converse/internal/testkit"
)

// shardedTopics is one topic per shard, so that every server of a Cluster has some.
func shardedTopics() []chat.Topic {
	byShard := map[int]chat.Topic{}
	var out []chat.Topic
	for i := 0; len(byShard) < 16; i++ {
		name := topicNumber(i)
		if _, ok := byShard[bus.Shard(name)]; !ok {
			byShard[bus.Shard(name)] = name
			out = append(out, name)
		}
	}
	return out
}

// keysOn counts the topics whose position a server keeps.
func keysOn(t *testing.T, server *testkit.RedisServer) int {
	t.Helper()
	keys, err := dial(t, server).Keys(t.Context(), "*:meta:*").Result()
	require.NoError(t, err)
	return len(keys)
}

func TestClusterServersMayLoseScriptsAndMoveSlots(t *testing.T) {
	t.Parallel()
	servers := testkit.RedisCluster(t, 2)
	o := bus.RedisOptions{Silence: 100 * time.Millisecond}
	nodes := []node{
		start(t, bus.NewRedis(dialCluster(t, servers), o)),
		start(t, bus.NewRedis(dialCluster(t, servers), o)),
	}
	topics := shardedTopics()
	subscribe(t, nodes, topics...)
	round := func(payload string) {
		var messages []bus.Message
		for _, topic := range topics {
			messages = append(messages, bus.Message{Topic: topic, Payload: []byte(payload)})
		}
		require.NoError(t, nodes[0].Publish(t.Context(), messages))
	}
	round("one")
	require.NotZero(t, keysOn(t, servers[0]))
	require.NotZero(t, keysOn(t, servers[1]))

	// One of the servers forgets the script: its events are sent again, those of the
	// other are not.
	require.NoError(t, dial(t, servers[1]).ScriptFlush(t.Context()).Err())
	round("two")
	for _, topic := range topics {
		for _, n := range nodes {
			require.Equal(t, []string{"one", "two"}, payloads(n.entries(t, topic, 2)))
		}
	}

	moved := 0
	for _, topic := range topics {
		moved += moveSlot(t, servers[0], servers[1], topic)
	}
	require.NotZero(t, moved)
	require.Zero(t, keysOn(t, servers[0]))
	// Those whose slot moved are told that their subscription ended and began again;
	// no event of theirs is missed in silence afterwards.
	round("three")
	for _, topic := range topics {
		for _, n := range nodes {
			n.wait(t, topic, func(list []heard) bool { return ended(list) })
		}
	}
	round("four")
	for _, topic := range topics {
		for _, n := range nodes {
			n.wait(t, topic, func(list []heard) bool { return list[len(list)-1].payload == "four" })
			requireNoSilentHole(t, n.all(topic))
		}
	}
}

// ended reports whether the third round has arrived or will be found missing.
func ended(list []heard) bool {
	entries := entriesIn(list)
	return string(entries[len(entries)-1].Payload) == "three" || count(list, "subscribed") > 1
}

// moveSlot moves a topic's slot with its keys, as an operator who rebalances does.
// It returns the number of keys moved.
func moveSlot(t *testing.T, from, to *testkit.RedisServer, topic chat.Topic) int {
	t.Helper()
	ctx := t.Context()
	source, target := dial(t, from), dial(t, to)
	slot, err := source.ClusterKeySlot(ctx, "{"+shardTag(topic)+"}").Result()
	require.NoError(t, err)
	keys, err := source.ClusterGetKeysInSlot(ctx, int(slot), 100).Result()
	require.NoError(t, err)
	if len(keys) == 0 {
		return 0
	}
	sourceID, targetID := clusterID(ctx, t, source), clusterID(ctx, t, target)
	require.NoError(t, target.Do(ctx, "CLUSTER", "SETSLOT", slot, "IMPORTING", sourceID).Err())
	require.NoError(t, source.Do(ctx, "CLUSTER", "SETSLOT", slot, "MIGRATING", targetID).Err())
	host, port, err := net.SplitHostPort(to.Addr)
	require.NoError(t, err)
	for _, key := range keys {
		require.NoError(t, source.Migrate(ctx, host, port, key, 0, patience).Err())
	}
	for _, client := range []*redis.Client{target, source} {
		require.NoError(t, client.Do(ctx, "CLUSTER", "SETSLOT", slot, "NODE", targetID).Err())
	}
	return len(keys)
}

func clusterID(ctx context.Context, t *testing.T, client *redis.Client) string {
	t.Helper()
	id, err := client.Do(ctx, "CLUSTER", "MYID").Text()
	require.NoError(t, err)
	return id
}
