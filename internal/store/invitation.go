package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// linkLife is how long the link of an invitation or a reset works.
const linkLife = 7 * 24 * time.Hour

// Invite stores a user who has yet to choose a password, and the SHA-256 of the link's
// token that lets them. It returns when the link ends. An e-mail address that any org
// uses already is a conflict.
func (s *Store) Invite(ctx context.Context, p chat.Principal, u chat.User, groups []chat.GroupID, tokenHash [sha256.Size]byte) (time.Time, error) {
	expires := time.Now().Add(linkLife)
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if _, err := t.LockPeople(ctx, t.org); err != nil {
			return err
		}
		may, err := t.management(ctx, p)
		if err != nil {
			return err
		}
		if err := may.MayBecome(u.Role, nil, groups); err != nil {
			return err
		}
		if err := t.InsertInvited(ctx, db.InsertInvitedParams{OrgID: t.org, ID: u.ID, Email: u.Email, Name: u.Name, Role: u.Role}); err != nil {
			return err
		}
		touched, err := t.setGroups(ctx, u.ID, nil, groups)
		if err != nil {
			return err
		}
		if err := t.recompute(ctx, append(touched, u.ID)); err != nil {
			return err
		}
		return errors.Join(
			t.setLink(ctx, u.ID, chat.LinkInvitation, tokenHash, expires),
			t.audit(ctx, p, chat.AuditEntry{Action: "user.invited", Object: string(u.ID), Fields: []string{"email", "name", "role", "groups"}}),
		)
	})
	return expires, emailTaken(err)
}

func (t *tx) setLink(ctx context.Context, id chat.UserID, kind chat.LinkKind, hash [sha256.Size]byte, expires time.Time) error {
	return t.later.SetPasswordLink(ctx, db.SetPasswordLinkParams{OrgID: t.org, UserID: id, Kind: kind, TokenHash: hash[:], ExpiresAt: expires})
}

// NewLink replaces a user's password link by another: of the invitation for one who was
// invited, of a reset for one who is active.
func (s *Store) NewLink(ctx context.Context, p chat.Principal, id chat.UserID, kind chat.LinkKind, tokenHash [sha256.Size]byte) (time.Time, error) {
	expires := time.Now().Add(linkLife)
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		_, member, err := t.managed(ctx, p, id)
		if err != nil {
			return err
		}
		action := "user.invited_again"
		switch {
		case kind == chat.LinkReset && member.State == chat.UserActive:
			action = "user.password_reset_requested"
		case kind == chat.LinkReset:
			return blocked("Only an active user can have their password reset.")
		case member.State != chat.UserInvited:
			return blocked("The invitation was accepted already.")
		}
		return errors.Join(
			t.setLink(ctx, id, kind, tokenHash, expires),
			t.audit(ctx, p, chat.AuditEntry{Action: action, Object: string(id)}),
		)
	})
	return expires, err
}

func blocked(message string) error { return &chat.Error{Code: chat.CodeBlocked, Message: message} }

// RevokeInvitation takes back an invitation that was not accepted. The user is gone
// with it, and the e-mail address free.
func (s *Store) RevokeInvitation(ctx context.Context, p chat.Principal, id chat.UserID) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		_, member, err := t.managed(ctx, p, id)
		if err != nil {
			return err
		}
		if member.State != chat.UserInvited {
			return blocked("The invitation was accepted already. Deactivate the user instead.")
		}
		touched, err := t.setGroups(ctx, id, member.Groups, nil)
		if err != nil {
			return err
		}
		if err := t.forgetInvited(ctx, id); err != nil {
			return err
		}
		if err := t.recompute(ctx, without(touched, []chat.UserID{id})); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "user.invitation_revoked", Object: string(id)})
	})
}

// forgetInvited takes a user away who never was one.
func (t *tx) forgetInvited(ctx context.Context, id chat.UserID) error {
	if err := t.DeletePasswordLink(ctx, db.DeletePasswordLinkParams{OrgID: t.org, UserID: id}); err != nil {
		return err
	}
	if err := t.DeleteAssignmentsOfUser(ctx, db.DeleteAssignmentsOfUserParams{OrgID: t.org, UserID: &id}); err != nil {
		return err
	}
	return t.DeleteInvited(ctx, db.DeleteInvitedParams{OrgID: t.org, ID: id})
}

// PasswordLink finds whose a link is by the SHA-256 of its token. ok is false when it is
// unknown, used, replaced or too old.
func (s *Store) PasswordLink(ctx context.Context, tokenHash [sha256.Size]byte) (link chat.PasswordLink, ok bool, err error) {
	row, err := s.queries().LinkByHash(ctx, tokenHash[:])
	if errors.Is(err, pgx.ErrNoRows) {
		return link, false, nil
	}
	if err != nil {
		return link, false, fmt.Errorf("look for a password link: %w", err)
	}
	link.Kind, link.Expires = row.Kind, row.ExpiresAt
	err = s.inOrg(ctx, row.OrgID, func(t *tx) error {
		user, err := t.GetUser(ctx, db.GetUserParams{OrgID: t.org, ID: row.UserID})
		if err != nil {
			return err
		}
		org, err := t.GetOrg(ctx, t.org)
		link.User, link.Org = userOf(user), chat.Org{ID: org.ID, Name: org.Name, Country: org.Country}
		return err
	})
	return link, err == nil, err
}

// UsePasswordLink uses up a link and gives its user the password with the hash. An
// invited user is active from then on; a reset signs its user out everywhere. ok is
// false when the link has been used, replaced or become too old.
func (s *Store) UsePasswordLink(ctx context.Context, org chat.OrgID, tokenHash [sha256.Size]byte, passwordHash, address string) (ok bool, err error) {
	err = s.inOrg(ctx, org, func(t *tx) error {
		if _, err := t.LockPeople(ctx, t.org); err != nil {
			return err
		}
		link, err := t.TakePasswordLink(ctx, db.TakePasswordLinkParams{OrgID: t.org, TokenHash: tokenHash[:]})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		user, err := t.GetUser(ctx, db.GetUserParams{OrgID: t.org, ID: link.UserID})
		if err != nil {
			return err
		}
		ok = true
		who := chat.Principal{Org: org, User: user.ID, Name: user.Name, Address: address}
		action := "user.password_reset"
		if link.Kind == chat.LinkInvitation {
			action = "user.joined"
			if err := t.Join(ctx, db.JoinParams{OrgID: t.org, ID: user.ID}); err != nil {
				return err
			}
		}
		if err := t.setPassword(ctx, user, passwordHash); err != nil {
			return err
		}
		if _, err := t.endSignIns(ctx, user.ID, ""); err != nil {
			return err
		}
		return t.audit(ctx, who, chat.AuditEntry{Action: action, Object: string(user.ID), Fields: []string{"password"}})
	})
	return ok && err == nil, err
}
