package hub

import (
	"iter"
	"slices"
	"strings"
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
	members []*session    // who see everything
	groups  []*group      // the others, by what they see; none is empty
	empty   time.Time     // since when nobody follows
	dead    bool          // forgotten by the hub: nobody may join any more
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
	if t.dead || t.followed() {
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

// add makes a session a member; out must be held.
func (t *topic) add(s *session) {
	if s.view == nil {
		t.members = append(t.members, s)
		return
	}
	for _, g := range t.groups {
		if g.key == s.view.key {
			g.members = append(g.members, s)
			return
		}
	}
	t.groups = append(t.groups, &group{view: s.view, members: []*session{s}})
}

// remove takes a session out of the topic.
func (t *topic) remove(s *session) {
	t.out.Lock()
	defer t.out.Unlock()
	t.members = without(t.members, s)
	for i, g := range t.groups {
		if g.members = without(g.members, s); len(g.members) == 0 {
			t.groups = slices.Delete(t.groups, i, i+1)
			break
		}
	}
	if !t.followed() {
		t.empty = time.Now()
	}
}

// without takes a session out of a list, whose order does not matter.
func without(members []*session, s *session) []*session {
	i := slices.Index(members, s)
	if i < 0 {
		return members
	}
	last := len(members) - 1
	members[i] = members[last]
	members[last] = nil
	return members[:last]
}

// followed reports whether the topic has members; out must be held.
func (t *topic) followed() bool { return len(t.members)+len(t.groups) > 0 }

// everyone goes through all members; out must be held.
func (t *topic) everyone() iter.Seq[*session] {
	return func(yield func(*session) bool) {
		for _, s := range t.members {
			if !yield(s) {
				return
			}
		}
		for _, g := range t.groups {
			for _, s := range g.members {
				if !yield(s) {
					return
				}
			}
		}
	}
}

// personal reports whether the topic is one user's own.
func (t *topic) personal() bool { return strings.HasPrefix(string(t.key), "u:") }
