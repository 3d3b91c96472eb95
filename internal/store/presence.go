package store

import (
	"context"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// SetPresence notes how users are reachable, of any orgs, and returns who has come
// online with it: they were not before, on any node.
func (s *Store) SetPresence(ctx context.Context, marks []chat.PresenceMark) (map[chat.OrgID][]chat.UserID, error) {
	var p db.SetPresenceParams
	now := time.Now()
	for _, m := range marks {
		p.OrgIds, p.UserIds = append(p.OrgIds, string(m.Org)), append(p.UserIds, string(m.User))
		p.Nodes, p.States = append(p.Nodes, m.Node), append(p.States, string(m.State))
		// The database counts from its own clock.
		p.Lives = append(p.Lives, m.Until.Sub(now))
	}
	rows, err := s.queries().SetPresence(ctx, p)
	came := map[chat.OrgID][]chat.UserID{}
	for _, r := range rows {
		came[r.OrgID] = append(came[r.OrgID], r.UserID)
	}
	return came, err
}

// ForgetPresence removes the marks of nodes that are long gone.
func (s *Store) ForgetPresence(ctx context.Context) error { return s.queries().ForgetPresence(ctx) }
