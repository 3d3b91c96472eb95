package store

import (
	"context"
	"errors"

	"converse/internal/chat"
)

// PollSoon ends a callback that says that something happened which only a poll will tell,
// and has the provider asked soon after the commit.
func (s *Store) PollSoon(ctx context.Context, org chat.OrgID, a Arrival, why string) (CallbackEnd, error) {
	end := CallbackEnd{Result: ResultIgnored, Why: why}
	err := s.inOrg(ctx, org, func(t *tx) error {
		return errors.Join(t.pollSoon(ctx, a.Connector), t.arrive(ctx, a, end))
	})
	return end, err
}
