// Package people is how an org's people come, change and go: invitations, roles,
// groups, password links, passwords and the sessions of each.
//
// It owns what a good name, address and password is, and how the token of a link is
// made. It promises that a token is returned once and kept nowhere but as a hash, that
// a password is checked against the org's rules before it is hashed, and that a wrong
// old password counts like a wrong one at signing in. Who may change whom is decided
// by the store, in the transaction that does it.
//
// It must not know HTTP, cookies or how an answer is encoded.
package people

import (
	"context"
	"net/mail"
	"strings"
	"time"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/store"
)

// Service manages people. It is safe for concurrent use.
type Service struct {
	store     *store.Store
	passwords *auth.Passwords
	signIns   *auth.SignIns
}

// New returns a service on a store.
func New(s *store.Store, passwords *auth.Passwords, signIns *auth.SignIns) *Service {
	return &Service{store: s, passwords: passwords, signIns: signIns}
}

// Member is a user as the principal may see and change them.
type Member struct {
	chat.Member
	// Manageable: the principal may change them.
	Manageable bool
	// Leads is how many they own; only of one member asked for alone.
	Leads int
}

// Members lists the users whom the principal may see, by name.
func (s *Service) Members(ctx context.Context, p chat.Principal) ([]Member, error) {
	may, err := s.store.Management(ctx, p)
	if err != nil {
		return nil, err
	}
	found, err := s.store.Members(ctx, p)
	out := make([]Member, len(found))
	for i, m := range found {
		out[i] = Member{Member: m, Manageable: may.Manages(m) == nil}
	}
	return out, err
}

// Member returns one of them.
func (s *Service) Member(ctx context.Context, p chat.Principal, id chat.UserID) (Member, error) {
	may, err := s.store.Management(ctx, p)
	if err != nil {
		return Member{}, err
	}
	m, leads, err := s.store.Member(ctx, p, id)
	return Member{Member: m, Manageable: may.Manages(m) == nil, Leads: leads}, err
}

// Link is a password link as it is shown once.
type Link struct {
	Token   string
	Expires time.Time
}

// Invite makes a user who has yet to choose a password.
func (s *Service) Invite(ctx context.Context, p chat.Principal, u chat.User, groups []chat.GroupID) (Member, Link, error) {
	u.ID, u.Email = chat.NewID[chat.UserID](), strings.ToLower(strings.TrimSpace(u.Email))
	var err error
	if u.Name, err = goodName(u.Name); err != nil {
		return Member{}, Link{}, err
	}
	if parsed, err := mail.ParseAddress(u.Email); err != nil || parsed.Address != u.Email {
		return Member{}, Link{}, chat.Invalidf("email", "This is not an e-mail address, such as mira@example.com.")
	}
	token, hash := auth.NewToken()
	expires, err := s.store.Invite(ctx, p, u, groups, hash)
	if err != nil {
		return Member{}, Link{}, err
	}
	m, err := s.Member(ctx, p, u.ID)
	return m, Link{Token: token, Expires: expires}, err
}

// goodName is a name without what does not belong to it.
func goodName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" {
		return "", chat.Invalidf("name", "Enter a name.")
	}
	return name, nil
}

// NewLink makes another link for a user: of the invitation, or of a reset.
func (s *Service) NewLink(ctx context.Context, p chat.Principal, id chat.UserID, kind chat.LinkKind) (Link, error) {
	token, hash := auth.NewToken()
	expires, err := s.store.NewLink(ctx, p, id, kind, hash)
	return Link{Token: token, Expires: expires}, err
}

// RevokeInvitation takes back an invitation that was not accepted.
func (s *Service) RevokeInvitation(ctx context.Context, p chat.Principal, id chat.UserID) error {
	return s.store.RevokeInvitation(ctx, p, id)
}

// Update gives a user a name, a role and groups.
func (s *Service) Update(ctx context.Context, p chat.Principal, u chat.User, groups []chat.GroupID) (Member, error) {
	name, err := goodName(u.Name)
	if err != nil {
		return Member{}, err
	}
	// Asked before: administrators can make themselves something else.
	may, err := s.store.Management(ctx, p)
	if err != nil {
		return Member{}, err
	}
	m, err := s.store.UpdateMember(ctx, p, u.ID, name, u.Role, groups)
	return Member{Member: m, Manageable: may.Manages(m) == nil}, err
}

// Deactivate signs a user out everywhere for good.
func (s *Service) Deactivate(ctx context.Context, p chat.Principal, id chat.UserID, leads chat.LeavingLeads) error {
	return s.store.Deactivate(ctx, p, id, leads)
}

// Reactivate lets a deactivated user sign in again.
func (s *Service) Reactivate(ctx context.Context, p chat.Principal, id chat.UserID) error {
	return s.store.Reactivate(ctx, p, id)
}

// Rename gives the principal another name.
func (s *Service) Rename(ctx context.Context, p chat.Principal, name string) (chat.User, error) {
	name, err := goodName(name)
	if err != nil {
		return chat.User{}, err
	}
	return s.store.Rename(ctx, p, name)
}
