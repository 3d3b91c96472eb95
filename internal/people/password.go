package people

import (
	"context"

	"converse/internal/auth"
	"converse/internal/chat"
)

// errLink is the answer to a link that works no more, whatever the reason.
func errLink() error {
	return &chat.Error{
		Code: chat.CodeNotFound, Field: "token", Message: "This link does not work any more. Ask your administrator for another.",
	}
}

// LookUp returns whose a link is, and the rules for the password they will choose.
func (s *Service) LookUp(ctx context.Context, token string) (chat.PasswordLink, chat.AccountPolicy, error) {
	link, ok, err := s.store.PasswordLink(ctx, auth.TokenHash(token))
	if err == nil && !ok {
		err = errLink()
	}
	if err != nil {
		return link, chat.AccountPolicy{}, err
	}
	policy, err := s.store.AccountPolicy(ctx, link.Org.ID)
	return link, policy, err
}

// Accept uses up a link and gives its user a password. It returns the user, who is not
// signed in by it.
func (s *Service) Accept(ctx context.Context, token, password, address string) (chat.User, error) {
	link, policy, err := s.LookUp(ctx, token)
	if err != nil {
		return chat.User{}, err
	}
	hash, err := s.choose(ctx, link.Org.ID, policy, "password", password, link.User)
	if err != nil {
		return chat.User{}, err
	}
	ok, err := s.store.UsePasswordLink(ctx, link.Org.ID, auth.TokenHash(token), hash, address)
	if err == nil && !ok {
		err = errLink()
	}
	return link.User, err
}

// ChangePassword replaces the principal's password, which they must know, and signs
// them out everywhere else.
func (s *Service) ChangePassword(ctx context.Context, p chat.Principal, old, fresh string) error {
	hashes, err := s.store.PasswordHashes(ctx, p.Org, p.User)
	if err != nil {
		return err
	}
	right, err := s.signIns.Guess(ctx, p, old, hashes[0])
	if err != nil {
		return err
	}
	if !right {
		return chat.Invalidf("oldPassword", "This is not the password you have now.")
	}
	policy, err := s.store.AccountPolicy(ctx, p.Org)
	if err != nil {
		return err
	}
	user, err := s.store.User(ctx, p.Org, p.User)
	if err != nil {
		return err
	}
	hash, err := s.choose(ctx, p.Org, policy, "newPassword", fresh, user)
	if err != nil {
		return err
	}
	return s.store.ChangePassword(ctx, p, hash)
}

// choose returns the hash of a password that the user may have.
func (s *Service) choose(ctx context.Context, org chat.OrgID, policy chat.AccountPolicy, field, password string, user chat.User) (string, error) {
	if err := auth.CheckPassword(policy, field, password, user); err != nil {
		return "", err
	}
	before, err := s.store.PasswordHashes(ctx, org, user.ID)
	if err != nil {
		return "", err
	}
	for _, hash := range before {
		if hash == "" {
			continue // nobody has chosen one yet
		}
		same, err := s.passwords.Matches(ctx, password, hash)
		if err != nil {
			return "", err
		}
		if same {
			return "", chat.Invalidf(field, "You have had this password before. Choose another.")
		}
	}
	return s.passwords.Hash(ctx, password)
}

// Policy is the org's rules for passwords and sessions.
func (s *Service) Policy(ctx context.Context, p chat.Principal) (chat.AccountPolicy, error) {
	return s.store.AccountPolicy(ctx, p.Org)
}

// SetPolicy changes them.
func (s *Service) SetPolicy(ctx context.Context, p chat.Principal, policy chat.AccountPolicy) error {
	if err := policy.Check(); err != nil {
		return err
	}
	return s.store.SetAccountPolicy(ctx, p, policy)
}
