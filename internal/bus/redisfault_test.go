package bus_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"converse/internal/bus"
	"converse/internal/testkit"
)

// setup starts a Redis of the test's own and two instances on it.
func setup(t *testing.T, o bus.RedisOptions) (*testkit.RedisServer, []node) {
	t.Helper()
	server := testkit.Redis(t)
	return server, []node{start(t, bus.NewRedis(dial(t, server), o)), start(t, bus.NewRedis(dial(t, server), o))}
}

func TestRestartedEmptyRedisBeginsANewEpoch(t *testing.T) {
	t.Parallel()
	server, nodes := setup(t, bus.RedisOptions{})
	subscribe(t, nodes, topic)
	publish(t, nodes[0], topic, "one")
	before := nodes[1].entries(t, topic, 1)[0].Position

	server.Kill()
	messages := []bus.Message{{Topic: topic, Payload: []byte("two")}}
	require.Error(t, nodes[0].Publish(t.Context(), messages))
	require.Error(t, nodes[0].Signal(t.Context(), topic, nil))
	_, err := nodes[0].History(t.Context(), topic, before, 1)
	require.Error(t, err)
	_, err = nodes[0].Positions(t.Context(), nil)
	require.NoError(t, err, "nothing was asked")

	server.Start()
	require.NoError(t, nodes[0].Publish(t.Context(), messages), "the script is brought along")
	for _, n := range nodes {
		n.subscribed(t, topic, 2)
	}
	publish(t, nodes[0], topic, "three")
	for _, n := range nodes {
		n.wait(t, topic, func(list []heard) bool { return list[len(list)-1].payload == "three" })
		requireNoSilentHole(t, n.all(topic))
	}
	h := history(t, nodes[1], topic, before, 10)
	require.False(t, h.Complete)
	require.NotEqual(t, before.Epoch, h.Now.Epoch)
	require.Equal(t, uint64(2), h.Now.Offset)
}

// A Redis that comes back from an older snapshot, or a replica that lags when it
// takes over, must not give the same offsets to other events.
func TestRedisThatWentBackInTimeBeginsANewEpoch(t *testing.T) {
	t.Parallel()
	server, nodes := setup(t, bus.RedisOptions{})
	b := nodes[0]
	publish(t, b, topic, "one", "two", "three")
	require.NoError(t, dial(t, server).Save(t.Context()).Err())
	publish(t, b, topic, "four", "five")
	seen := history(t, b, topic, bus.Position{}, 1).Now
	require.Equal(t, uint64(5), seen.Offset)

	server.Restart()
	restored := history(t, b, topic, bus.Position{}, 1).Now
	require.Equal(t, bus.Position{Epoch: seen.Epoch, Offset: 3}, restored)
	require.False(t, history(t, b, topic, seen, 10).Complete)
	publish(t, b, topic, "other four", "other five", "other six")
	h := history(t, b, topic, seen, 10)
	require.False(t, h.Complete, "what was seen as five is not what the stream holds now")
	require.NotEqual(t, seen.Epoch, h.Now.Epoch)
	require.Equal(t, uint64(3), h.Now.Offset)
}

// Eviction and expiry take single keys.
func TestStreamThatLostItsPositionBeginsAnew(t *testing.T) {
	t.Parallel()
	server, nodes := setup(t, bus.RedisOptions{Prefix: "p"})
	b := nodes[0]
	publish(t, b, topic, "one", "two", "three")
	client := dial(t, server)
	lose := func(kind string) {
		keys, err := client.Keys(t.Context(), "p:*:"+kind+":*").Result()
		require.NoError(t, err)
		require.NoError(t, client.Del(t.Context(), keys...).Err())
	}
	lose("meta")
	begun := history(t, b, topic, bus.Position{}, 1).Now
	require.Zero(t, begun.Offset)
	publish(t, b, topic, "four")
	h := history(t, b, topic, begun, 10)
	require.True(t, h.Complete)
	require.Equal(t, []string{"four"}, payloads(h.Entries))

	lose("stream")
	require.False(t, history(t, b, topic, begun, 10).Complete)
	publish(t, b, topic, "five")
	require.False(t, history(t, b, topic, begun, 10).Complete)
	h = history(t, b, topic, bus.Position{Epoch: begun.Epoch, Offset: 1}, 10)
	require.True(t, h.Complete)
	require.Equal(t, []string{"five"}, payloads(h.Entries))
}

