package socket

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Opcodes of RFC 6455, section 5.2.
const (
	Text   = 1
	Binary = 2
	Close  = 8
	Ping   = 9
	Pong   = 10
)

// Frame is one frame of a server. Payload is valid until the next call.
type Frame struct {
	Opcode  byte
	Payload []byte
}

var errUnexpected = errors.New("a masked, compressed or fragmented frame")

// Parser cuts what is read into frames.
type Parser struct {
	rest []byte // of a frame that is not whole yet
}

// Take adds bytes and calls each with every frame that is whole now.
func (p *Parser) Take(data []byte, each func(Frame) error) error {
	if len(p.rest) > 0 {
		p.rest = append(p.rest, data...)
		data = p.rest
	}
	for {
		f, size, err := cut(data)
		if err != nil {
			return err
		}
		if size == 0 {
			break
		}
		if err := each(f); err != nil {
			return err
		}
		data = data[size:]
	}
	if len(data) == 0 {
		p.rest = nil
		return nil
	}
	p.rest = append([]byte(nil), data...)
	return nil
}

// cut returns the first frame and its size, or size 0 when it is not whole.
func cut(data []byte) (f Frame, size int, err error) {
	if len(data) < 2 {
		return f, 0, nil
	}
	if data[0]&0xf0 != 0x80 || data[1]&0x80 != 0 || data[0]&0x0f == 0 {
		return f, 0, errUnexpected
	}
	head, length := 2, int(data[1])
	switch length {
	case 126:
		if len(data) < 4 {
			return f, 0, nil
		}
		head, length = 4, int(binary.BigEndian.Uint16(data[2:]))
	case 127:
		if len(data) < 10 {
			return f, 0, nil
		}
		head, length = 10, int(binary.BigEndian.Uint64(data[2:]))
	}
	if len(data) < head+length {
		return f, 0, nil
	}
	return Frame{Opcode: data[0] & 0x0f, Payload: data[head : head+length]}, head + length, nil
}

// Append writes a client's frame. The mask is zero, which costs a server as much
// as any other.
func Append(out []byte, opcode byte, payload []byte) []byte {
	out = append(out, 0x80|opcode)
	switch n := len(payload); {
	case n < 126:
		out = append(out, 0x80|byte(n))
	case n < 1<<16:
		out = binary.BigEndian.AppendUint16(append(out, 0x80|126), uint16(n))
	default:
		out = binary.BigEndian.AppendUint64(append(out, 0x80|127), uint64(n))
	}
	out = append(out, 0, 0, 0, 0)
	return append(out, payload...)
}

// CloseError says with which code a server closed.
func CloseError(f Frame) error {
	if len(f.Payload) < 2 {
		return errors.New("the server closed without a code")
	}
	return fmt.Errorf("the server closed with %d %s", binary.BigEndian.Uint16(f.Payload), f.Payload[2:])
}
