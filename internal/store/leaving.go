package store

import (
	"context"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Deactivate signs a user out everywhere for good. What they did stays, under their
// name. The last administrator stays too.
func (s *Store) Deactivate(ctx context.Context, p chat.Principal, id chat.UserID) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		_, member, err := t.managed(ctx, p, id)
		if err != nil {
			return err
		}
		switch member.State {
		case chat.UserDeactivated:
			return nil
		case chat.UserInvited:
			return blocked("This user has not joined yet. Take the invitation back instead.")
		case chat.UserActive:
		}
		if err := t.notTheLast(ctx, member); err != nil {
			return err
		}
		if err := t.SetActive(ctx, db.SetActiveParams{OrgID: t.org, ID: id, Active: false}); err != nil {
			return err
		}
		if err := t.DeletePasswordLink(ctx, db.DeletePasswordLinkParams{OrgID: t.org, UserID: id}); err != nil {
			return err
		}
		if _, err := t.endSignIns(ctx, id, ""); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "user.deactivated", Object: string(id)})
	})
}

// Reactivate lets a deactivated user sign in again, with the password they had.
func (s *Store) Reactivate(ctx context.Context, p chat.Principal, id chat.UserID) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		_, member, err := t.managed(ctx, p, id)
		if err != nil || member.State == chat.UserActive {
			return err
		}
		if member.State == chat.UserInvited {
			return blocked("This user has not joined yet. Send the invitation again instead.")
		}
		if err := t.SetActive(ctx, db.SetActiveParams{OrgID: t.org, ID: id, Active: true}); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "user.reactivated", Object: string(id)})
	})
}
