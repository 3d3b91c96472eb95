package bus_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/bus"
	"converse/internal/chat"
)

// patience bounds every wait of these tests; it says nothing about how long
// something may take.
const patience = 20 * time.Second

// heard is one call of a receiver.
type heard struct {
	kind    string // subscribed, entry or signal
	entry   bus.Entry
	payload string
}

// recorder keeps every call of a receiver, per topic in order.
type recorder struct {
	mu      sync.Mutex
	calls   map[chat.Topic][]heard
	changed chan struct{}
	hold    func(bus.Entry) // called with every entry, before it is kept
}

func newRecorder() *recorder {
	return &recorder{calls: map[chat.Topic][]heard{}, changed: make(chan struct{})}
}

func (r *recorder) add(topic chat.Topic, h heard) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls[topic] = append(r.calls[topic], h)
	close(r.changed)
	r.changed = make(chan struct{})
}

// ears is a recorder as the bus sees it.
type ears struct{ *recorder }

func (r ears) Subscribed(topic chat.Topic) { r.add(topic, heard{kind: "subscribed"}) }

func (r ears) Entry(e bus.Entry) {
	if r.hold != nil {
		r.hold(e)
	}
	r.add(e.Topic, heard{kind: "entry", entry: e, payload: string(e.Payload)})
}

func (r ears) Signal(topic chat.Topic, payload []byte) {
	r.add(topic, heard{kind: "signal", payload: string(payload)})
}

// all is what has been heard of a topic so far.
func (r *recorder) all(topic chat.Topic) []heard {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.calls[topic])
}

// wait returns what has been heard of a topic once ok accepts it.
func (r *recorder) wait(t *testing.T, topic chat.Topic, ok func([]heard) bool) []heard {
	t.Helper()
	over := time.NewTimer(patience)
	defer over.Stop()
	for {
		r.mu.Lock()
		list, changed := slices.Clone(r.calls[topic]), r.changed
		r.mu.Unlock()
		if ok(list) {
			return list
		}
		select {
		case <-changed:
		case <-over.C:
			require.FailNow(t, "waited in vain", "topic %s: %d calls, the last %+v", topic, len(list), list[max(0, len(list)-5):])
		}
	}
}

// entries waits for a number of entries and returns all there are.
func (r *recorder) entries(t *testing.T, topic chat.Topic, n int) []bus.Entry {
	t.Helper()
	return entriesIn(r.wait(t, topic, func(list []heard) bool { return len(entriesIn(list)) >= n }))
}

// subscribed waits until a topic has been subscribed to a number of times.
func (r *recorder) subscribed(t *testing.T, topic chat.Topic, times int) {
	t.Helper()
	r.wait(t, topic, func(list []heard) bool { return count(list, "subscribed") >= times })
}

func entriesIn(list []heard) []bus.Entry {
	var out []bus.Entry
	for _, h := range list {
		if h.kind == "entry" {
			out = append(out, h.entry)
		}
	}
	return out
}

func count(list []heard, kind string) int {
	n := 0
	for _, h := range list {
		if h.kind == kind {
			n++
		}
	}
	return n
}

// requireNoSilentHole checks the contract of a subscription: entries of one epoch
// follow each other without a gap unless Subscribed was called in between.
func requireNoSilentHole(t *testing.T, list []heard) {
	t.Helper()
	var last bus.Position
	for i, h := range list {
		switch h.kind {
		case "subscribed":
			last = bus.Position{}
		case "entry":
			if last.Epoch != "" && (h.entry.Epoch != last.Epoch || h.entry.Offset != last.Offset+1) {
				require.FailNow(t, "a silent hole", "call %d: %v follows %v", i, h.entry.Position, last)
			}
			last = h.entry.Position
		}
	}
}
