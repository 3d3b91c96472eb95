package people

import (
	"context"

	"github.com/mileusna/useragent"

	"converse/internal/chat"
)

// Sessions lists where a user is signed in: the principal when id is empty, or for an
// administrator anyone.
func (s *Service) Sessions(ctx context.Context, p chat.Principal, id chat.UserID) ([]chat.SignIn, error) {
	if id == "" {
		id = p.User
	}
	return s.store.SignInsOf(ctx, p, id)
}

// Revoke ends one session, the principal's own or for an administrator anyone's.
func (s *Service) Revoke(ctx context.Context, p chat.Principal, id chat.SignInID) error {
	err := s.store.RevokeSignIn(ctx, p, id)
	s.signIns.Forget(id)
	return err
}

// RevokeOthers ends all of the principal's sessions but the one that asks.
func (s *Service) RevokeOthers(ctx context.Context, p chat.Principal) (int, error) {
	return s.store.RevokeSignIns(ctx, p, p.User, p.SignIn)
}

// SignOut ends all sessions of a user.
func (s *Service) SignOut(ctx context.Context, p chat.Principal, id chat.UserID) (int, error) {
	return s.store.RevokeSignIns(ctx, p, id, "")
}

// Device says in words what a User-Agent is, such as "Chrome on Windows".
func Device(agent string) string {
	ua := useragent.Parse(agent)
	system := ua.OS
	if ua.Device != "" && ua.Mobile {
		system = ua.Device
	}
	switch {
	case ua.Name == "" && system == "":
		return "A program"
	case ua.Name == "":
		return "A browser on " + system
	case system == "":
		return ua.Name
	}
	return ua.Name + " on " + system
}
