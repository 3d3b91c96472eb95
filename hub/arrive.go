package hub

import (
	"time"

	"converse/internal/bus"
	"converse/internal/chat"
)

// receiver takes what the bus delivers. Nothing here waits.
type receiver struct{ hub *Hub }

// Subscribed implements bus.Receiver: events may have passed unseen until now.
func (r receiver) Subscribed(key chat.Topic) {
	if t := r.hub.findTopic(key); t != nil {
		t.catchUp()
	}
}

// Entry implements bus.Receiver.
func (r receiver) Entry(e bus.Entry) {
	t := r.hub.findTopic(e.Topic)
	if t == nil {
		return
	}
	t.in.Lock()
	defer t.in.Unlock()
	t.accept(e)
	t.look()
}

// Signal implements bus.Receiver.
func (r receiver) Signal(key chat.Topic, payload []byte) {
	t := r.hub.findTopic(key)
	if t == nil {
		return
	}
	t.in.Lock()
	defer t.in.Unlock()
	if len(t.signals) < maxSignals {
		t.signals = append(t.signals, payload)
	}
	t.hurry()
}

// maxSignals bounds the signals that wait for one turn; a lost one is made good by
// the next.
const maxSignals = 256

// accept takes an event if it is the next one. Otherwise something before it is
// missing, and it is kept until that has been read; in must be held.
func (t *topic) accept(e bus.Entry) {
	switch {
	case !t.live || e.Epoch != t.seen.Epoch || e.Offset > t.seen.Offset+1:
		if len(t.ahead) < t.hub.options.Limits.Missed {
			t.ahead = append(t.ahead, e)
		} else {
			t.again = true // no room: it is to be read
		}
		return
	case e.Offset <= t.seen.Offset:
		return // seen before
	case len(t.arrived) >= mostArrived*t.hub.options.Limits.Missed:
		t.arrived = append(t.arrived, e)
		t.lose(e.Position)
		return
	}
	t.seen = e.Position
	t.arrived = append(t.arrived, e)
	if isTick(e.Payload) {
		t.holdTicks()
	} else {
		t.hurry()
	}
}

// mostArrived times the events that a resume delivers is what may wait for the
// workers. More would only be too much for every session.
const mostArrived = 16

// lose gives up everything up to a place in the stream: members are told to fetch
// their lists again. What is still to be delivered from before is part of what they
// will fetch, but what ends sessions among it takes effect. in must be held.
func (t *topic) lose(now bus.Position) {
	keep := t.arrived[:0]
	for _, e := range t.arrived {
		if endsSessions(e.Payload) {
			keep = append(keep, e)
		}
	}
	clear(t.arrived[len(keep):])
	t.seen, t.lost, t.arrived = now, true, keep
	t.hurry()
}

// holdTicks lets ticks wait for others, so that a burst of them is one frame. Any
// other event takes them along at once: order is that of offsets. in must be held.
func (t *topic) holdTicks() {
	if t.ticks != nil || t.urgent {
		return
	}
	t.ticks = time.AfterFunc(t.hub.options.Times.Ticks, func() {
		t.in.Lock()
		defer t.in.Unlock()
		if len(t.arrived) > 0 {
			t.hurry()
		}
	})
}

func (t *topic) stopTicks() {
	if t.ticks != nil {
		t.ticks.Stop()
		t.ticks = nil
	}
}

// hurry puts the topic into the workers' line; in must be held.
func (t *topic) hurry() {
	t.urgent = true
	if !t.queued {
		t.queued = true
		t.hub.workers.add(t)
	}
}
