package hub

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// ServeHTTP opens a socket. The handler returns at once: the session reads in a
// goroutine of its own with a small stack, and the request is forgotten.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Upgrades are not covered by the cross-origin check of other requests, and a
	// missing Origin must not pass either: only browsers and clients that say where
	// they come from may connect. Whose the session is, hello tells; until then an origin
	// that any org allows will do.
	from := r.Header.Get("Origin")
	own := slices.Contains(h.options.Origins, from)
	if !own && (from == "" || h.options.Embeds == nil || !h.options.Embeds.Known(from)) {
		http.Error(w, "this origin may not connect", http.StatusForbidden)
		return
	}
	if !speaksOurs(r) {
		http.Error(w, "no subprotocol in common", http.StatusBadRequest)
		return
	}
	if !h.admit() {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "not accepting connections now", http.StatusServiceUnavailable)
		return
	}
	s := newSession(h)
	if !own {
		s.embedded = from
	}
	hijacked := &hijacker{ResponseWriter: w, allowed: 2*h.options.Limits.Frame + fragments, flooded: s.flooded}
	socket, err := websocket.Accept(hijacked, r, &websocket.AcceptOptions{
		Subprotocols:       []string{protocolProto, protocolJSON},
		InsecureSkipVerify: true, // checked above, more strictly
		CompressionMode:    websocket.CompressionDisabled,
		OnPingReceived:     s.onPing,
		OnPongReceived:     s.onPong,
	})
	if err != nil {
		h.unopened.Add(-1)
		h.running.Done()
		return
	}
	socket.SetReadLimit(-1) // the reader keeps to it
	s.attach(hijacked.conn, socket)
	h.register(s)
	go s.run()
}

// fragments is how many bytes of frame headers a client may need for one message
// that it sends in pieces, on top of what the message may have.
const fragments = 4 << 10

// speaksOurs reports whether the client offers one of our subprotocols. To one that
// offers none, any choice would be a guess.
func speaksOurs(r *http.Request) bool {
	for _, offered := range r.Header.Values("Sec-WebSocket-Protocol") {
		for name := range strings.SplitSeq(offered, ",") {
			name = strings.TrimSpace(name)
			if strings.EqualFold(name, protocolProto) || strings.EqualFold(name, protocolJSON) {
				return true
			}
		}
	}
	return false
}

// admit counts a connection that has not said hello, if there is room for it. The
// session's goroutine gives both counts back.
func (h *Hub) admit() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.unopened.Load() >= int64(h.options.Limits.Unopened) {
		return false
	}
	h.unopened.Add(1)
	h.running.Add(1)
	return true
}

// register makes the session known. One that came in while the hub began to drain
// or close is ended.
func (h *Hub) register(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sessions[s] = struct{}{}
	h.metrics.sessions.Set(float64(len(h.sessions)))
	switch {
	case h.ctx.Err() != nil:
		s.abort()
	case h.closed:
		s.close(CodeGoingAway)
	}
}

func (h *Hub) unregister(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.sessions, s)
	h.metrics.sessions.Set(float64(len(h.sessions)))
}

// clock keeps a time that is written and read by different goroutines, in
// milliseconds, which is all that pings and presence need.
type clock struct{ ms atomic.Int64 }

func (c *clock) set(t time.Time)                   { c.ms.Store(t.UnixMilli()) }
func (c *clock) since(now time.Time) time.Duration { return now.Sub(time.UnixMilli(c.ms.Load())) }
