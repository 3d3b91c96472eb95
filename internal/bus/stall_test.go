package bus_test

import (
	"bytes"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"converse/internal/bus"
	"converse/internal/testkit"
)

// stallMark is where a staller stops passing things on.
const stallMark = "STALL"

// staller stands between clients and a Redis. Each connection passes bytes on until
// Redis has sent the mark, and then nothing more; connections made after the first
// stall are left alone.
type staller struct {
	server  *testkit.RedisServer
	addr    string
	once    sync.Once
	stalled chan struct{}
}

func newStaller(t *testing.T, server *testkit.RedisServer) *staller {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &staller{server: server, addr: l.Addr().String(), stalled: make(chan struct{})}
	var running sync.WaitGroup
	t.Cleanup(func() {
		_ = l.Close()
		running.Wait()
	})
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { s.pass(c) })
		}
	})
	return s
}

func (s *staller) pass(client net.Conn) {
	defer client.Close()
	redis, err := net.Dial(s.server.Network, s.server.Addr)
	if err != nil {
		return
	}
	defer redis.Close()
	var back sync.WaitGroup
	back.Go(func() { s.answer(client, redis) })
	_, _ = io.Copy(redis, client) // ends when the client hangs up
	_ = redis.Close()
	back.Wait()
}

func (s *staller) answer(client, redis net.Conn) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := redis.Read(buffer)
		if err != nil {
			return
		}
		before, _, found := bytes.Cut(buffer[:n], []byte(stallMark))
		stall := false
		if found {
			s.once.Do(func() { stall = true })
		}
		if !stall {
			before = buffer[:n]
		}
		if _, err := client.Write(before); err != nil {
			return
		}
		if stall {
			close(s.stalled)
			_, _ = io.Copy(io.Discard, redis) // swallowed until the client gives up
			return
		}
	}
}

// A connection that stalls within an event and goes on later must not have the rest
// of the event taken for Redis's own words: what a lead writes would be obeyed.
func TestConnectionThatStallsWithinAnEventIsGivenUp(t *testing.T) {
	t.Parallel()
	server := testkit.Redis(t)
	between := newStaller(t, server)
	client := redis.NewClient(&redis.Options{Addr: between.addr, MaxRetries: -1, ContextTimeoutEnabled: true})
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	n := start(t, bus.NewRedis(client, bus.RedisOptions{Prefix: "p", Silence: 30 * time.Millisecond}))
	publisher := start(t, bus.NewRedis(dial(t, server), bus.RedisOptions{Prefix: "p"}))
	subscribe(t, []node{n}, topic)

	publish(t, publisher, topic, "one", "two begins "+stallMark+" and ends", "three")
	<-between.stalled
	n.subscribed(t, topic, 2)
	publish(t, publisher, topic, "four")
	n.wait(t, topic, func(list []heard) bool { return list[len(list)-1].payload == "four" })
	require.Equal(t, []string{"one", "four"}, payloads(entriesIn(n.all(topic))))
	requireNoSilentHole(t, n.all(topic))
}
