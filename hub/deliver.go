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
		t.endSessions(arrived)
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
	t.endSessions(arrived)
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

// fanOut hands a segment to every member, as each may see it; out must be held.
func (t *topic) fanOut(seg *segment) {
	t.hand(t.members, seg)
	for _, g := range t.groups {
		// What is not kept and not for them need not move them on.
		if shown := t.through(g.view, seg); shown.at != "" || len(shown.events) > 0 {
			t.hand(g.members, shown)
		}
	}
}

func (t *topic) hand(members []*session, seg *segment) {
	for _, s := range members {
		t.prepare(seg, s.encoding)
		s.send(seg)
	}
	t.hub.metrics.deliveries.Add(float64(len(seg.events) * len(members)))
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
	for s := range t.everyone() {
		if whole[s.encoding] == nil {
			seg, err := wholeSegment(frame, s.encoding)
			if err != nil {
				t.hub.log.Error("encode reset", "cause", err)
				return
			}
			whole[s.encoding] = seg
		}
		s.send(whole[s.encoding])
	}
}

// endSessions closes the members whose sign-in has just ended, or who may see something
// else from now on; out must be held.
func (t *topic) endSessions(entries []bus.Entry) {
	for _, e := range entries {
		if !endsSessions(e.Payload) {
			continue
		}
		var event conversev1.Event
		if proto.Unmarshal(e.Payload, &event) != nil {
			continue
		}
		out, changed := event.GetSignedOut(), event.GetAccessChanged()
		for s := range t.everyone() {
			switch {
			case out != nil && (out.GetSignInId() == "" || s.who.SignIn == chat.SignInID(out.GetSignInId())):
				s.close(CodeSignedOut)
			case changed != nil && s.who.AccessVersion < int(changed.GetVersion()):
				s.close(CodeAccessChanged)
			}
		}
	}
}
