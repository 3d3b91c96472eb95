package hub

import (
	"google.golang.org/protobuf/proto"

	"converse/internal/bus"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// deliver hands everything that has arrived to the members. A worker calls it; what
// arrives meanwhile goes out in the topic's next turn, so that a busy topic does
// not keep several workers waiting for one another.
func (t *topic) deliver() {
	t.deliverOnce()
	t.in.Lock()
	defer t.in.Unlock()
	if t.queued = t.urgent; t.queued {
		t.hub.workers.add(t)
	}
}

func (t *topic) deliverOnce() {
	t.out.Lock()
	defer t.out.Unlock()

	t.in.Lock()
	arrived, signals, lost := t.arrived, t.signals, t.lost
	t.arrived, t.signals, t.lost, t.urgent = nil, nil, false, false
	t.stopTicks()
	now := t.seen
	t.in.Unlock()

	if lost {
		t.reset(now)
		t.endSignedOut(arrived)
		arrived = nil // the reset covers them
	}
	if len(signals) > 0 {
		t.fanOut(&segment{stream: string(t.key), events: signals})
	}
	for _, seg := range t.segments(arrived) {
		t.at = bus.Position{Epoch: now.Epoch, Offset: seg.to}
		t.remember(seg)
		t.fanOut(seg)
	}
	t.endSignedOut(arrived)
}

// largestSegment is how many bytes of events are joined. A client's place moves on
// by segments, so a large one that breaks off is sent again from the start.
const largestSegment = 32 << 10

// segments joins events in pieces.
func (t *topic) segments(entries []bus.Entry) []*segment {
	var out []*segment
	begin, size := 0, 0
	for i, e := range entries {
		if size += len(e.Payload); size > largestSegment && i > begin {
			out = append(out, t.segment(entries[begin:i]))
			begin, size = i, len(e.Payload)
		}
	}
	if begin < len(entries) {
		out = append(out, t.segment(entries[begin:]))
	}
	return out
}

// segment joins events, leaving out ticks that a higher one of the same message
// makes superfluous. The one that is left stands where the first was.
func (t *topic) segment(entries []bus.Entry) *segment {
	last := entries[len(entries)-1]
	seg := &segment{
		from: entries[0].Offset, to: last.Offset, stream: string(t.key), at: last.String(),
		events: make([][]byte, 0, len(entries)),
	}
	place := map[string]int{}
	for _, e := range entries {
		message, rank := tickOf(e.Payload)
		i, again := place[message]
		switch {
		case rank < 0: // not a tick, or one that a newer node understands
			seg.events = append(seg.events, e.Payload)
		case !again:
			place[message] = len(seg.events)
			seg.events = append(seg.events, e.Payload)
		default:
			if _, before := tickOf(seg.events[i]); rank > before {
				seg.events[i] = e.Payload
			}
		}
	}
	return seg
}

// remember keeps a segment for sessions that resume soon.
func (t *topic) remember(seg *segment) {
	t.ring = append(t.ring, seg)
	t.bytes += seg.cost()
	drop := 0
	for t.bytes > t.hub.options.Limits.Ring && drop < len(t.ring)-1 {
		t.bytes -= t.ring[drop].cost()
		drop++
	}
	if drop > 0 {
		t.ring = append([]*segment(nil), t.ring[drop:]...)
	}
}

// fanOut hands a segment to every member; out must be held.
func (t *topic) fanOut(seg *segment) {
	for _, s := range t.members {
		t.prepare(seg, s.encoding)
		s.send(seg)
	}
	t.hub.metrics.deliveries.Add(float64(len(seg.events) * len(t.members)))
}

// prepare encodes a segment; out must be held.
func (t *topic) prepare(seg *segment, e encoding) {
	if unreadable := seg.prepare(e, t.hub.event); unreadable > 0 {
		t.hub.log.Error("encode events: some are not events", "count", unreadable)
	}
}

// reset tells every member to fetch its lists again; out must be held.
func (t *topic) reset(now bus.Position) {
	t.ring, t.bytes, t.at = nil, 0, now
	frame := &conversev1.ServerFrame{Resets: []*conversev1.Reset{{Stream: string(t.key), At: now.String()}}}
	var whole [encodings]*segment
	for _, s := range t.members {
		if whole[s.encoding] == nil {
			seg, err := wholeSegment(frame, s.encoding)
			if err != nil {
				t.hub.log.Error("encode reset", "cause", err)
				return
			}
			whole[s.encoding] = seg
		}
		s.send(whole[s.encoding])
		s.doubt()
	}
}

// endSignedOut closes the members whose sign-in has just ended; out must be held.
func (t *topic) endSignedOut(entries []bus.Entry) {
	for _, e := range entries {
		if eventField(e.Payload) != fieldSignedOut {
			continue
		}
		var event conversev1.Event
		if proto.Unmarshal(e.Payload, &event) != nil {
			continue
		}
		ended := chat.SignInID(event.GetSignedOut().GetSignInId())
		for _, s := range t.members {
			if ended == "" || s.who.SignIn == ended {
				s.close(CodeSignedOut)
			}
		}
	}
}
