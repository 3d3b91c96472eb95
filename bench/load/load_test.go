package load_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lxzan/gws"
	"github.com/stretchr/testify/require"

	"converse/bench/load"
	"converse/bench/payload"
	"converse/bench/side"
)

// echo is a server that writes a publication to every socket, times over.
type echo struct {
	gws.BuiltinEventHandler
	upgrader *gws.Upgrader
	times    int

	mu      sync.Mutex // guards what follows
	sockets []*gws.Conn
}

func newEcho(t *testing.T, times int) (*echo, string) {
	e := &echo{times: times}
	e.upgrader = gws.NewUpgrader(e, nil)
	mux := http.NewServeMux()
	mux.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		socket, err := e.upgrader.Upgrade(w, r)
		if err != nil {
			return
		}
		e.mu.Lock()
		e.sockets = append(e.sockets, socket)
		e.mu.Unlock()
		_ = socket.WriteString("open")
		go socket.ReadLoop()
	})
	mux.HandleFunc("POST /publish", func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(body)
		e.mu.Lock()
		defer e.mu.Unlock()
		for range e.times {
			for _, s := range e.sockets {
				_ = s.WriteMessage(gws.OpcodeText, body)
			}
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return e, strings.TrimPrefix(server.URL, "http://")
}

func open(t *testing.T, addr string, sessions int, lenient bool) *load.Fleet {
	f, err := load.NewFleet(lenient)
	require.NoError(t, err)
	t.Cleanup(f.Close)
	_, err = f.Open(t.Context(), side.Floor, sessions, 4, func(int) load.Session {
		return load.Session{Addr: addr, Topic: 0, Identity: side.Identity{Topics: []string{"t"}}}
	})
	require.NoError(t, err)
	return f
}

func lanes(t *testing.T, addr string, topic uint16) *load.Lanes {
	l, err := load.NewLanes(addr, 0, 1, 1, func(c *load.Caller, m payload.Mark) error {
		m.Topic = topic
		_, err := c.Post("/publish", "", m.Append(nil))
		return err
	})
	require.NoError(t, err)
	t.Cleanup(l.Close)
	return l
}

func TestEveryDeliveryIsCountedOnce(t *testing.T) {
	t.Parallel()
	_, addr := newEcho(t, 1)
	f := open(t, addr, 10, false)
	n, err := lanes(t, addr, 0).AtRate(t.Context(), 200, 500*time.Millisecond)
	require.NoError(t, err)
	require.Equal(t, 100, n)
	require.NoError(t, f.Wait(t.Context(), 1000))
	time.Sleep(50 * time.Millisecond)
	require.EqualValues(t, 1000, f.Delivered())
	require.EqualValues(t, 1000, f.Latency().TotalCount())
	require.NoError(t, f.Err())
}

func TestSaturationPublishesWhatItCounts(t *testing.T) {
	t.Parallel()
	_, addr := newEcho(t, 1)
	f := open(t, addr, 4, false)
	n, err := lanes(t, addr, 0).Saturate(t.Context(), f, 4, 8, 200*time.Millisecond)
	require.NoError(t, err)
	require.NoError(t, f.Wait(t.Context(), int64(4*n)))
	require.EqualValues(t, 4*n, f.Delivered())
}

func TestARepeatIsAnErrorUnlessItIsAllowed(t *testing.T) {
	t.Parallel()
	_, addr := newEcho(t, 2)
	strict, lenient := open(t, addr, 1, false), open(t, addr, 1, true)
	_, err := lanes(t, addr, 0).AtRate(t.Context(), 100, 50*time.Millisecond)
	require.NoError(t, err)
	require.NoError(t, lenient.Wait(t.Context(), 5))
	require.Eventually(t, func() bool { return lenient.Repeats() == 5 && strict.Err() != nil }, time.Second, time.Millisecond)
	require.EqualValues(t, 5, lenient.Delivered())
}

func TestALossIsAnError(t *testing.T) {
	t.Parallel()
	e, addr := newEcho(t, 0)
	f := open(t, addr, 1, false)
	l := lanes(t, addr, 0)
	_, err := l.AtRate(t.Context(), 100, 10*time.Millisecond)
	require.NoError(t, err)
	e.mu.Lock()
	e.times = 1
	e.mu.Unlock()
	_, err = l.AtRate(t.Context(), 100, 10*time.Millisecond)
	require.NoError(t, err)
	require.ErrorContains(t, f.Wait(t.Context(), 2), "event 2 of lane 0 where 1 was next")
}

func TestAnEventOfAnotherTopicIsAnError(t *testing.T) {
	t.Parallel()
	_, addr := newEcho(t, 1)
	f := open(t, addr, 1, false)
	_, err := lanes(t, addr, 7).AtRate(t.Context(), 100, 10*time.Millisecond)
	require.NoError(t, err)
	require.ErrorContains(t, f.Wait(t.Context(), 1), "an event of topic 7")
}

func TestADroppedSessionIsAnError(t *testing.T) {
	t.Parallel()
	e, addr := newEcho(t, 1)
	f := open(t, addr, 1, false)
	e.mu.Lock()
	_ = e.sockets[0].NetConn().Close()
	e.mu.Unlock()
	require.Error(t, f.Wait(context.Background(), 1))
}
