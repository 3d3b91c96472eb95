package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// CreateOrg stores a new org.
func (s *Store) CreateOrg(ctx context.Context, org chat.Org) error {
	return s.inOrg(ctx, org.ID, func(t *tx) error {
		return t.InsertOrg(ctx, db.InsertOrgParams{ID: org.ID, Name: org.Name, Country: org.Country})
	})
}

// CreateOrgWith stores a new org and its first user together.
func (s *Store) CreateOrgWith(ctx context.Context, org chat.Org, u chat.User, passwordHash string) error {
	err := s.inOrg(ctx, org.ID, func(t *tx) error {
		return errors.Join(
			t.later.InsertOrg(ctx, db.InsertOrgParams{ID: org.ID, Name: org.Name, Country: org.Country}),
			t.later.InsertUser(ctx, db.InsertUserParams{
				OrgID: org.ID, ID: u.ID, Email: u.Email, Name: u.Name, Role: u.Role, PasswordHash: passwordHash,
			}),
		)
	})
	return emailTaken(err)
}

func emailTaken(err error) error {
	if isUnique(err, "users_email_key") {
		return &chat.Error{Code: chat.CodeConflict, Field: "email", Message: "This e-mail address is taken."}
	}
	return err
}

// Org returns an org.
func (s *Store) Org(ctx context.Context, id chat.OrgID) (chat.Org, error) {
	var out chat.Org
	err := s.inOrg(ctx, id, func(t *tx) error {
		row, err := t.GetOrg(ctx, id)
		out = chat.Org{ID: row.ID, Name: row.Name, Country: row.Country}
		return notFound(err, "org")
	})
	return out, err
}

// CreateUser stores a new user. An e-mail address that any org uses already is a conflict.
func (s *Store) CreateUser(ctx context.Context, org chat.OrgID, u chat.User, passwordHash string) error {
	err := s.inOrg(ctx, org, func(t *tx) error {
		return t.InsertUser(ctx, db.InsertUserParams{
			OrgID: org, ID: u.ID, Email: u.Email, Name: u.Name, Role: u.Role, PasswordHash: passwordHash,
		})
	})
	return emailTaken(err)
}

// AccountByEmail finds an active user of any org. ok is false when there is none.
func (s *Store) AccountByEmail(ctx context.Context, email string) (account chat.Account, ok bool, err error) {
	row, err := s.queries().UserByEmail(ctx, email)
	if errors.Is(err, pgx.ErrNoRows) {
		return chat.Account{}, false, nil
	}
	if err != nil {
		return chat.Account{}, false, err
	}
	return chat.Account{Org: row.OrgID, User: userOf(row), PasswordHash: row.PasswordHash}, true, nil
}

// Users lists the active users of an org by name.
func (s *Store) Users(ctx context.Context, org chat.OrgID) ([]chat.User, error) {
	var out []chat.User
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.ListUsers(ctx, org)
		for _, row := range rows {
			out = append(out, userOf(row))
		}
		return err
	})
	return out, err
}

// CreateSignIn stores a sign-in by the hash of its token.
func (s *Store) CreateSignIn(ctx context.Context, p chat.Principal, tokenHash []byte, expires time.Time) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		return t.InsertSignIn(ctx, db.InsertSignInParams{
			OrgID: p.Org, ID: p.SignIn, UserID: p.User, TokenHash: tokenHash, ExpiresAt: expires,
		})
	})
}

// PrincipalByToken finds who a token belongs to. ok is false for a token that is
// unknown, ended or expired, or whose user is not active.
func (s *Store) PrincipalByToken(ctx context.Context, tokenHash []byte) (p chat.Principal, ok bool, err error) {
	row, err := s.queries().SignInByToken(ctx, tokenHash)
	if errors.Is(err, pgx.ErrNoRows) {
		return chat.Principal{}, false, nil
	}
	if err != nil {
		return chat.Principal{}, false, err
	}
	p = chat.Principal{Org: row.OrgID, User: row.UserID, SignIn: row.ID}
	err = s.inOrg(ctx, row.OrgID, func(t *tx) error { return t.fill(ctx, &p) })
	return p, err == nil, err
}

// fill adds the user's name and role to a principal.
func (t *tx) fill(ctx context.Context, p *chat.Principal) error {
	user, err := t.GetUser(ctx, db.GetUserParams{OrgID: t.org, ID: p.User})
	if err != nil {
		return notFound(err, "user")
	}
	p.Name, p.Role = user.Name, user.Role
	return nil
}

// EndSignIn ends a sign-in and tells its sockets. Ending it twice is not an error.
func (s *Store) EndSignIn(ctx context.Context, p chat.Principal) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		ended, err := t.Queries.EndSignIn(ctx, db.EndSignInParams{OrgID: p.Org, ID: p.SignIn})
		if err != nil || ended == 0 {
			return err
		}
		return t.publish(chat.UserTopic(p.User), chat.Event{SignedOut: &chat.SignedOut{SignIn: p.SignIn}})
	})
}

// EndedSignIns returns those of an org's sign-ins that are over: ended, expired, or
// of a user who is not active any more.
func (s *Store) EndedSignIns(ctx context.Context, org chat.OrgID, ids []chat.SignInID) ([]chat.SignInID, error) {
	var ended []chat.SignInID
	err := s.inOrg(ctx, org, func(t *tx) error {
		live, err := t.LiveSignIns(ctx, db.LiveSignInsParams{OrgID: org, Ids: texts(ids)})
		if err != nil {
			return err
		}
		for _, id := range ids {
			if !slices.Contains(live, id) {
				ended = append(ended, id)
			}
		}
		return nil
	})
	return ended, err
}

// CreateTicket stores a socket ticket by its hash. It works once, for as long as life.
func (s *Store) CreateTicket(ctx context.Context, p chat.Principal, hash []byte, life time.Duration) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		return t.InsertTicket(ctx, db.InsertTicketParams{
			Hash: hash, OrgID: p.Org, UserID: p.User, SignInID: p.SignIn, Life: life,
		})
	})
}

// TakeTicket uses up a ticket. ok is false when it is unknown, expired or was taken.
func (s *Store) TakeTicket(ctx context.Context, hash []byte) (p chat.Principal, ok bool, err error) {
	row, err := s.queries().TakeTicket(ctx, hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return chat.Principal{}, false, nil
	}
	if err != nil {
		return chat.Principal{}, false, err
	}
	p = chat.Principal{Org: row.OrgID, User: row.UserID, SignIn: row.SignInID}
	err = s.inOrg(ctx, row.OrgID, func(t *tx) error { return t.fill(ctx, &p) })
	return p, err == nil, err
}

// ForgetSignIns deletes sign-ins and tickets that can no longer be used.
func (s *Store) ForgetSignIns(ctx context.Context) error {
	return s.queries().ForgetSignIns(ctx)
}
