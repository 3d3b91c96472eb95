package hub

import (
	conversev1 "converse/internal/gen/converse/v1"
)

// segment is a piece of what a session is to read: a run of one topic's events, or
// a frame of its own. It is encoded once for all sessions and never changes after
// it has been handed to the first.
type segment struct {
	// from and to are the offsets of the first and last event; 0 for what is not kept.
	from, to uint64
	stream   string
	at       string
	events   [][]byte
	// body is what goes into a frame: joined with others when it is a batch, alone
	// when it is whole.
	body [encodings][]byte
	// frame is a finished websocket frame with this segment alone, for the usual case
	// that a session has nothing else waiting. It is the body with what goes around it.
	frame [encodings][]byte
	whole bool
	// views are this segment as restricted sessions see it, by the view's key.
	views map[string]*segment
}

// prepare encodes the segment for a kind of session. It must be called before the
// segment is handed to such a session, by one goroutine at a time. Events that
// cannot be read are left out and counted: nobody could apply them.
func (s *segment) prepare(e encoding, event *shape) (unreadable int) {
	if s.frame[e] != nil {
		return 0
	}
	size := len(s.stream) + len(s.at) + 64
	for _, event := range s.events {
		size += 2*len(event) + 4 // JSON has the names too
	}
	out := make([]byte, longestHead, longestHead+len(batchesBegin)+size+len(batchesEnd))
	if e == encodingProto {
		out = appendProtoBatch(out, s.stream, s.at, s.events)
		s.body[e] = out[longestHead:]
	} else {
		out = append(out, batchesBegin...)
		from := len(out)
		out, unreadable = appendJSONBatch(out, s.stream, s.at, s.events, event)
		s.body[e] = out[from:len(out):len(out)]
		out = append(out, batchesEnd...)
	}
	s.frame[e] = putHead(out, e)
	return unreadable
}

// size is how many bytes the segment costs while it waits.
func (s *segment) size(e encoding) int { return len(s.body[e]) }

// cost is how many bytes of events the segment keeps alive.
func (s *segment) cost() int {
	n := 0
	for _, e := range s.events {
		n += len(e)
	}
	return n
}

// wholeSegment is a frame that cannot be joined with others.
func wholeSegment(f *conversev1.ServerFrame, e encoding) (*segment, error) {
	out, err := appendServerFrame(make([]byte, longestHead, 512), f, e)
	if err != nil {
		return nil, err
	}
	s := &segment{whole: true}
	s.body[e], s.frame[e] = out[longestHead:], putHead(out, e)
	return s, nil
}

// pingSegment is a ping frame, which waits its turn like others: a client that is
// slow but alive has something to answer.
func pingSegment() *segment {
	s := &segment{whole: true}
	for e := range encodings {
		s.frame[e] = []byte{headPing, 0}
	}
	return s
}

// pongSegment answers a ping with its own words.
func pongSegment(payload []byte) *segment {
	s := &segment{whole: true}
	frame := append([]byte{headPong, byte(len(payload))}, payload...)
	for e := range encodings {
		s.body[e], s.frame[e] = frame, frame
	}
	return s
}

// appendFrames writes prepared segments as websocket frames: a run of batches as one,
// every whole segment as its own.
func appendFrames(out []byte, e encoding, list []*segment) []byte {
	for len(list) > 0 {
		n := 1
		for !list[0].whole && n < len(list) && !list[n].whole {
			n++
		}
		if n == 1 {
			out = append(out, list[0].frame[e]...)
		} else {
			out = appendFrame(out, e, list[:n])
		}
		list = list[n:]
	}
	return out
}

// appendFrame joins batches into one websocket frame.
func appendFrame(out []byte, e encoding, list []*segment) []byte {
	length := 0
	for _, s := range list {
		length += len(s.body[e])
	}
	if e == encodingProto {
		out = appendHead(out, e, length)
		for _, s := range list {
			out = append(out, s.body[e]...)
		}
		return out
	}
	out = appendHead(out, e, len(batchesBegin)+length+len(list)-1+len(batchesEnd))
	out = append(out, batchesBegin...)
	for i, s := range list {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, s.body[e]...)
	}
	return append(out, batchesEnd...)
}
