package bus_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/bus"
	"converse/internal/testkit"
)

// taken asks for calls one by one, by all nodes at once, and counts those that may be made.
func taken(t *testing.T, nodes []node, r bus.Rate, asks int) int {
	t.Helper()
	var got atomic.Int64
	var all sync.WaitGroup
	for i := range asks {
		all.Go(func() {
			switch wait := nodes[i%len(nodes)].Take(t.Context(), r, 1); {
			case wait == 0:
				got.Add(1)
			case wait < 0 || wait > r.Per:
				t.Errorf("wait %s for a rate per %s", wait, r.Per)
			}
		})
	}
	all.Wait()
	return int(got.Load())
}

func aRateIsSharedAndComesBack(t *testing.T, open open) {
	nodes := open(t, bus.Limits{})
	r := bus.Rate{Key: "one", Calls: 20, Per: time.Minute}
	require.Equal(t, 20, taken(t, nodes, r, 100))
	require.Equal(t, 20, taken(t, nodes, bus.Rate{Key: "other", Calls: 20, Per: time.Minute}, 100), "keys are apart")
	require.Zero(t, nodes[0].Take(t.Context(), bus.Rate{Key: "none"}, 1), "no limit")

	short := bus.Rate{Key: "short", Calls: 2, Per: 2 * time.Second}
	require.Equal(t, 2, taken(t, nodes, short, 2))
	wait := nodes[0].Take(t.Context(), short, 1)
	require.Positive(t, wait)
	<-time.After(wait + 5*time.Millisecond)
	require.Zero(t, nodes[0].Take(t.Context(), short, 1), "it is worth asking after the time that was said")
}

func bulkLeavesAShareToLive(t *testing.T, open open) {
	nodes := open(t, bus.Limits{})
	alone := bus.Rate{Key: "alone", Calls: 20, Per: time.Minute, Bulk: true}
	require.Equal(t, 20, taken(t, nodes, alone, 100), "nobody else wants it")
	live := bus.Rate{Key: "both", Calls: 20, Per: time.Minute}
	bulk := live
	bulk.Bulk = true
	require.Equal(t, 1, taken(t, nodes, live, 1))
	require.Equal(t, 15, taken(t, nodes, bulk, 100), "four fifths, with what live has had")
	require.Equal(t, 4, taken(t, nodes, live, 100))
}

// TestARateGoesOnWithoutRedis: each node makes a part of it, and nobody waits.
func TestARateGoesOnWithoutRedis(t *testing.T) {
	t.Parallel()
	server := testkit.Redis(t)
	client := dial(t, server)
	n := start(t, bus.NewRedis(client, bus.RedisOptions{Prefix: freshPrefix(), RateTimeout: patience}))
	r := bus.Rate{Key: "one", Calls: 10, Per: time.Minute}
	require.Equal(t, 3, taken(t, []node{n}, r, 3))
	server.Kill()
	begun := time.Now()
	require.Equal(t, 5, taken(t, []node{n}, r, 100))
	require.Less(t, time.Since(begun), 5*time.Second)
}
