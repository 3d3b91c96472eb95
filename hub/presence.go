package hub

import (
	"context"
	"time"

	"converse/internal/bus"
	"converse/internal/chat"
)

// The spans of presence, in periods of Times.Presence: with 2 seconds they are 6, 5
// and 90.
const (
	// presenceFetch is how often changes on other nodes are looked for.
	presenceFetch = 3
	// presenceGrace is how long a user without a session is not yet offline: a page
	// that reloads is no change.
	presenceGrace = 2.5
	// presenceLife is how long a mark outlives a node that died.
	presenceLife = 45
)

func (h *Hub) presencePeriods(n float64) time.Duration {
	return time.Duration(n * float64(h.options.Times.Presence))
}

// userState is a user's sessions on this node. hub.mu guards it.
type userState struct {
	org      chat.OrgID
	sessions map[*session]struct{}
	left     time.Time // when the last session went
	// marked is what the bus was told of the user by this node, and renewed when.
	marked  chat.PresenceState
	renewed time.Time
}

// addToUser counts the session to its user, unless the user has too many.
func (h *Hub) addToUser(s *session) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	u := h.users[s.who.User]
	if u == nil {
		u = &userState{org: s.who.Org, sessions: map[*session]struct{}{}, marked: chat.PresenceOffline}
		h.users[s.who.User] = u
	}
	if len(u.sessions) >= h.options.Limits.Sessions {
		return false
	}
	u.sessions[s] = struct{}{}
	o := h.orgs[u.org]
	if o == nil {
		o = &orgState{}
		h.orgs[u.org] = o
	}
	o.sessions++
	return true
}

func (h *Hub) removeFromUser(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	u := h.users[s.who.User]
	delete(u.sessions, s)
	u.left = time.Now()
	if o := h.orgs[u.org]; o.sessions > 1 {
		o.sessions--
	} else {
		delete(h.orgs, u.org)
	}
}

// presenceOf is the user's presence through this node; mu must be held.
func (h *Hub) presenceOf(u *userState, now time.Time) chat.PresenceState {
	if len(u.sessions) == 0 {
		if now.Sub(u.left) < h.presencePeriods(presenceGrace) {
			return u.marked
		}
		return chat.PresenceOffline
	}
	for s := range u.sessions {
		if s.active.since(now) < h.options.Times.Idle {
			return chat.PresenceOnline
		}
	}
	return chat.PresenceIdle
}

// keepPresence announces changes of this node's users and passes on those of others.
func (h *Hub) keepPresence() {
	h.every(h.options.Times.Presence, func(now time.Time) {
		marks, orgs := h.presenceWork(now)
		if err := h.setPresence(marks, now); err != nil {
			h.log.Warn("announce presence", "cause", err)
			return
		}
		for _, org := range orgs {
			h.refreshPresence(org)
		}
	})
	h.letGo()
}

// presenceWork lists the marks to set now, and the orgs to look at.
func (h *Hub) presenceWork(now time.Time) (marks []bus.PresenceMark, orgs []chat.OrgID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	life := h.presencePeriods(presenceLife)
	changed := map[chat.OrgID]bool{}
	for id, u := range h.users {
		state := h.presenceOf(u, now)
		if state == chat.PresenceOffline && u.marked == state {
			delete(h.users, id)
			continue
		}
		if state != u.marked || now.Sub(u.renewed) > life/3 {
			changed[u.org] = changed[u.org] || state != u.marked
			marks = append(marks, bus.PresenceMark{Org: u.org, User: id, Node: h.options.Node, State: state, Until: now.Add(life)})
		}
	}
	for id, o := range h.orgs {
		if changed[id] || now.Sub(o.fetched) > h.presencePeriods(presenceFetch) {
			o.fetched = now
			orgs = append(orgs, id)
		}
	}
	return marks, orgs
}

// setPresence writes marks in pieces, so that one call stays short. What could not
// be written is tried again in the next period.
func (h *Hub) setPresence(marks []bus.PresenceMark, now time.Time) error {
	for len(marks) > 0 {
		n := min(len(marks), 500)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		err := h.bus.SetPresence(ctx, marks[:n])
		cancel()
		if err != nil {
			return err
		}
		h.presenceSet(marks[:n], now)
		h.options.Marked(marks[:n])
		marks = marks[n:]
	}
	return nil
}

// presenceSet notes what the bus knows.
func (h *Hub) presenceSet(marks []bus.PresenceMark, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range marks {
		if u := h.users[m.User]; u != nil {
			u.marked, u.renewed = m.State, now
		}
	}
}

// letGo has this node's marks expire soon when it stops: most users come back on
// another node before that.
func (h *Hub) letGo() {
	now := time.Now()
	h.mu.Lock()
	var marks []bus.PresenceMark
	for id, u := range h.users {
		if u.marked != chat.PresenceOffline {
			marks = append(marks, bus.PresenceMark{
				Org: u.org, User: id, Node: h.options.Node, State: u.marked, Until: now.Add(h.presencePeriods(presenceGrace)),
			})
		}
	}
	h.mu.Unlock()
	if err := h.setPresence(marks, now); err != nil {
		h.log.Warn("take users offline", "cause", err)
	}
}
