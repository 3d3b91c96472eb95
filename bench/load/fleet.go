package load

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/sys/unix"

	"converse/bench/payload"
	"converse/bench/side"
	"converse/bench/socket"
)

// Fleet is the sessions of one server, or of several that are one.
type Fleet struct {
	epoll     int
	delivered atomic.Int64
	repeats   atomic.Int64
	lenient   bool
	done      sync.WaitGroup

	mu      sync.Mutex // guards what follows; held by the poller while it works
	moved   *sync.Cond // delivered grew, or err was set
	err     error
	closed  bool
	members map[int32]*session
	latency *hdrhistogram.Histogram
}

// session is one open socket.
type session struct {
	fd       int32
	topic    uint16
	textPing bool
	parser   socket.Parser
	next     []uint32 // by lane
}

// NewFleet starts an empty fleet. A lenient one takes an event it has seen before
// for a repeat, which it counts; for others it is an error.
func NewFleet(lenient bool) (*Fleet, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("make a poller: %w", err)
	}
	f := &Fleet{epoll: epoll, lenient: lenient, members: map[int32]*session{}, latency: newHistogram()}
	f.moved = sync.NewCond(&f.mu)
	f.done.Go(f.poll)
	return f, nil
}

// Add takes over an open connection that follows a topic.
func (f *Fleet) Add(c *socket.Conn, topic uint16, d side.Dialect) error {
	fd, waiting, parser, err := c.Detach()
	if err != nil {
		return err
	}
	s := &session{fd: int32(fd), topic: topic, textPing: d.TextPing, parser: parser}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.members[s.fd] = s
	now := time.Now()
	for _, frame := range waiting {
		if err := f.frame(s, frame, now); err != nil {
			return err
		}
	}
	f.moved.Broadcast()
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: s.fd}
	return unix.EpollCtl(f.epoll, unix.EPOLL_CTL_ADD, fd, &event)
}

// poll reads everything that arrives. One goroutine does it all: it reads less
// often the more there is to read.
func (f *Fleet) poll() {
	events := make([]unix.EpollEvent, 512)
	buffer := make([]byte, 256<<10)
	for {
		n, err := unix.EpollWait(f.epoll, events, 100)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		f.mu.Lock()
		if f.closed {
			f.mu.Unlock()
			return
		}
		for _, e := range events[:max(n, 0)] {
			if s := f.members[e.Fd]; s != nil {
				if err := f.read(s, buffer); err != nil {
					f.fail(s, err)
				}
			}
		}
		f.moved.Broadcast()
		f.mu.Unlock()
	}
}

// fail gives up on a session, and with it on the run. mu must be held.
func (f *Fleet) fail(s *session, err error) {
	if f.err == nil {
		f.err = fmt.Errorf("session on topic %d: %w", s.topic, err)
	}
	delete(f.members, s.fd)
	_ = unix.Close(int(s.fd)) // it has failed already
}

func (f *Fleet) read(s *session, buffer []byte) error {
	n, err := unix.Read(int(s.fd), buffer)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return nil
	case err != nil:
		return fmt.Errorf("read: %w", err)
	case n == 0:
		return errors.New("the server dropped the connection")
	}
	now := time.Now()
	return s.parser.Take(buffer[:n], func(frame socket.Frame) error { return f.frame(s, frame, now) })
}

func (f *Fleet) frame(s *session, frame socket.Frame, now time.Time) error {
	switch frame.Opcode {
	case socket.Close:
		return socket.CloseError(frame)
	case socket.Ping:
		return s.write(socket.Pong, frame.Payload)
	case socket.Text:
		if s.textPing && side.IsTextPing(frame.Payload) {
			if err := s.write(socket.Text, []byte("{}")); err != nil {
				return err
			}
		}
		return f.take(s, frame.Payload, now)
	}
	return nil
}

func (s *session) write(opcode byte, payload []byte) error {
	_, err := unix.Write(int(s.fd), socket.Append(nil, opcode, payload))
	return err
}

// take counts and checks the events of a frame.
func (f *Fleet) take(s *session, text []byte, now time.Time) error {
	for m, rest, ok := payload.Next(text); ok; m, rest, ok = payload.Next(rest) {
		if m.Topic != s.topic {
			return fmt.Errorf("an event of topic %d", m.Topic)
		}
		for len(s.next) <= int(m.Lane) {
			s.next = append(s.next, 1)
		}
		next := &s.next[m.Lane]
		switch {
		case m.Seq == *next:
			*next++
			f.delivered.Add(1)
			_ = f.latency.RecordValue(max(now.UnixNano()-m.At, 1)) // beyond a minute the run has failed
		case m.Seq < *next && f.lenient:
			f.repeats.Add(1)
		default:
			return fmt.Errorf("event %d of lane %d where %d was next", m.Seq, m.Lane, *next)
		}
	}
	return nil
}

// Delivered is how many events all sessions have got.
func (f *Fleet) Delivered() int64 { return f.delivered.Load() }

// Repeats is how many events a lenient fleet has got again.
func (f *Fleet) Repeats() int64 { return f.repeats.Load() }

// Wait blocks until that many events were delivered. It fails when the run has, or
// when nothing arrives for 10 seconds.
func (f *Fleet) Wait(ctx context.Context, delivered int64) error {
	const silence = 10 * time.Second
	last, since := f.Delivered(), time.Now()
	for {
		err := f.until(func() bool {
			return f.Delivered() >= delivered || f.Delivered() > last || time.Since(since) > silence || ctx.Err() != nil
		})
		got := f.Delivered()
		switch {
		case err != nil:
			return err
		case got >= delivered:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case got > last:
			last, since = got, time.Now()
		default:
			return fmt.Errorf("%d of %d events were delivered, and no more are coming", got, delivered)
		}
	}
}

// until blocks until something holds, or the run has failed. The poller looks at
// it ten times a second at least.
func (f *Fleet) until(holds func() bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.err == nil && !f.closed && !holds() {
		f.moved.Wait()
	}
	return f.err
}

// Err is what made the run an error.
func (f *Fleet) Err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// Latency returns what was recorded since the last call.
func (f *Fleet) Latency() *hdrhistogram.Histogram {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := f.latency
	f.latency = newHistogram()
	return h
}

// Close drops every connection at once, without a word, and ends the fleet.
func (f *Fleet) Close() {
	f.mu.Lock()
	if !f.closed {
		f.closed = true
		for _, s := range f.members {
			// A reset instead of a goodbye: no port is held for a minute.
			_ = unix.SetsockoptLinger(int(s.fd), unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
			_ = unix.Close(int(s.fd))
		}
		f.moved.Broadcast()
	}
	f.mu.Unlock()
	f.done.Wait()
	_ = unix.Close(f.epoll) // the poller has ended
}

// newHistogram takes latencies up to a minute, in nanoseconds, to three digits.
func newHistogram() *hdrhistogram.Histogram {
	return hdrhistogram.New(1, int64(time.Minute), 3)
}
