package hub

import (
	"sync"
	"time"

	"converse/internal/bus"
	"converse/internal/chat"
)

// topic is one stream that sessions of this node follow.
//
// Two locks keep the bus from ever waiting for sessions: what arrives is appended
// under in, and delivered under out. Whoever needs both takes out first.
type topic struct {
	hub *Hub
	key chat.Topic

	in       sync.Mutex
	live     bool         // seen is a place in the stream
	seen     bus.Position // the last event that arrived in order
	arrived  []bus.Entry  // in order, not delivered yet
	ahead    []bus.Entry  // arrived before what they follow
	signals  [][]byte     // not kept, not delivered yet
	lost     bool         // events were lost for good: reset everyone
	urgent   bool         // more waits than ticks
	queued   bool         // stands in the workers' line, or is being served
	ticks    *time.Timer  // runs out when ticks have waited long enough; nil when none wait
	catching bool         // a catch-up is under way
	again    bool         // it may have looked too early and must look once more

	out     sync.Mutex
	ready   chan struct{} // closed when live or dead
	at      bus.Position  // the last event delivered
	ring    []*segment    // the last segments, without a gap, up to at
	bytes   int           // size of ring
	members []*session
	empty   time.Time // since when nobody follows
	dead    bool      // forgotten by the hub: nobody may join any more
}

// topic returns the topic with that key, subscribing to it if it is new here.
func (h *Hub) topic(key chat.Topic) *topic {
	if t := h.findTopic(key); t != nil {
		return t
	}
	// One at a time, so that a topic that comes and one that goes cannot cross.
	h.subscribing.Lock()
	defer h.subscribing.Unlock()
	if t := h.findTopic(key); t != nil {
		return t
	}
	t := &topic{hub: h, key: key, ready: make(chan struct{}), empty: time.Now()}
	h.topicsMu.Lock()
	h.topics[key] = t
	h.topicsMu.Unlock()
	if err := h.bus.Subscribe(h.ctx, key); err != nil {
		h.log.Warn("subscribe to topic", "cause", err)
	}
	return t
}

func (h *Hub) findTopic(key chat.Topic) *topic {
	h.topicsMu.RLock()
	defer h.topicsMu.RUnlock()
	return h.topics[key]
}

func (h *Hub) allTopics() []*topic {
	h.topicsMu.RLock()
	defer h.topicsMu.RUnlock()
	all := make([]*topic, 0, len(h.topics))
	for _, t := range h.topics {
		all = append(all, t)
	}
	return all
}

// forget takes a topic that nobody follows out of the hub.
func (h *Hub) forget(t *topic) {
	h.subscribing.Lock()
	defer h.subscribing.Unlock()
	if !t.die() {
		return
	}
	h.topicsMu.Lock()
	delete(h.topics, t.key)
	h.topicsMu.Unlock()
	if err := h.bus.Unsubscribe(h.ctx, t.key); err != nil {
		h.log.Warn("unsubscribe from topic", "cause", err)
	}
}

// forgetAll lets the bus go when nobody is left.
func (h *Hub) forgetAll() {
	for _, t := range h.allTopics() {
		h.forget(t)
	}
}

// die closes the topic to new members if it has none. Those who wait for it to go
// live are woken, and find another under its key.
func (t *topic) die() bool {
	t.out.Lock()
	defer t.out.Unlock()
	if t.dead || len(t.members) > 0 {
		return false
	}
	t.dead = true
	t.in.Lock()
	defer t.in.Unlock()
	if !t.live {
		close(t.ready)
	}
	t.stopTicks()
	return true
}

// remove takes a session out of the topic.
func (t *topic) remove(s *session) {
	t.out.Lock()
	defer t.out.Unlock()
	for i, member := range t.members {
		if member == s {
			last := len(t.members) - 1
			t.members[i] = t.members[last]
			t.members[last] = nil
			t.members = t.members[:last]
			break
		}
	}
	if len(t.members) == 0 {
		t.empty = time.Now()
	}
}
