package hub

import (
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"converse/internal/chat"
)

// session is one live connection of a user. Its own goroutine reads; writing is
// done by whoever has something to say, through send.
type session struct {
	hub      *Hub
	id       string
	conn     *conn
	socket   *websocket.Conn
	encoding encoding
	frames   *rate.Limiter
	// embedded is the origin of a page that is not ours; empty for our own.
	embedded string
	// who, topics and view are set once, by hello, before the session joins any topic.
	who    chat.Principal
	topics []*topic
	// view is what is kept from the user; nil for nothing.
	view *view

	begun  time.Time
	heard  clock // when the client last sent anything at all
	active clock // when the user last did anything
	pinged clock
	gone   chan struct{} // closed when the session has left

	mu      sync.Mutex // guards what follows
	greeted bool       // the ticket was good: who is set
	held    bool       // nothing may be written yet: the welcome comes first
	queue   []*segment // waits for the one being written, or for the welcome
	bytes   int        // size of queue
	extra   int        // how many bytes may wait beyond the limit
	busy    bool       // somebody is writing, or has written the last there will be
	last    *Code      // close with it when nothing waits any more
	closing *Code      // nothing more is to be written but this; nowhere: not even that

	writing sync.WaitGroup // over when whoever was the last to be busy has ended
}

// nowhere is the code of a connection that is gone.
var nowhere = Code{}

func newSession(h *Hub) *session {
	now := time.Now()
	s := &session{
		hub: h, id: uuid.NewString(), begun: now, gone: make(chan struct{}),
		frames: rate.NewLimiter(rate.Limit(h.options.Limits.FramesPerSecond), int(2*h.options.Limits.FramesPerSecond)),
		held:   true,
	}
	s.writing.Add(1)
	s.heard.set(now)
	s.active.set(now)
	s.pinged.set(now)
	return s
}

func (s *session) attach(c *conn, socket *websocket.Conn) {
	s.conn, s.socket = c, socket
	if strings.EqualFold(socket.Subprotocol(), protocolJSON) {
		s.encoding = encodingJSON
	}
}

// run is the session's life: hello, then frames until the connection ends.
func (s *session) run() {
	defer s.hub.running.Done()
	err := s.read()
	s.leave()
	s.finish()
	s.hub.unregister(s)
	close(s.gone)
	s.hub.log.Debug("session ended", "session_id", s.id, "cause", err)
}

// finish ends the connection. When the session is being closed with a code, that is
// let happen first, so that the client can read why.
func (s *session) finish() {
	s.mu.Lock()
	busy, closing := s.busy, s.closing
	s.busy = true
	if closing == nil {
		s.closing = &nowhere
	}
	s.mu.Unlock()
	if closing == nil {
		s.abort() // wakes a writer
	}
	if busy {
		s.writing.Wait()
	}
	_ = s.socket.CloseNow() // the connection is done with either way
}

// leave takes the session out of topics and presence.
func (s *session) leave() {
	for _, t := range s.topics {
		t.remove(s)
	}
	s.mu.Lock()
	greeted := s.greeted
	s.mu.Unlock()
	if greeted {
		s.hub.removeFromUser(s)
	} else {
		s.hub.unopened.Add(-1)
	}
}

// allow notes that a frame came, and counts it against the limit. None counts any more
// when the session is being closed.
func (s *session) allow() bool {
	if s.ending() {
		return false
	}
	s.heard.set(time.Now())
	s.conn.uncounted.Store(0)
	return s.frames.Allow()
}

// obey acts on one frame. It returns the code to close the session with, or nil.
func (s *session) obey(data []byte) *Code {
	f, err := decodeFrame(data, s.encoding)
	if err != nil {
		return &CodeBadFrame
	}
	hello := f.GetHello()
	if (hello != nil) == (s.who.User != "") {
		return &CodeBadFrame // hello comes first, and once
	}
	switch {
	case hello != nil:
		return s.open(hello)
	case f.GetTyping() != nil:
		return s.typing(f.GetTyping())
	case f.GetActivity() != nil:
		s.active.set(time.Now())
	}
	return nil
}

func (s *session) tooMany() { s.close(CodeTooManyFrames) }

func (s *session) count(code Code) {
	s.hub.metrics.closes.WithLabelValues(code.Name).Inc()
}

// abort drops the connection without a word. It does not block, whereas the library
// waits for a closing handshake that is under way.
func (s *session) abort() { _ = s.conn.Close() } // the connection is done with either way

// allowed reports whether the org of the session's user lets the page be where it is.
// It is asked once that is known.
func (s *session) allowed() bool {
	return s.embedded == "" || s.hub.options.Embeds.Allows(s.who.Org, s.embedded)
}
