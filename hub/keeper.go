package hub

import (
	"context"
	"maps"
	"slices"
	"time"

	"converse/internal/bus"
	"converse/internal/chat"
)

// keepSessions pings, and closes what does not say hello or has gone silent. One
// loop for all sessions costs less than a timer in each.
func (h *Hub) keepSessions() {
	h.every(min(time.Second, h.options.Times.Ping/4, h.options.Times.Hello/4), func(now time.Time) {
		for _, s := range h.all() {
			s.keep(now)
		}
	})
}

func (h *Hub) all() []*session {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]*session, 0, len(h.sessions))
	for s := range h.sessions {
		list = append(list, s)
	}
	return list
}

// keep looks after one session.
func (s *session) keep(now time.Time) {
	times := s.hub.options.Times
	s.mu.Lock()
	greeted := s.greeted
	s.mu.Unlock()
	switch {
	case !greeted:
		if now.Sub(s.begun) > times.Hello {
			s.close(CodeHelloTimeout)
		}
	case !s.allowed():
		s.close(CodePolicy)
	case s.heard.since(now) > 2*times.Ping+times.Write:
		s.close(CodeNoPong)
	case s.pinged.since(now) >= times.Ping:
		s.pinged.set(now)
		s.send(s.hub.ping)
	}
}

// keepSignIns checks what events may have failed to say: that sign-ins still stand, and
// that what their users may see is still the same.
func (h *Hub) keepSignIns() {
	h.every(h.options.Times.SignIns, func(time.Time) { h.auditSignIns() })
}

// auditSignIns closes the sessions that stand on what is over. It asks once an org that
// has any here. When there is no answer, none is waited for about the other orgs: all
// are asked again next time.
func (h *Hub) auditSignIns() {
	byOrg := map[chat.OrgID]map[chat.Standing][]*session{}
	for _, s := range h.all() {
		s.mu.Lock()
		greeted := s.greeted
		s.mu.Unlock()
		if !greeted {
			continue
		}
		if byOrg[s.who.Org] == nil {
			byOrg[s.who.Org] = map[chat.Standing][]*session{}
		}
		on := chat.Standing{SignIn: s.who.SignIn, AccessVersion: s.who.AccessVersion}
		byOrg[s.who.Org][on] = append(byOrg[s.who.Org][on], s)
	}
	for org, standings := range byOrg {
		if !h.auditOrg(org, standings) {
			return
		}
	}
}

func (h *Hub) auditOrg(org chat.OrgID, standings map[chat.Standing][]*session) bool {
	ctx, cancel := context.WithTimeout(h.ctx, 5*time.Second)
	defer cancel()
	fallen, err := h.guard.Fallen(ctx, org, slices.Collect(maps.Keys(standings)))
	if err != nil {
		h.log.Warn("check sign-ins", "cause", err)
		return false
	}
	for _, f := range fallen {
		code := CodeAccessChanged
		if f.Ended {
			code = CodeSignedOut
		}
		for _, s := range standings[f.Standing] {
			s.close(code)
		}
	}
	return true
}

// keepTopics checks that no stream has moved on unseen, and forgets topics that
// nobody has followed for long.
func (h *Hub) keepTopics() {
	h.every(h.options.Times.Audit, func(now time.Time) {
		var followed []*topic
		for _, t := range h.allTopics() {
			if t.idle(now) {
				h.forget(t)
			} else {
				followed = append(followed, t)
			}
		}
		for piece := range slices.Chunk(followed, 500) {
			if !h.auditTopics(piece) {
				return
			}
		}
	})
}

// idle reports whether nobody has followed the topic for long.
func (t *topic) idle(now time.Time) bool {
	t.out.Lock()
	defer t.out.Unlock()
	return !t.followed() && now.Sub(t.empty) > t.hub.options.Times.Linger
}

func (h *Hub) auditTopics(list []*topic) bool {
	keys := make([]chat.Topic, len(list))
	for i, t := range list {
		keys[i] = t.key
	}
	ctx, cancel := context.WithTimeout(h.ctx, 5*time.Second)
	defer cancel()
	positions, err := h.bus.Positions(ctx, keys)
	if err != nil {
		h.log.Warn("check streams", "cause", err)
		return false
	}
	for i, p := range positions {
		list[i].compare(p)
	}
	return true
}

// compare reads what is missing if the stream is elsewhere than was seen here. A
// stream that is behind has gone back, or its position is old by now; a look tells.
func (t *topic) compare(now bus.Position) {
	t.in.Lock()
	elsewhere := t.live && now != t.seen
	t.in.Unlock()
	if elsewhere {
		t.catchUp()
	}
}
