package hub

import (
	"context"
	"sync"
	"time"

	"converse/internal/chat"
)

// Access knows what users may see now.
type Access interface {
	// OwnerOf returns whose lead a conversation is with, "" for an unassigned one. ok is
	// false when there is no such conversation.
	OwnerOf(ctx context.Context, org chat.OrgID, id chat.ConversationID) (owner chat.UserID, ok bool, err error)
}

// owned remembers for a short while whose conversations are: whoever writes says so
// every few seconds.
type owned struct {
	mu    sync.Mutex // guards known
	known map[ownedKey]ownedBy
}

type ownedKey struct {
	org          chat.OrgID
	conversation chat.ConversationID
}

type ownedBy struct {
	owner chat.UserID
	ok    bool
	until time.Time
}

const (
	// ownedLife is how long an answer is believed.
	ownedLife = 10 * time.Second
	// mostOwned bounds what is remembered; more at once is forgotten altogether.
	mostOwned = 10_000
)

// ownerOf asks whose lead a conversation is with. Without anybody to ask, every one is
// an unassigned lead's.
func (h *Hub) ownerOf(ctx context.Context, org chat.OrgID, id chat.ConversationID) (chat.UserID, bool, error) {
	if h.options.Access == nil {
		return "", true, nil
	}
	now, key := time.Now(), ownedKey{org, id}
	h.owned.mu.Lock()
	found, known := h.owned.known[key]
	h.owned.mu.Unlock()
	if known && now.Before(found.until) {
		return found.owner, found.ok, nil
	}
	owner, ok, err := h.options.Access.OwnerOf(ctx, org, id)
	if err != nil {
		return "", false, err
	}
	h.owned.mu.Lock()
	defer h.owned.mu.Unlock()
	if h.owned.known == nil || len(h.owned.known) >= mostOwned {
		h.owned.known = map[ownedKey]ownedBy{}
	}
	h.owned.known[key] = ownedBy{owner, ok, now.Add(ownedLife)}
	return owner, ok, nil
}
