package hub

import (
	"context"
	"maps"
	"time"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

// mostPresent is how many people an org may have online for presence to be shown:
// everyone is told of everyone, which grows with the square.
const mostPresent = 500

// orgState is what sessions of an org have been told of each other. hub.mu guards it.
type orgState struct {
	sessions int
	known    map[chat.UserID]chat.PresenceState
	fetched  time.Time
	// roster is known as a frame; nil until somebody asks for it.
	roster [encodings]*segment
}

// refreshPresence tells an org's sessions on this node what has changed.
func (h *Hub) refreshPresence(org chat.OrgID) {
	ctx, cancel := context.WithTimeout(h.ctx, 5*time.Second)
	defer cancel()
	present, err := h.bus.Presence(ctx, org)
	if err != nil {
		h.log.Warn("read presence", "cause", err)
		return
	}
	h.learn(org, present)
}

// learn replaces what is known of an org and signals what is new. Both are one step,
// so that the last signal a session gets is the latest.
func (h *Hub) learn(org chat.OrgID, present []chat.Presence) {
	hidden := len(present) > mostPresent
	if hidden {
		present = nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	o := h.orgs[org]
	if o == nil {
		return
	}
	t := h.findTopic(chat.OrgTopic(org))
	known := make(map[chat.UserID]chat.PresenceState, len(present))
	for _, p := range present {
		known[p.User] = p.State
		if o.known[p.User] != p.State {
			t.signal(chat.Event{Presence: &p})
		}
	}
	for user, state := range o.known {
		if _, still := known[user]; still {
			continue
		}
		if u := h.users[user]; u != nil && len(u.sessions) > 0 && !hidden {
			// The bus has lost the mark of somebody who is here: it is to be told again.
			u.renewed = time.Time{}
			known[user] = state
			continue
		}
		t.signal(chat.Event{Presence: &chat.Presence{User: user, State: chat.PresenceOffline}})
	}
	if !maps.Equal(o.known, known) {
		o.roster = [encodings]*segment{}
	}
	o.known = known
}

// roster is the frame that says who of an org is reachable. It is encoded once for
// all sessions, until somebody comes or goes.
func (h *Hub) roster(ctx context.Context, org chat.OrgID, e encoding) (*segment, error) {
	h.mu.Lock()
	o := h.orgs[org]
	fresh := o != nil && o.known != nil
	h.mu.Unlock()
	if !fresh {
		if present, err := h.bus.Presence(ctx, org); err == nil {
			h.learn(org, present)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if o = h.orgs[org]; o == nil {
		o = &orgState{} // the session has left meanwhile
	}
	if o.roster[e] != nil {
		return o.roster[e], nil
	}
	list := make([]*conversev1.Presence, 0, len(o.known))
	for user, state := range o.known {
		list = append(list, wire.Presence(chat.Presence{User: user, State: state}))
	}
	seg, err := wholeSegment(&conversev1.ServerFrame{Roster: &conversev1.Roster{Presence: list}}, e)
	o.roster[e] = seg
	return seg, err
}

// signal delivers an event that is not kept to this node's members. There is no
// topic when nobody follows it.
func (t *topic) signal(e chat.Event) {
	if t == nil {
		return
	}
	payload, err := wire.EncodeEvent(e)
	if err != nil {
		t.hub.log.Error("encode signal", "cause", err)
		return
	}
	t.in.Lock()
	defer t.in.Unlock()
	t.signals = append(t.signals, payload)
	t.hurry()
}
