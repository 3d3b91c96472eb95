package hub_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	conversev1 "converse/internal/gen/converse/v1"
)

// The subprotocols, and the opcodes of RFC 6455, section 5.2.
const (
	speakProto = "converse.v1.proto"
	speakJSON  = "converse.v1.json"

	opMore   = 0x0
	opText   = 0x1
	opBinary = 0x2
	opClose  = 0x8
	opPing   = 0x9
	opPong   = 0xA
)

// socket is the client's end of a websocket, byte by byte: it can do all that a
// well-behaved library would not.
type socket struct {
	net.Conn
	in       *bufio.Reader
	protocol string
	mu       sync.Mutex // held while a frame is written
}

// request is an upgrade request as a browser writes it.
func request(origin, protocol string) string {
	return "GET /ws HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" + header("Origin", origin) + header("Sec-WebSocket-Protocol", protocol) + "\r\n"
}

func header(name, value string) string {
	if value == "" {
		return ""
	}
	return name + ": " + value + "\r\n"
}

// upgrade opens a websocket on a connection. rest is sent right behind the request.
// Another answer than 101 is returned as its status.
func upgrade(c net.Conn, origin, protocol string, rest ...byte) (*socket, int, error) {
	if _, err := c.Write(append([]byte(request(origin, protocol)), rest...)); err != nil {
		return nil, 0, err
	}
	in := bufio.NewReader(c)
	answer, err := http.ReadResponse(in, &http.Request{Method: http.MethodGet})
	if err != nil {
		return nil, 0, err
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		return nil, answer.StatusCode, answer.Body.Close()
	}
	return &socket{Conn: c, in: in, protocol: answer.Header.Get("Sec-WebSocket-Protocol")}, answer.StatusCode, nil
}

// frame is one frame of a client, masked with zeros.
func frame(fin bool, opcode byte, payload []byte) []byte {
	head := opcode
	if fin {
		head |= 0x80
	}
	out := []byte{head}
	switch n := len(payload); {
	case n < 126:
		out = append(out, 0x80|byte(n))
	case n < 1<<16:
		out = binary.BigEndian.AppendUint16(append(out, 0x80|126), uint16(n))
	default:
		out = binary.BigEndian.AppendUint64(append(out, 0x80|127), uint64(n))
	}
	return append(append(out, 0, 0, 0, 0), payload...)
}

func (s *socket) raw(data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.Write(data)
	return err
}

// read returns the next frame of the server. It is an error when the frame is not
// well formed: fragmented, masked, with reserved bits, or a length in the wrong form.
func (s *socket) read() (opcode byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(s.in, head[:]); err != nil {
		return 0, nil, err
	}
	if head[0]&0xF0 != 0x80 || head[1]&0x80 != 0 {
		return 0, nil, fmt.Errorf("not a frame of ours: begins with %x", head)
	}
	length := uint64(head[1])
	if size := map[uint64]int{126: 2, 127: 8}[length]; size > 0 {
		var extended [8]byte
		if _, err := io.ReadFull(s.in, extended[8-size:]); err != nil {
			return 0, nil, err
		}
		length = binary.BigEndian.Uint64(extended[:])
	}
	payload = make([]byte, length)
	_, err = io.ReadFull(s.in, payload)
	return head[0] & 0xF, payload, err
}

// say sends a frame of the protocol.
func (s *socket) say(f *conversev1.ClientFrame) error {
	if strings.EqualFold(s.protocol, speakJSON) {
		data, err := protojson.Marshal(f)
		if err != nil {
			return err
		}
		return s.raw(frame(true, opText, data))
	}
	data, err := proto.Marshal(f)
	if err != nil {
		return err
	}
	return s.raw(frame(true, opBinary, data))
}

// decode reads a data frame. It is an error when its kind is not the subprotocol's.
func (s *socket) decode(opcode byte, payload []byte) (*conversev1.ServerFrame, error) {
	f := &conversev1.ServerFrame{}
	switch {
	case opcode == opText && strings.EqualFold(s.protocol, speakJSON):
		return f, protojson.Unmarshal(payload, f)
	case opcode == opBinary && strings.EqualFold(s.protocol, speakProto):
		return f, proto.Unmarshal(payload, f)
	}
	return nil, fmt.Errorf("a frame with opcode %d on a session that speaks %s", opcode, s.protocol)
}

// hello is the frame that opens a session.
func hello(ticket string, positions ...*conversev1.Position) *conversev1.ClientFrame {
	return &conversev1.ClientFrame{Frame: &conversev1.ClientFrame_Hello{Hello: &conversev1.Hello{Ticket: ticket, Positions: positions}}}
}

func activity() *conversev1.ClientFrame {
	return &conversev1.ClientFrame{Frame: &conversev1.ClientFrame_Activity{Activity: &conversev1.ActivitySignal{}}}
}

func typing(conversation string) *conversev1.ClientFrame {
	return &conversev1.ClientFrame{Frame: &conversev1.ClientFrame_Typing{Typing: &conversev1.TypingSignal{ConversationId: conversation}}}
}
