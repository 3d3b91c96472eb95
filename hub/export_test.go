package hub

import (
	"google.golang.org/protobuf/encoding/protowire"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// Unopened is how many connections have not said hello.
func Unopened(h *Hub) int64 { return h.unopened.Load() }

// Topics is how many topics the hub holds.
func Topics(h *Hub) int { return len(h.allTopics()) }

// Owned is of how many conversations the hub remembers whose they are.
func Owned(h *Hub) int {
	h.owned.mu.Lock()
	defer h.owned.mu.Unlock()
	return len(h.owned.known)
}

// Members is how many sessions follow a topic.
func Members(h *Hub, key chat.Topic) int {
	t := h.findTopic(key)
	if t == nil {
		return 0
	}
	t.out.Lock()
	defer t.out.Unlock()
	n := 0
	for range t.everyone() {
		n++
	}
	return n
}

// AboutLead reports whether an event is about a lead, by the number of its field.
func AboutLead(field protowire.Number) bool { return aboutLead(field) }

// Waiting is how many bytes wait for clients to read.
func Waiting(h *Hub) int {
	n := 0
	for _, s := range h.all() {
		s.mu.Lock()
		for _, seg := range s.queue {
			n += seg.size(s.encoding)
		}
		s.mu.Unlock()
	}
	return n
}

// JSONBatch is a batch as browsers get it.
func JSONBatch(stream, at string, events [][]byte) ([]byte, int) {
	return appendJSONBatch(nil, stream, at, events, shapeOf((&conversev1.Event{}).ProtoReflect().Descriptor()))
}
