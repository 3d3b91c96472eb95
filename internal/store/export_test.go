package store

import (
	"context"

	"converse/internal/chat"
)

// ReceiveTogether stores messages that came at the same moment, each in a callback of
// its own, and says which it stored.
func (s *Store) ReceiveTogether(ctx context.Context, org chat.OrgID, arrivals []Arrival, messages []Received) ([]bool, error) {
	list := make([]arrived, len(messages))
	for i := range messages {
		list[i] = arrived{org: org, Arrival: arrivals[i], Received: messages[i]}
	}
	return s.receiveTogether(ctx, list)
}
