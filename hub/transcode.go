package hub

import (
	"errors"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// shape is how the fields of one kind of message are written as JSON. With it an event
// goes from protobuf's binary form to JSON in one pass and without memory of its own;
// through protojson it is a seventh of what a delivery costs.
type shape struct {
	fields map[protowire.Number]field
	// instant: google.protobuf.Timestamp, which is a text in JSON.
	instant bool
}

type field struct {
	key  []byte // the name in quotes, and a colon
	kind protoreflect.Kind
	list bool
	of   *shape // of a message
}

// errUntold says that the short way does not know the form, which is legal but not
// what our own encoder writes.
var errUntold = errors.New("not in the form that events are stored in")

// shapeOf reads a message's shape from its descriptor.
func shapeOf(d protoreflect.MessageDescriptor) *shape {
	s := &shape{fields: map[protowire.Number]field{}, instant: d.FullName() == "google.protobuf.Timestamp"}
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		out := field{key: append(strconv.AppendQuote(nil, f.JSONName()), ':'), kind: f.Kind(), list: f.IsList()}
		if f.Kind() == protoreflect.MessageKind {
			out.of = shapeOf(f.Message()) // no message of ours holds one of its own kind
		}
		s.fields[f.Number()] = out
	}
	return s
}

// append writes a message as protojson would. It fails with errUntold for what
// protojson should be asked.
func (s *shape) append(out, data []byte) ([]byte, error) {
	if s.instant {
		return appendInstant(out, data)
	}
	out = append(out, '{')
	var last protowire.Number
	inList := false
	for len(data) > 0 {
		number, kind, n := protowire.ConsumeTag(data)
		if n < 0 {
			return nil, protowire.ParseError(n)
		}
		data = data[n:]
		f, known := s.fields[number]
		if !known {
			if n = protowire.ConsumeFieldValue(number, kind, data); n < 0 {
				return nil, protowire.ParseError(n)
			}
			data = data[n:]
			continue
		}
		again := number == last && f.list
		if number <= last && !again {
			return nil, errUntold // out of order: perhaps the second of its kind
		}
		if inList && !again {
			out, inList = append(out, ']'), false
		}
		if last != 0 {
			out = append(out, ',')
		}
		if !again {
			out = append(out, f.key...)
			if inList = f.list; inList {
				out = append(out, '[')
			}
		}
		last = number
		var err error
		if out, n, err = f.append(out, kind, data); err != nil {
			return nil, err
		}
		data = data[n:]
	}
	if inList {
		out = append(out, ']')
	}
	return append(out, '}'), nil
}

// append writes one value and returns how many bytes of data it was.
func (f field) append(out []byte, kind protowire.Type, data []byte) ([]byte, int, error) {
	switch {
	case f.kind == protoreflect.StringKind && kind == protowire.BytesType:
		text, n := protowire.ConsumeBytes(data)
		if n < 0 || !utf8.Valid(text) {
			return nil, 0, errUntold
		}
		return appendText(out, text), n, nil
	case f.kind == protoreflect.MessageKind && kind == protowire.BytesType:
		inner, n := protowire.ConsumeBytes(data)
		if n < 0 {
			return nil, 0, protowire.ParseError(n)
		}
		out, err := f.of.append(out, inner)
		return out, n, err
	case f.kind == protoreflect.Int32Kind && kind == protowire.VarintType:
		v, n := protowire.ConsumeVarint(data)
		return strconv.AppendInt(out, int64(int32(v)), 10), n, protowire.ParseError(n)
	case f.kind == protoreflect.BoolKind && kind == protowire.VarintType:
		v, n := protowire.ConsumeVarint(data)
		return strconv.AppendBool(out, v != 0), n, protowire.ParseError(n)
	case f.kind == protoreflect.DoubleKind && kind == protowire.Fixed64Type:
		v, n := protowire.ConsumeFixed64(data)
		number := math.Float64frombits(v)
		if n < 0 || math.IsNaN(number) || math.IsInf(number, 0) {
			return nil, 0, errUntold
		}
		return strconv.AppendFloat(out, number, 'f', -1, 64), n, nil
	}
	return nil, 0, errUntold
}

// appendInstant writes a google.protobuf.Timestamp as RFC 3339 with as many digits as
// there are.
func appendInstant(out, data []byte) ([]byte, error) {
	var seconds, nanos int64
	for len(data) > 0 {
		number, kind, n := protowire.ConsumeTag(data)
		if n < 0 || kind != protowire.VarintType || number > 2 {
			return nil, errUntold
		}
		v, m := protowire.ConsumeVarint(data[n:])
		if m < 0 {
			return nil, errUntold
		}
		if data = data[n+m:]; number == 1 {
			seconds = int64(v)
		} else {
			nanos = int64(int32(v))
		}
	}
	at := time.Unix(seconds, nanos).UTC()
	if at.Year() < 1 || at.Year() > 9999 || nanos < 0 || nanos > 999_999_999 {
		return nil, errUntold
	}
	return append(at.AppendFormat(append(out, '"'), time.RFC3339Nano), '"'), nil
}

// appendText writes a JSON string (RFC 8259, section 7).
func appendText[T string | []byte](out []byte, text T) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	from := 0
	for i := range len(text) {
		c := text[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		out = append(append(out, text[from:i]...), '\\')
		from = i + 1
		switch c {
		case '"', '\\':
			out = append(out, c)
		case '\n':
			out = append(out, 'n')
		default:
			out = append(out, 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(out, text[from:]...), '"')
}
