package store

import (
	"context"

	"converse/internal/chat"
)

// recompute is recomputeAccess for the users of a list, of whom there may be none.
func (t *tx) recompute(ctx context.Context, users []chat.UserID) error {
	if len(users) == 0 {
		return nil
	}
	return t.recomputeAccess(ctx, users...)
}
