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

// protoBatch is ServerFrame.batches with one batch. Messages encoded one after the
// other merge, so the batches of a frame are simply joined.
func protoBatch(stream, at string, events [][]byte) []byte {
	size := protowire.SizeTag(fieldStream) + protowire.SizeBytes(len(stream)) + protowire.SizeTag(fieldAt) + protowire.SizeBytes(len(at))
	for _, e := range events {
		size += protowire.SizeTag(fieldEvents) + protowire.SizeBytes(len(e))
	}
	out := make([]byte, 0, size+8)
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

// jsonBatch is one element of ServerFrame.batches. It leaves out events that cannot
// be read, and counts them.
func jsonBatch(stream, at string, events [][]byte) (out []byte, unreadable int) {
	batch := &conversev1.Batch{Stream: stream, At: at}
	for _, e := range events {
		event := &conversev1.Event{}
		if proto.Unmarshal(e, event) != nil {
			unreadable++
			continue
		}
		batch.Events = append(batch.Events, event)
	}
	out, err := protojson.Marshal(batch)
	if err != nil {
		// What has been decoded can be encoded; without events, at least the place moves on.
		unreadable, batch.Events = len(events), nil
		out, _ = protojson.Marshal(batch)
	}
	return out, unreadable
}

// encodeFrame is a frame that is not made of batches alone.
func encodeFrame(f *conversev1.ServerFrame, e encoding) ([]byte, error) {
	if e == encodingJSON {
		return protojson.Marshal(f)
	}
	return proto.Marshal(f)
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

// closeFrame is a whole close frame.
func closeFrame(code Code) []byte {
	out := []byte{headClose, byte(2 + len(code.Reason))}
	return append(binary.BigEndian.AppendUint16(out, uint16(code.Number)), code.Reason...)
}