func TestKilledSubscribersAreToldAndMissNothingInSilence(t *testing.T) {
	t.Parallel()
	server, nodes := setup(t, bus.RedisOptions{})
	client := dial(t, server)
	subscribe(t, nodes, topic)
	kill := func() {
		killed, err := client.ClientKillByFilter(t.Context(), "TYPE", "pubsub").Result()
		require.NoError(t, err)
		require.NotZero(t, killed)
	}
	var publishing sync.WaitGroup
	stop := make(chan struct{})
	publishing.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				if err := nodes[0].Publish(t.Context(), []bus.Message{{Topic: topic, Payload: fmt.Append(nil, i)}}); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for times := 2; times <= 4; times++ {
		kill()
		for _, n := range nodes {
			n.subscribed(t, topic, times)
		}
	}
	close(stop)
	publishing.Wait()
	end := history(t, nodes[0], topic, bus.Position{}, 1).Now
	publish(t, nodes[0], topic, "end")
	for _, n := range nodes {
		n.wait(t, topic, func(list []heard) bool { return list[len(list)-1].entry.Offset == end.Offset+1 })
		requireNoSilentHole(t, n.all(topic))
	}
}

func TestFrozenRedisIsNoticedAndForgiven(t *testing.T) {
	t.Parallel()
	server, nodes := setup(t, bus.RedisOptions{Silence: 20 * time.Millisecond})
	subscribe(t, nodes, topic)
	publish(t, nodes[0], topic, "one")
	server.Freeze()
	// The connections hold while nobody answers: only a ping can tell.
	dead := func(n node) bool { return bus.Connections(n.instance.(*bus.Redis)) > 1 }
	for _, n := range nodes {
		require.Eventually(t, func() bool { return dead(n) }, patience, time.Millisecond)
	}
	server.Thaw()
	for _, n := range nodes {
		n.subscribed(t, topic, 2)
	}
	publish(t, nodes[0], topic, "two")
	for _, n := range nodes {
		n.wait(t, topic, func(list []heard) bool { return list[len(list)-1].payload == "two" })
		requireNoSilentHole(t, n.all(topic))
	}
}

// Silence on a healthy connection is answered by pings and breaks nothing.
func TestQuietConnectionStays(t *testing.T) {
	t.Parallel()
	server, nodes := setup(t, bus.RedisOptions{Silence: 500 * time.Millisecond})
	subscribe(t, nodes, topic)
	client := dial(t, server)
	pings := func() bool {
		stats, err := client.Info(t.Context(), "commandstats").Result()
		require.NoError(t, err)
		var calls int
		for _, line := range lines(stats) {
			_, _ = fmt.Sscanf(line, "cmdstat_ping:calls=%d,", &calls) // other lines do not match
		}
		return calls >= 4
	}
	require.Eventually(t, pings, patience, 5*time.Millisecond)
	for _, n := range nodes {
		require.Equal(t, 1, bus.Connections(n.instance.(*bus.Redis)))
		require.Len(t, n.all(topic), 1)
	}
}

func TestSubscribingDoesNotWaitForRedis(t *testing.T) {
	t.Parallel()
	server := testkit.Redis(t)
	client := redis.NewClient(&redis.Options{
		Network: server.Network, Addr: server.Addr, MaxRetries: -1, DialTimeout: time.Hour, ReadTimeout: time.Hour, WriteTimeout: time.Hour,
	})
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	server.Freeze()
	n := start(t, bus.NewRedis(client, bus.RedisOptions{}))
	inTime(t, func() {
		for i := range 100 {
			name := topic + "/" + topicNumber(i)
			require.NoError(t, n.Subscribe(t.Context(), name))
			require.NoError(t, n.Subscribe(t.Context(), topic))
			require.NoError(t, n.Unsubscribe(t.Context(), name))
		}
	})
	server.Thaw()
	n.subscribed(t, topic, 1)
}

func TestClosingDoesNotWaitForSomethingToArrive(t *testing.T) {
	t.Parallel()
	_, nodes := setup(t, bus.RedisOptions{Silence: time.Hour})
	subscribe(t, nodes[:1], topic)
	inTime(t, func() { // one is connected, the other has nothing to connect for
		require.NoError(t, nodes[0].Close())
		require.NoError(t, nodes[1].Close())
	})
}

func TestSlowReceiverMissesNothing(t *testing.T) {
	t.Parallel()
	_, nodes := setup(t, bus.RedisOptions{})
	slow := nodes[0]
	free := make(chan struct{})
	slow.hold = func(bus.Entry) { <-free }
	subscribe(t, nodes, topic)
	const all = 5000
	for range all / 500 {
		batch := make([]string, 500)
		for i := range batch {
			batch[i] = "a payload of some length, as events have"
		}
		publish(t, nodes[1], topic, batch...)
	}
	nodes[1].entries(t, topic, all)
	close(free)
	slow.entries(t, topic, all)
	list := slow.all(topic)
	require.Equal(t, 1, count(list, "subscribed"), "the connection held")
	requireNoSilentHole(t, list)
}
