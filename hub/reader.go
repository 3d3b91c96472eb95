package hub

import (
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// read takes frames until the connection ends or one breaks a rule.
//
// A session waits for hours and reads for microseconds. Waiting is done here, where
// the stack is two kilobytes; reading goes through the library and grows a stack of
// its own, which is gone afterwards.
func (s *session) read() error {
	for {
		// The first time without waiting: what the client sent right behind its request
		// lies in front of the socket.
		if err := apart(s.readWhatCame); err != nil {
			return err
		}
		if err := s.conn.await(); err != nil {
			return err
		}
	}
}

// apart runs work in a goroutine of its own and waits for it.
func apart(work func() error) error {
	done := make(chan error)
	go func() { done <- work() }()
	return <-done
}

// errAnswered says that the client has answered our close frame.
var errAnswered = errors.New("closed by the server")

// readWhatCame acts on what the client has sent, and blocks for the rest of a frame
// that has begun. Pings and pongs before a message are taken here: the library would
// go on to wait for the message. While the session is being closed, everything is
// thrown away but the client's answer.
func (s *session) readWhatCame() error {
	for {
		ending := s.ending()
		first, payload, err := s.conn.control(ending)
		switch {
		case err != nil:
		case first == headClose:
			err = errAnswered
		case first == 0:
			err = s.readMessage(ending)
		case !ending:
			s.onControl(first, payload)
		}
		if err != nil || s.conn.in.Buffered() == 0 {
			return err
		}
	}
}

// readMessage reads and obeys one message. Limits are checked before anything is parsed.
func (s *session) readMessage(ending bool) error {
	kind, message, err := s.socket.Reader(context.Background())
	if err != nil {
		return err
	}
	var data []byte
	if !ending {
		if data, err = io.ReadAll(io.LimitReader(message, s.hub.options.Limits.Frame+1)); err != nil {
			return err
		}
	}
	switch {
	case ending:
	case !s.allow():
		s.tooMany()
	case int64(len(data)) > s.hub.options.Limits.Frame:
		s.close(CodeTooBig)
	case kind == websocket.MessageText && !utf8.Valid(data):
		s.close(CodeNotUTF8)
	case (kind == websocket.MessageText) != (s.encoding == encodingJSON):
		s.close(CodeBadFrame)
	default:
		if code := s.obey(data); code != nil {
			s.close(*code)
		}
		return nil
	}
	_, err = io.Copy(io.Discard, message) // the next one begins behind it
	return err
}

// onControl answers a ping, and notes that the client lives.
func (s *session) onControl(first byte, payload []byte) {
	switch {
	case !s.allow():
		s.tooMany()
	case first == headPing:
		s.send(pongSegment(payload))
	}
}

// onPing lets the library answer a ping in the middle of a message, unless there
// are too many.
func (s *session) onPing(context.Context, []byte) bool {
	allowed := s.allow()
	if !allowed {
		s.tooMany()
	}
	return allowed
}

func (s *session) onPong(context.Context, []byte) {
	if !s.allow() {
		s.tooMany()
	}
}
