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

// ReceiveAlone stores one message in a transaction of its own.
func (s *Store) ReceiveAlone(ctx context.Context, org chat.OrgID, a Arrival, r Received) error {
	_, err := s.receiveAlone(ctx, arrived{org: org, Arrival: a, Received: r})
	return err
}

// Audit adds an entry in a transaction of its own.
func (s *Store) Audit(ctx context.Context, p chat.Principal, e chat.AuditEntry) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error { return t.audit(ctx, p, e) })
}

// RecomputeAccess works out the access of users in a transaction of its own.
func (s *Store) RecomputeAccess(ctx context.Context, org chat.OrgID, users ...chat.UserID) error {
	return s.inOrg(ctx, org, func(t *tx) error { return t.recomputeAccess(ctx, users...) })
}
