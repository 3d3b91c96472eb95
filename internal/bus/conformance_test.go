package bus_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"converse/internal/bus"
	"converse/internal/chat"
	"converse/internal/testkit"
)

// conformance is what every form of the bus promises.
var conformance = map[string]func(*testing.T, open){
	"offsets are contiguous and one order for all":        offsetsAreContiguousAndOneOrderForAll,
	"history is whole or says that it is not":             historyIsWholeOrSaysThatItIsNot,
	"history of a trimmed stream is incomplete":           historyOfATrimmedStreamIsIncomplete,
	"positions say where streams are":                     positionsSayWhereStreamsAre,
	"signals are delivered and not kept":                  signalsAreDeliveredAndNotKept,
	"unsubscribed topic is silent until subscribed again": unsubscribedTopicIsSilentUntilSubscribedAgain,
	"subscribing twice delivers once":                     subscribingTwiceDeliversOnce,
	"payloads and topics may be anything":                 payloadsAndTopicsMayBeAnything,
	"nothing is delivered after close":                    nothingIsDeliveredAfterClose,
	"presence is the best of all nodes":                   presenceIsTheBestOfAllNodes,
	"presence marks of a dead node expire":                presenceMarksOfADeadNodeExpire,
	"a rate is shared by all nodes and comes back":        aRateIsSharedAndComesBack,
	"bulk leaves a share of the rate to live":             bulkLeavesAShareToLive,
}

// conform runs the suite against one form.
func conform(t *testing.T, open open) {
	t.Helper()
	for name, test := range conformance {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open)
		})
	}
}

func TestMemoryConforms(t *testing.T) {
	t.Parallel()
	conform(t, openMemory)
}

func TestRedisConforms(t *testing.T) {
	t.Parallel()
	server := testkit.Redis(t)
	conform(t, func(t *testing.T, limits bus.Limits) []node {
		return openRedis(t, limits, func(t *testing.T) redis.UniversalClient { return dial(t, server) })
	})
}

func TestRedisClusterConforms(t *testing.T) {
	t.Parallel()
	servers := testkit.RedisCluster(t, 1)
	conform(t, func(t *testing.T, limits bus.Limits) []node {
		return openRedis(t, limits, func(t *testing.T) redis.UniversalClient { return dialCluster(t, servers) })
	})
}

func offsetsAreContiguousAndOneOrderForAll(t *testing.T, open open) {
	const writers, calls, each = 6, 20, 5
	nodes := open(t, bus.Limits{})
	other := chat.Topic("o:other")
	subscribe(t, nodes, topic, other)
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for c := range calls {
				var messages []bus.Message
				for i := range each {
					messages = append(messages,
						bus.Message{Topic: topic, Payload: fmt.Appendf(nil, "%d/%d", w, c*each+i)},
						bus.Message{Topic: other, Payload: []byte("noise")})
				}
				if err := nodes[w%len(nodes)].Publish(t.Context(), messages); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	const all = writers * calls * each
	first := nodes[0].entries(t, topic, all)
	require.Len(t, first, all)
	next := map[string]int{}
	for i, e := range first {
		require.Equal(t, bus.Position{Epoch: first[0].Epoch, Offset: uint64(i) + 1}, e.Position)
		writer, number, _ := strings.Cut(string(e.Payload), "/")
		require.Equal(t, fmt.Sprint(next[writer]), number, "events of one writer keep their order")
		next[writer]++
	}
	for _, n := range nodes[1:] {
		require.Equal(t, first, n.entries(t, topic, all), "every subscriber hears the same order")
	}
	h := history(t, nodes[0], topic, bus.Position{Epoch: first[0].Epoch}, all)
	require.True(t, h.Complete)
	require.Equal(t, first, h.Entries, "history is what was heard")
	for _, n := range nodes {
		requireNoSilentHole(t, n.all(topic))
		requireNoSilentHole(t, n.all(other))
	}
}
