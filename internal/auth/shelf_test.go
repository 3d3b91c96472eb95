package auth_test

import (
	"context"
	"crypto/sha256"
	"time"

	"converse/internal/chat"
)

// The shelf has no API keys and no widgets: stored_test.go looks at those.

func (s *shelf) PrincipalByKey(_ context.Context, hash [sha256.Size]byte) (chat.Principal, bool, error) {
	return s.PrincipalByToken(context.Background(), hash)
}

func (s *shelf) PrincipalByWidgetToken(_ context.Context, hash [sha256.Size]byte) (chat.Principal, bool, error) {
	return s.PrincipalByToken(context.Background(), hash)
}

func (s *shelf) CreateWidgetToken(
	context.Context, chat.Principal, chat.UserID, string, [sha256.Size]byte, [sha256.Size]byte, time.Duration,
) (user chat.User, expires time.Time, err error) {
	return chat.User{}, time.Time{}, chat.NotFound("API key")
}
