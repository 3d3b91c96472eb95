package hub

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// The sizes of a connection's buffers. Clients send little and rarely; what is
// larger than the buffer bypasses it. Either must hold a whole control frame: the
// library writes each in one call.
const (
	readBuffer  = 2 + maskSize + controlPayload
	writeBuffer = 160
)

// conn is a hijacked connection that two sides write to: the websocket library its
// control frames, and the session finished data frames. Each write is one whole
// frame, and the lock keeps them from running into each other.
type conn struct {
	net.Conn
	// raw reaches the socket itself; nil when there is none (TLS, tests).
	raw syscall.RawConn
	// in is what the library reads from: behind it nothing is buffered but in the kernel.
	in *bufio.Reader

	mu     sync.Mutex // held while a frame is being written, even half
	rest   []byte     // what is left of a frame begun by try
	broken bool       // half a frame was given up: nothing may follow it

	// limit ends all writing, in nanoseconds of Unix time; 0 for none.
	limit atomic.Int64

	// uncounted is how many bytes came since the session last counted a frame. A
	// client that sends fragments without end is found out by it.
	uncounted atomic.Int64
	allowed   int64
	// flooded is called when more came, and does not block. It reports whether nothing
	// that the client says matters any more.
	flooded func(uncounted int64) bool
}

var (
	errBroken  = errors.New("the connection broke off within a frame")
	errFlooded = errors.New("the client went on after it was told why its session ends")
)

func newConn(c net.Conn, allowed int64, flooded func(int64) bool) *conn {
	out := &conn{Conn: c, allowed: allowed, flooded: flooded}
	if sc, ok := c.(syscall.Conn); ok {
		if raw, err := sc.SyscallConn(); err == nil {
			out.raw = raw
		}
	}
	return out
}

// Read implements net.Conn.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if uncounted := c.uncounted.Add(int64(n)); uncounted > c.allowed && c.flooded(uncounted) {
		// It is taken off the line nevertheless, unread: a connection that is closed with
		// something on it is reset, and the client never reads why.
		_, _ = io.Copy(io.Discard, c.Conn)
		return 0, errFlooded
	}
	return n, err
}

// await blocks until there is something to read, or the connection has ended.
func (c *conn) await() error {
	if c.in.Buffered() > 0 {
		return nil
	}
	if c.raw == nil {
		_, err := c.in.Peek(1)
		return err
	}
	return c.raw.Read(readable)
}

