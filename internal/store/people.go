package store

import (
	"context"
	"errors"

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

// CreateOrgWith stores a new org and its first user together. The org requires second
// factors of the roles that orgs usually do.
func (s *Store) CreateOrgWith(ctx context.Context, org chat.Org, u chat.User, passwordHash string) error {
	err := s.inOrg(ctx, org.ID, func(t *tx) error {
		return errors.Join(
			t.later.InsertOrg(ctx, db.InsertOrgParams{ID: org.ID, Name: org.Name, Country: org.Country}),
			t.later.InsertUser(ctx, db.InsertUserParams{
				OrgID: org.ID, ID: u.ID, Email: u.Email, Name: u.Name, Role: u.Role, PasswordHash: passwordHash,
			}),
			t.later.PutSecondFactorPolicy(ctx, db.PutSecondFactorPolicyParams{OrgID: org.ID, Roles: texts(chat.SecondFactorRoles())}),
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
		err := t.InsertUser(ctx, db.InsertUserParams{
			OrgID: org, ID: u.ID, Email: u.Email, Name: u.Name, Role: u.Role, PasswordHash: passwordHash,
		})
		if err != nil {
			return err
		}
		return t.recomputeAccess(ctx, u.ID) // templates of the role restrict whoever comes
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

// User returns one user of an org, active or not.
func (s *Store) User(ctx context.Context, org chat.OrgID, id chat.UserID) (chat.User, error) {
	var out chat.User
	err := s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.GetUser(ctx, db.GetUserParams{OrgID: t.org, ID: id})
		out = userOf(row)
		return notFound(err, "user")
	})
	return out, err
}
