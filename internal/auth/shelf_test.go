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

// Nor has its account a second factor.

func (s *shelf) SecondFactor(context.Context, chat.OrgID, chat.UserID) (chat.SecondFactor, error) {
	return chat.SecondFactor{}, nil
}

func (s *shelf) PrepareSecondFactor(context.Context, chat.Principal, []byte) error { return nil }

func (s *shelf) ConfirmSecondFactor(context.Context, chat.Principal, chat.Proof, [][]byte, chat.FreshSignIn) error {
	return nil
}

func (s *shelf) DisableSecondFactor(context.Context, chat.Principal, chat.Proof) error { return nil }

func (s *shelf) ReplaceRecoveryCodes(context.Context, chat.Principal, chat.Proof, [][]byte) error {
	return nil
}

func (s *shelf) CreateChallenge(context.Context, chat.OrgID, chat.UserID, [sha256.Size]byte, time.Duration) error {
	return nil
}

func (s *shelf) AnswerChallenge(context.Context, chat.OrgID, [sha256.Size]byte, chat.Proof, chat.FreshSignIn) (chat.User, error) {
	return chat.User{}, chat.ChallengeOver()
}

func (s *shelf) AccountPolicy(context.Context, chat.OrgID) (chat.AccountPolicy, error) {
	return chat.AccountPolicy{Absolute: time.Hour}, nil
}

func (s *shelf) TouchSignIns(_ context.Context, _ chat.OrgID, ids []chat.SignInID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = append(s.used, ids...)
	return s.away
}
