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
// Those of all sessions are looked at in turn, and those that are in doubt sooner.
func (h *Hub) keepSignIns() {
	const soon = 4
	turn := 0
	h.every(h.options.Times.Audit/soon, func(time.Time) {
		turn++
		h.auditSignIns(turn%soon == 0)
	})
}

// auditSignIns closes the sessions whose sign-in has ended, looking at all or at
// those in doubt. A widget's is always in doubt: it ends by itself as soon as its host
// page stops asking for tokens.
func (h *Hub) auditSignIns(all bool) {
	byOrg := map[chat.OrgID]map[chat.SignInID][]*session{}
	for _, s := range h.all() {
		s.mu.Lock()
		due := s.greeted && (all || !s.checked || s.who.Via == chat.ViaWidget)
		s.checked = s.checked || due // a doubt that comes up from now on is another one
		s.mu.Unlock()
		if !due {
			continue
		}
		if byOrg[s.who.Org] == nil {
			byOrg[s.who.Org] = map[chat.SignInID][]*session{}
		}
		byOrg[s.who.Org][s.who.SignIn] = append(byOrg[s.who.Org][s.who.SignIn], s)
	}
	failed := false
	for org, signIns := range byOrg {
		if failed = failed || !h.auditOrg(org, signIns); !failed {
			continue
		}
		for _, sessions := range signIns {
			for _, s := range sessions {
				s.doubt()
			}
		}
	}
}

func (h *Hub) auditOrg(org chat.OrgID, signIns map[chat.SignInID][]*session) bool {
	ctx, cancel := context.WithTimeout(h.ctx, 5*time.Second)
	defer cancel()
	ended, err := h.guard.Ended(ctx, org, slices.Collect(maps.Keys(signIns)))
	if err != nil {
		h.log.Warn("check sign-ins", "cause", err)
		return false
	}
	for _, id := range ended {
		for _, s := range signIns[id] {
			s.close(CodeSignedOut)
		}
	}
	return h.auditAccess(ctx, org, signIns)
}

// auditAccess closes the sessions that were opened before what their user may see
// changed.
func (h *Hub) auditAccess(ctx context.Context, org chat.OrgID, signIns map[chat.SignInID][]*session) bool {
	if h.options.Access == nil {
		return true
	}
	users := map[chat.UserID]struct{}{}
	for _, sessions := range signIns {
		for _, s := range sessions {
			users[s.who.User] = struct{}{}
		}
	}
	versions, err := h.options.Access.AccessVersions(ctx, org, slices.Collect(maps.Keys(users)))
	if err != nil {
		h.log.Warn("check accesses", "cause", err)
		return false
	}
	for _, sessions := range signIns {
		for _, s := range sessions {
			if version, ok := versions[s.who.User]; ok && version != s.who.AccessVersion {
				s.close(CodeAccessChanged)
			}
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
