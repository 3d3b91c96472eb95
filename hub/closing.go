package hub

import (
	"time"

	"github.com/coder/websocket"

	conversev1 "converse/internal/gen/converse/v1"
)

// close ends the session with a code, after the frame that is being written. What
// waits is dropped: a client that comes back resumes. Only the first code counts.
func (s *session) close(code Code) {
	s.mu.Lock()
	if s.closing != nil {
		s.mu.Unlock()
		return
	}
	s.closing = &code
	s.queue, s.bytes = nil, 0
	busy := s.busy
	s.busy = true
	s.mu.Unlock()
	s.count(code)
	if !busy {
		go s.end(code)
		return
	}
	// A write that blocks gets a short while more, so that the code can follow it.
	s.conn.hurry(s.hub.options.Times.Write / 2)
}

// end says goodbye after the last frame. It blocks until the client has answered,
// for 5 seconds at most.
func (s *session) end(code Code) {
	defer s.writing.Done()
	if code != nowhere {
		_ = s.socket.Close(websocket.StatusCode(code.Number), code.Reason) //nolint:errcheck // nothing more can be done
	}
}

// fail ends the writing on a connection that is broken.
func (s *session) fail() {
	defer s.writing.Done()
	s.mu.Lock()
	if s.closing == nil {
		s.closing = &nowhere
	}
	s.queue, s.bytes = nil, 0
	s.mu.Unlock()
	s.abort() // the reader finds out
}

// closeAfter tells the client to come back after a time of its own, and closes once
// what waits has been written.
func (s *session) closeAfter(code Code, after time.Duration) {
	seg, err := wholeSegment(&conversev1.ServerFrame{Closing: &conversev1.Closing{
		Code: int32(code.Number), ReconnectAfterMs: int32(after / time.Millisecond),
	}}, s.encoding)
	s.mu.Lock()
	s.last = &code
	welcomed := s.greeted
	s.mu.Unlock()
	if err != nil || !welcomed {
		s.close(code) // a session that was not welcomed reads no other frame
		return
	}
	s.send(seg)
}
