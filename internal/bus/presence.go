package bus

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"converse/internal/chat"
)

// PresenceMark is how a user is reachable through one node.
type PresenceMark = chat.PresenceMark

// presenceBoard keeps marks in memory.
type presenceBoard struct {
	mu    sync.Mutex
	marks map[chat.OrgID]map[markKey]PresenceMark
}

type markKey struct {
	user chat.UserID
	node string
}

func (b *presenceBoard) set(marks []PresenceMark) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.marks == nil {
		b.marks = map[chat.OrgID]map[markKey]PresenceMark{}
	}
	for _, m := range marks {
		key := markKey{m.User, m.Node}
		if m.State == chat.PresenceOffline {
			b.remove(m.Org, key)
			continue
		}
		if b.marks[m.Org] == nil {
			b.marks[m.Org] = map[markKey]PresenceMark{}
		}
		b.marks[m.Org][key] = m
	}
}

func (b *presenceBoard) list(org chat.OrgID, now time.Time) []chat.Presence {
	b.mu.Lock()
	defer b.mu.Unlock()
	var marks []PresenceMark
	for key, m := range b.marks[org] {
		if !m.Until.After(now) {
			b.remove(org, key)
			continue
		}
		marks = append(marks, m)
	}
	return joinMarks(marks)
}

// remove forgets a mark, and the org with its last one; mu must be held.
func (b *presenceBoard) remove(org chat.OrgID, key markKey) {
	delete(b.marks[org], key)
	if len(b.marks[org]) == 0 {
		delete(b.marks, org)
	}
}

// joinMarks is each user's best state over all nodes, ordered by user.
func joinMarks(marks []PresenceMark) []chat.Presence {
	best := map[chat.UserID]chat.PresenceState{}
	for _, m := range marks {
		if best[m.User] != chat.PresenceOnline {
			best[m.User] = m.State
		}
	}
	out := make([]chat.Presence, 0, len(best))
	for user, state := range best {
		out = append(out, chat.Presence{User: user, State: state})
	}
	slices.SortFunc(out, func(a, b chat.Presence) int { return cmp.Compare(a.User, b.User) })
	return out
}
