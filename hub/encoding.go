package hub

import (
	"encoding/binary"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	conversev1 "converse/internal/gen/converse/v1"
)

// encoding is how a session's frames are written: its subprotocol.
type encoding int

const (
	encodingProto encoding = iota
	encodingJSON
	encodings
)

// The subprotocols of the socket.
const (
	protocolProto = "converse.v1.proto"
	protocolJSON  = "converse.v1.json"
)

// Field numbers of ServerFrame and Batch, for writing them around events that are
// encoded already.
const (
	fieldBatches = 1
	fieldStream  = 1
	fieldAt      = 2
	fieldEvents  = 3
)

// What stands around batches in a frame of JSON.
const batchesBegin, batchesEnd = `{"batches":[`, `]}`

// appendProtoBatch writes ServerFrame.batches with one batch. Messages encoded one
// after the other merge, so the batches of a frame are simply joined.
func appendProtoBatch(out []byte, stream, at string, events [][]byte) []byte {
	size := protowire.SizeTag(fieldStream) + protowire.SizeBytes(len(stream)) + protowire.SizeTag(fieldAt) + protowire.SizeBytes(len(at))
	for _, e := range events {
		size += protowire.SizeTag(fieldEvents) + protowire.SizeBytes(len(e))
	}
	out = protowire.AppendTag(out, fieldBatches, protowire.BytesType)
	out = protowire.AppendVarint(out, uint64(size))
	out = protowire.AppendTag(out, fieldStream, protowire.BytesType)
	out = protowire.AppendString(out, stream)
	out = protowire.AppendTag(out, fieldAt, protowire.BytesType)
	out = protowire.AppendString(out, at)
	for _, e := range events {
		out = protowire.AppendTag(out, fieldEvents, protowire.BytesType)
		out = protowire.AppendBytes(out, e)
	}
	return out
}

// appendJSONBatch writes one element of ServerFrame.batches. It leaves out events that
// cannot be read, and counts them.
func appendJSONBatch(out []byte, stream, at string, events [][]byte, event *shape) (_ []byte, unreadable int) {
	out = appendText(append(out, `{"stream":`...), stream)
	if at != "" {
		out = appendText(append(out, `,"at":`...), at)
	}
	separator := `,"events":[`
	for _, e := range events {
		before := len(out)
		next, err := event.append(append(out, separator...), e)
		if err != nil {
			next, err = appendSlowly(append(out[:before], separator...), e)
		}
		if err != nil {
			out, unreadable = out[:before], unreadable+1
			continue
		}
		out, separator = next, ","
	}
	if separator == "," {
		out = append(out, ']')
	}
	return append(out, '}'), unreadable
}

// appendSlowly writes an event of any form.
func appendSlowly(out, data []byte) ([]byte, error) {
	event := &conversev1.Event{}
	if err := proto.Unmarshal(data, event); err != nil {
		return nil, err
	}
	return protojson.MarshalOptions{}.MarshalAppend(out, event)
}

// appendServerFrame writes a frame that is not made of batches alone.
func appendServerFrame(out []byte, f *conversev1.ServerFrame, e encoding) ([]byte, error) {
	if e == encodingJSON {
		return protojson.MarshalOptions{}.MarshalAppend(out, f)
	}
	return proto.MarshalOptions{}.MarshalAppend(out, f)
}

// decodeFrame reads what a client sent. Unknown fields are ignored, so that newer
// clients can talk to us.
func decodeFrame(data []byte, e encoding) (*conversev1.ClientFrame, error) {
	frame := &conversev1.ClientFrame{}
	if e == encodingJSON {
		return frame, protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(data, frame)
	}
	return frame, proto.Unmarshal(data, frame)
}

// Opcodes of RFC 6455, section 5.2, with the FIN bit set.
const (
	headText   = 0x81
	headBinary = 0x82
	headClose  = 0x88
	headPing   = 0x89
	headPong   = 0x8A
)

// What a client's frame has besides: it is masked, and a control frame holds at most
// 125 bytes (RFC 6455, sections 5.2 and 5.5).
const (
	maskBit        = 0x80
	maskSize       = 4
	controlPayload = 125
)

// appendHead begins an unmasked websocket frame (RFC 6455, section 5.2).
func appendHead(out []byte, e encoding, length int) []byte {
	head := byte(headBinary)
	if e == encodingJSON {
		head = headText
	}
	out = append(out, head)
	switch {
	case length < 126:
		return append(out, byte(length))
	case length < 1<<16:
		return binary.BigEndian.AppendUint16(append(out, 126), uint16(length))
	}
	return binary.BigEndian.AppendUint64(append(out, 127), uint64(length))
}

// longestHead is how many bytes the head of a server's frame can take.
const longestHead = 10

// putHead writes the head of a frame in front of its content, for which longestHead
// bytes have been left free, and returns the frame.
func putHead(out []byte, e encoding) []byte {
	var room [longestHead]byte
	head := appendHead(room[:0], e, len(out)-longestHead)
	begin := longestHead - len(head)
	copy(out[begin:], head)
	return out[begin:]
}

// closeFrame is a whole close frame.
func closeFrame(code Code) []byte {
	out := []byte{headClose, byte(2 + len(code.Reason))}
	return append(binary.BigEndian.AppendUint16(out, uint16(code.Number)), code.Reason...)
}
