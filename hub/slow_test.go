package hub_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"converse/hub"
	"converse/internal/chat"
	"converse/internal/testkit"
)

// narrow serves a hub on connections whose kernel buffers hold little, so that a
// client that does not read is noticed after a few kilobytes.
func narrow(t *testing.T, o hub.Options) *rig {
	t.Helper()
	r := newRig(t, nil, o)
	// Unlike TCP, a unix socket knows no timers that wait for a window to open.
	l, err := net.ListenUnix("unix", &net.UnixAddr{Net: "unix", Name: filepath.Join(testkit.Folder(t), "hub")})
	require.NoError(t, err)
	server := &http.Server{Handler: r.hub}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(narrowListener{l}) })
	t.Cleanup(func() {
		_ = server.Close()
		serving.Wait()
	})
	r.dial = func() (net.Conn, error) {
		return net.Dial("unix", l.Addr().String())
	}
	return r
}

type narrowListener struct{ *net.UnixListener }

func (l narrowListener) Accept() (net.Conn, error) {
	c, err := l.AcceptUnix()
	if err != nil {
		return nil, err
	}
	return c, c.SetWriteBuffer(4 << 10)
}

// long is an event of about two kilobytes.
func long() chat.Event {
	return chat.Event{Conversation: &chat.Conversation{ID: talk, LeadName: strings.Repeat("name", 512)}}
}

// closes reads how many sessions were closed with a code.
func closes(t *testing.T, r *prometheus.Registry, name string) int {
	t.Helper()
	families, err := r.Gather()
	require.NoError(t, err)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if f.GetName() == "converse_session_closes_total" && l.GetValue() == name {
					return int(m.GetCounter().GetValue())
				}
			}
		}
	}
	return 0
}

func TestClientsThatNeverReadHurtNobodyElse(t *testing.T) {
	t.Parallel()
	const others, slow, events = 1000, 20, 60
	metrics := prometheus.NewRegistry()
	r := narrow(t, hub.Options{
		Metrics: metrics, Limits: hub.Limits{Queue: 48 << 10, Sessions: others + slow, Unopened: others + slow},
		Times: hub.Times{Write: time.Minute, Hello: time.Minute, Ping: time.Minute},
	})
	sleepers := make([]*socket, slow)
	for i := range sleepers {
		sleepers[i] = r.open(t, speakProto)
		require.NoError(t, sleepers[i].say(hello("slow")))
	}
	var opening sync.WaitGroup
	clients := make([]*client, others)
	for i := range clients {
		clients[i] = listen(r.open(t, []string{speakProto, speakJSON}[i%2]), nil).start()
		opening.Go(func() {
			if err := clients[i].say(hello("ann")); err != nil {
				t.Error(err)
			}
		})
		t.Cleanup(clients[i].leave)
	}
	opening.Wait()
	for _, c := range clients {
		c.welcome(t)
	}
	require.Eventually(t, func() bool { return hub.Members(r.hub, chat.Topic(orgStream)) == others+slow }, patience, time.Millisecond)
	for n := range events {
		r.publish(t, orgStream, long())
		if n%6 == 5 {
			for _, c := range clients {
				require.Len(t, c.got(t, orgStream, n+1), n+1)
			}
		}
	}
	require.Equal(t, slow, closes(t, metrics, "Slow"))
	for _, s := range sleepers { // whoever wakes up reads why
		c := listen(s, nil).start()
		require.Equal(t, 4008, c.closed(t))
	}
}

func TestSlowClientIsToldWhyAndKeepsNoMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const limit = 10 << 10
		r := bubble(t, nil, hub.Options{Limits: hub.Limits{Queue: limit}})
		c := r.join(t, "ann", nil)
		synctest.Wait()
		at := c.at()
		s := r.open(t, speakProto)
		require.NoError(t, s.say(hello("ann")))
		_, _, err := s.read() // the welcome, and then no more
		require.NoError(t, err)
		size := len(encode(t, long()))
		published := 0
		for most := 0; most < 2*limit; most += size {
			r.publish(t, orgStream, long())
			published++
			synctest.Wait()
			require.LessOrEqual(t, hub.Waiting(r.hub), limit+2*size)
		}
		require.Zero(t, hub.Waiting(r.hub))
		for {
			opcode, payload, err := s.read()
			require.NoError(t, err)
			if opcode == opClose {
				require.Equal(t, uint16(4008), binary.BigEndian.Uint16(payload))
				require.NoError(t, s.raw(frame(true, opClose, payload)))
				break
			}
		}
		require.Len(t, c.got(t, orgStream, published), published)
		require.Len(t, r.join(t, "ann", at).got(t, orgStream, published), published, "whoever comes back resumes")
	})
}

// A client that stops reading for good is dropped without the word it would not read.
func TestClientThatTakesNothingIsDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		s := r.open(t, speakProto)
		require.NoError(t, s.say(hello("ann")))
		time.Sleep(11 * time.Second) // the welcome could not be written
		synctest.Wait()
		require.Zero(t, r.hub.Sessions())
	})
}

// trickle lets a byte through at a time.
type trickle struct{ net.Conn }

func (c trickle) Read(p []byte) (int, error) { return c.Conn.Read(p[:1]) }

func TestClientThatReadsByteByByteGetsWholeFrames(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{speakProto, speakJSON} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			r := narrow(t, hub.Options{})
			s := r.open(t, protocol)
			require.NoError(t, s.say(hello("ann")))
			opcode, payload, err := s.read()
			require.NoError(t, err)
			_, err = s.decode(opcode, payload)
			require.NoError(t, err)
			s.in.Reset(trickle{s.Conn})

			const events, pings = 80, 20
			for n := range events {
				r.publish(t, orgStream, long(), event(n+1))
				if n%4 == 0 {
					require.NoError(t, s.raw(frame(true, opPing, bytes.Repeat([]byte{'p'}, 100))))
				}
			}
			number, pongs := 0, 0
			for number < events || pongs < pings {
				opcode, payload, err := s.read()
				require.NoError(t, err)
				if opcode == opPong {
					require.Equal(t, strings.Repeat("p", 100), string(payload))
					pongs++
					continue
				}
				f, err := s.decode(opcode, payload)
				require.NoError(t, err)
				for _, b := range f.Batches {
					for _, n := range numbers(b.Events) {
						number++
						require.Equal(t, number, n)
					}
				}
			}
		})
	}
}

// A connection that is reset while much is being written ends its session alone.
func TestClientThatVanishesWithinAFrame(t *testing.T) {
	t.Parallel()
	r := narrow(t, hub.Options{})
	c := r.join(t, "bob", nil)
	for range 20 {
		s := r.open(t, speakProto)
		require.NoError(t, s.say(hello("ann")))
		_, _, err := s.read()
		require.NoError(t, err)
		for range 10 {
			r.publish(t, orgStream, long())
		}
		_, err = io.ReadFull(s.in, make([]byte, 3000))
		require.NoError(t, err)
		require.NoError(t, s.Close()) // with much unread: a reset
	}
	require.Len(t, c.got(t, orgStream, 200), 200)
	require.Eventually(t, func() bool { return r.hub.Sessions() == 1 }, patience, time.Millisecond)
}
