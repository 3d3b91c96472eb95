package socket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Target is what to connect to.
type Target struct {
	// Addr is host:port, Path begins with a slash.
	Addr, Path string
	// Origin is the web origin we claim to come from.
	Origin string
	// Protocol is the subprotocol to ask for; empty for none.
	Protocol string
	// Source is the local address; nil for any. A machine has 28,000 ports an
	// address, and a closed connection holds its port for a minute.
	Source net.IP
}

// patience bounds every step of an opening.
const patience = 20 * time.Second

// Conn is a socket that is being opened. It blocks.
type Conn struct {
	net    net.Conn
	parser Parser
	frames []Frame // whole, not asked for yet; they own their payloads
	buffer []byte
}

// Dial connects and shakes hands.
func Dial(ctx context.Context, t Target) (*Conn, error) {
	d := net.Dialer{Timeout: patience}
	if t.Source != nil {
		d.LocalAddr = &net.TCPAddr{IP: t.Source}
		d.Control = func(_, _ string, raw syscall.RawConn) error {
			var err error
			// The port is chosen when connecting, so that it only has to differ from others
			// to the same server.
			controlErr := raw.Control(func(fd uintptr) {
				err = unix.SetsockoptInt(int(fd), unix.SOL_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
			})
			return errors.Join(controlErr, err)
		}
	}
	under, err := d.DialContext(ctx, "tcp", t.Addr)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	c := &Conn{net: under, buffer: make([]byte, 4<<10)}
	if err := c.shakeHands(t); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (c *Conn) shakeHands(t Target) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n", t.Path, t.Addr)
	fmt.Fprintf(&b, "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: %s\r\n", t.Origin)
	if t.Protocol != "" {
		fmt.Fprintf(&b, "Sec-WebSocket-Protocol: %s\r\n", t.Protocol)
	}
	b.WriteString("\r\n")
	if err := c.net.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := c.net.Write(b.Bytes()); err != nil {
		return fmt.Errorf("shake hands: %w", err)
	}
	var head []byte
	for {
		n, err := c.net.Read(c.buffer)
		if err != nil {
			return fmt.Errorf("shake hands: %w", err)
		}
		head = append(head, c.buffer[:n]...)
		end := bytes.Index(head, []byte("\r\n\r\n"))
		if end < 0 {
			continue
		}
		if !bytes.HasPrefix(head, []byte("HTTP/1.1 101 ")) {
			return fmt.Errorf("shake hands: %s", bytes.SplitN(head, []byte("\r\n"), 2)[0])
		}
		return c.parser.Take(head[end+4:], c.keep)
	}
}

func (c *Conn) keep(f Frame) error {
	c.frames = append(c.frames, Frame{Opcode: f.Opcode, Payload: bytes.Clone(f.Payload)})
	return nil
}

// Send writes one text frame.
func (c *Conn) Send(text []byte) error {
	_, err := c.net.Write(Append(nil, Text, text))
	return err
}

// Next returns the next text frame. A close is an error; pings wait until they are
// read by whoever takes the connection over.
func (c *Conn) Next() ([]byte, error) {
	for {
		for i, f := range c.frames {
			switch f.Opcode {
			case Close:
				return nil, CloseError(f)
			case Text:
				c.frames = append(c.frames[:i:i], c.frames[i+1:]...)
				return f.Payload, nil
			}
		}
		n, err := c.net.Read(c.buffer)
		if err != nil {
			return nil, fmt.Errorf("read: %w", err)
		}
		if err := c.parser.Take(c.buffer[:n], c.keep); err != nil {
			return nil, err
		}
	}
}

// Return puts a frame back, as the first that was not asked for.
func (c *Conn) Return(text []byte) {
	c.frames = append([]Frame{{Opcode: Text, Payload: text}}, c.frames...)
}

// Detach takes the connection out of the runtime's hands: its file descriptor,
// which does not block, the frames that were not asked for and the parser with the
// beginning of the next. The Conn is of no use afterwards.
func (c *Conn) Detach() (fd int, waiting []Frame, p Parser, err error) {
	tcp, ok := c.net.(*net.TCPConn)
	if !ok {
		return 0, nil, p, errors.New("not a TCP connection")
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return 0, nil, p, err
	}
	var dupErr error
	if err := raw.Control(func(under uintptr) { fd, dupErr = unix.FcntlInt(under, unix.F_DUPFD_CLOEXEC, 0) }); err != nil {
		return 0, nil, p, err
	}
	if dupErr != nil {
		return 0, nil, p, fmt.Errorf("duplicate the descriptor: %w", dupErr)
	}
	c.Close()
	return fd, c.frames, c.parser, nil
}

// Close drops the connection.
func (c *Conn) Close() { _ = c.net.Close() } // nobody waits for it