// readable reports whether a read of the socket would return at once.
func readable(fd uintptr) bool {
	var one [1]byte
	_, _, err := unix.Recvfrom(int(fd), one[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
	return !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EINTR)
}

// control takes a control frame off the beginning of what came, and returns its first
// byte and its payload. The byte is 0 when something else comes first, which stays
// where it is. A close frame is the library's to answer, unless it is an answer.
func (c *conn) control(closing bool) (first byte, payload []byte, err error) {
	head, err := c.in.Peek(2)
	if err != nil {
		return 0, nil, err
	}
	first, length := head[0], int(head[1]&^maskBit)
	ours := first == headPing || first == headPong || first == headClose && closing
	if !ours || head[1]&maskBit == 0 || length > controlPayload {
		return 0, nil, nil
	}
	frame, err := c.in.Peek(2 + maskSize + length)
	if err != nil {
		return 0, nil, err
	}
	payload = bytes.Clone(frame[2+maskSize:])
	for i := range payload {
		payload[i] ^= frame[2+i%maskSize]
	}
	_, err = c.in.Discard(len(frame))
	return first, payload, err
}

// Write writes one control frame of the library, which bounds it.
func (c *conn) Write(frame []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken {
		return 0, errBroken
	}
	n, err := c.Conn.Write(frame)
	c.broken = err != nil && n > 0
	return n, err
}

// try writes as much of a frame as the kernel takes at once and never blocks. When
// done is false and begun is true, the rest must be written with finish, and
// nobody else can write until then. When both are false nothing was written.
func (c *conn) try(frame []byte) (done, begun bool, err error) {
	if c.raw == nil || !c.mu.TryLock() {
		return false, false, nil
	}
	if c.broken {
		c.mu.Unlock()
		return false, false, errBroken
	}
	n, err := writeNow(c.raw, frame)
	if err == nil && n > 0 && n < len(frame) {
		c.rest = frame[n:]
		return false, true, nil // the lock stays held
	}
	c.broken = err != nil && n > 0
	c.mu.Unlock()
	return n == len(frame), false, err
}

// finish writes what try left over.
func (c *conn) finish(patience time.Duration) error {
	defer c.mu.Unlock()
	rest := c.rest
	c.rest = nil
	return c.writeWithin(rest, patience)
}

// piece is how much a client must take within the patience: one with a slow line
// needs long for a large frame, and is not to be dropped while it reads.
const piece = 16 << 10

// writeFrame writes one frame and blocks for as long as patience for each piece.
func (c *conn) writeFrame(frame []byte, patience time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken {
		return errBroken
	}
	return c.writeWithin(frame, patience)
}

// writeWithin writes and takes the deadline away again: one that stayed would fail
// the next write, however much later that comes. mu must be held.
func (c *conn) writeWithin(data []byte, patience time.Duration) (err error) {
	for len(data) > 0 && err == nil {
		deadline := time.Now().Add(patience)
		if limit := c.limit.Load(); limit > 0 && limit < deadline.UnixNano() {
			deadline = time.Unix(0, limit)
		}
		n := min(len(data), piece)
		if err = c.SetWriteDeadline(deadline); err == nil {
			_, err = c.Conn.Write(data[:n])
		}
		data = data[n:]
	}
	if err == nil {
		err = c.SetWriteDeadline(time.Time{})
	}
	c.broken = err != nil
	return err
}

// hurry ends a write that is under way after a while.
func (c *conn) hurry(patience time.Duration) {
	limit := time.Now().Add(patience)
	c.limit.Store(limit.UnixNano())
	_ = c.SetWriteDeadline(limit) // the write fails then
}

// writeCall is what one write call on a socket needs, kept for the next: a function made
// anew for each would be garbage with every frame.
type writeCall struct {
	frame []byte
	n     int
	err   error
	call  func(fd uintptr) bool
}

var writeCalls = sync.Pool{New: func() any {
	w := &writeCall{}
	w.call = w.write
	return w
}}

func (w *writeCall) write(fd uintptr) bool {
	for {
		w.n, w.err = syscall.Write(int(fd), w.frame)
		if !errors.Is(w.err, syscall.EINTR) {
			return true
		}
	}
}

// writeNow makes one write call on a socket, which is non-blocking: a full buffer
// is zero bytes and no error.
func writeNow(raw syscall.RawConn, frame []byte) (n int, err error) {
	w := writeCalls.Get().(*writeCall) //nolint:errcheck,forcetypeassert // the pool holds nothing else
	w.frame = frame
	err = raw.Write(w.call)
	if err == nil {
		n, err = max(w.n, 0), w.err
	}
	*w = writeCall{call: w.call}
	writeCalls.Put(w)
	if errors.Is(err, syscall.EAGAIN) {
		err = nil
	}
	return n, err
}

// hijacker hands over a connection with small buffers. The ones that net/http has
// grown for the request are left behind, and with them eight kilobytes a session.
type hijacker struct {
	http.ResponseWriter
	allowed int64
	flooded func(uncounted int64) bool
	conn    *conn
}

// Hijack implements http.Hijacker.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	under, buffers, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.conn = newConn(under, h.allowed, h.flooded)
	in := bufio.NewReaderSize(h.conn, readBuffer)
	// A client may have sent its first frame right behind the request. It must lie in
	// the new buffer: the library keeps what is buffered and reads on from the socket.
	if early := buffers.Reader.Buffered(); early > 0 {
		sent, err := buffers.Reader.Peek(early)
		if err != nil {
			return nil, nil, err
		}
		in = bufio.NewReaderSize(io.MultiReader(bytes.NewReader(bytes.Clone(sent)), h.conn), max(readBuffer, early))
		if _, err := in.Peek(early); err != nil {
			return nil, nil, err
		}
	}
	h.conn.in = in
	return h.conn, bufio.NewReadWriter(in, bufio.NewWriterSize(h.conn, writeBuffer)), nil
}
