package hub

import (
	"time"

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

// goodbye bounds the writing of a close frame, and the wait for the client's own.
const goodbye = 5 * time.Second

// end says goodbye after the last frame. The reader goes on until the client has
// answered, or for too long.
func (s *session) end(code Code) {
	defer s.writing.Done()
	if code == nowhere {
		return
	}
	if s.conn.writeFrame(closeFrame(code), goodbye) != nil || s.conn.SetReadDeadline(time.Now().Add(goodbye)) != nil {
		s.abort()
	}
}

// afterwards is how many bytes of what a client sends after it was told why its session
// ends are still taken apart, to find its answer. A frame that is too large by far should
// be over before.
const afterwards = 256 << 10

// flooded closes the session of a client that sent more than a frame may have. It reports
// whether the client has gone on for too long since.
func (s *session) flooded(uncounted int64) bool {
	s.tooMany()
	return uncounted > afterwards
}

// ending reports whether nothing more of the client is to be obeyed.
func (s *session) ending() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing != nil
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
