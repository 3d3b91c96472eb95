package hub

import (
	"sync"
	"time"
)

// largestWrite bounds how much of what waits is written at once, and with it how
// much is joined into one frame.
const largestWrite = 64 << 10

// buffers are for what is joined, which lives for one write.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

// send hands a prepared segment to the session. It never blocks: what the kernel
// takes is written now, the rest by a goroutine that lives as long as there is
// something to write. A session whose queue grows over its limit is closed.
func (s *session) send(seg *segment) {
	s.mu.Lock()
	if s.closing != nil {
		s.mu.Unlock()
		return
	}
	if s.busy || s.held {
		s.queue = append(s.queue, seg)
		s.bytes += seg.size(s.encoding)
		over := s.bytes > s.hub.options.Limits.Queue+s.extra
		s.mu.Unlock()
		if over {
			s.close(CodeSlow)
		}
		return
	}
	s.busy = true
	s.mu.Unlock()

	done, begun, err := s.conn.try(seg.frame[s.encoding])
	switch {
	case err != nil:
		s.fail()
	case begun:
		go s.write(nil, true)
	case !done:
		go s.write(seg, false)
	case s.rest():
		go s.write(nil, false)
	}
}

// rest ends the writing when nothing is waiting, and reports whether something is.
func (s *session) rest() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.idle()
}

// idle gives up the writing if nothing waits; mu must be held. A session that was
// to be closed after its last frame is closing from then on.
func (s *session) idle() bool {
	if len(s.queue) > 0 {
		return false
	}
	if s.closing == nil && s.last != nil {
		s.closing = s.last
		s.count(*s.last)
	}
	s.busy = s.closing != nil
	s.queue, s.extra = nil, 0 // an idle session keeps no memory for writing
	return !s.busy
}

// write writes what was begun, the first segment if any, and then all that waits.
func (s *session) write(first *segment, begun bool) {
	patience := s.hub.options.Times.Write
	if begun {
		if err := s.conn.finish(patience); err != nil {
			s.fail()
			return
		}
	}
	for {
		list, closing := s.take(first)
		switch {
		case closing != nil:
			s.end(*closing)
			return
		case list == nil:
			return
		case s.writeList(list, patience) != nil:
			s.fail()
			return
		}
		first = nil
	}
}

// writeList writes segments at once.
func (s *session) writeList(list []*segment, patience time.Duration) error {
	if len(list) == 1 {
		return s.conn.writeFrame(list[0].frame[s.encoding], patience)
	}
	buffer := buffers.Get().(*[]byte) //nolint:errcheck,forcetypeassert // the pool holds nothing else
	frames := appendFrames((*buffer)[:0], s.encoding, list)
	err := s.conn.writeFrame(frames, patience)
	if cap(frames) <= largestWrite {
		*buffer = frames
		buffers.Put(buffer)
	}
	return err
}

// take returns the segments of the next write, or the code to close with, or
// neither when nothing waits and the writing is given up.
func (s *session) take(first *segment) (list []*segment, closing *Code) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closing == nil && first != nil:
		return []*segment{first}, nil
	case s.closing == nil && len(s.queue) > 0:
		return s.next(), nil
	}
	s.idle()
	return nil, s.closing
}

// next takes as much off the queue as fits one write; mu must be held.
func (s *session) next() []*segment {
	n, size := 0, 0
	for n < len(s.queue) && (n == 0 || size+s.queue[n].size(s.encoding) <= largestWrite) {
		size += s.queue[n].size(s.encoding)
		n++
	}
	list := s.queue[:n:n]
	s.queue = s.queue[n:]
	s.bytes -= size
	return list
}
