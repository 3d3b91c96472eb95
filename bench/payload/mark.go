package payload

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
)

// Mark names one publication.
type Mark struct {
	// Topic and Lane say where it was published and by whom; a lane publishes to a
	// topic in the order of Seq, which begins at 1.
	Topic uint16
	Lane  uint8
	Seq   uint32
	// At is when it was handed over for publishing, in nanoseconds of the wall clock.
	At int64
}

// A mark is first, 15 bytes in hex, last. Neither end needs escaping in JSON.
const (
	first = '@'
	last  = '~'
	// raw is a mark's size before it is written in hex.
	raw = 2 + 1 + 4 + 8
	// MarkSize is a mark's length in text.
	MarkSize = 2*raw + 2
)

// Append writes the mark as text.
func (m Mark) Append(out []byte) []byte {
	var b [raw]byte
	binary.BigEndian.PutUint16(b[0:], m.Topic)
	b[2] = m.Lane
	binary.BigEndian.PutUint32(b[3:], m.Seq)
	binary.BigEndian.PutUint64(b[7:], uint64(m.At))
	out = append(out, first)
	out = hex.AppendEncode(out, b[:])
	return append(out, last)
}

// String is the mark as text.
func (m Mark) String() string { return string(m.Append(nil)) }

// Next finds the next mark and what follows it. ok is false when there is none.
func Next(text []byte) (m Mark, rest []byte, ok bool) {
	for {
		i := bytes.IndexByte(text, first)
		if i < 0 || i+MarkSize > len(text) {
			return Mark{}, nil, false
		}
		word := text[i : i+MarkSize]
		text = text[i+1:]
		var b [raw]byte
		if word[MarkSize-1] != last {
			continue
		}
		if _, err := hex.Decode(b[:], word[1:MarkSize-1]); err != nil {
			continue
		}
		return Mark{
			Topic: binary.BigEndian.Uint16(b[0:]), Lane: b[2], Seq: binary.BigEndian.Uint32(b[3:]),
			At: int64(binary.BigEndian.Uint64(b[7:])),
		}, text[MarkSize-1:], true
	}
}
