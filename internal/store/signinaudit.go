package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// BeginSignIn is CreateSignIn of somebody who has just proven who they are: the audit
// tells of it.
func (s *Store) BeginSignIn(ctx context.Context, p chat.Principal, tokenHash [sha256.Size]byte, expires time.Time) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		return errors.Join(
			t.later.InsertSignIn(ctx, db.InsertSignInParams{
				OrgID: p.Org, ID: p.SignIn, UserID: p.User, Via: p.Via, TokenHash: tokenHash[:], ExpiresAt: expires, Agent: p.Agent, Address: p.Address,
			}),
			t.audit(ctx, p, signedIn(p.User)),
		)
	})
}

// signedIn tells of a user who has signed in.
func signedIn(user chat.UserID) chat.AuditEntry {
	return chat.AuditEntry{Action: "sign_in.succeeded", Object: string(user)}
}

// spent tells of a recovery code that a proof used up, if it did.
func spent(user chat.UserID, proof chat.Proof) []chat.AuditEntry {
	if proof.Recovery == nil {
		return nil
	}
	return []chat.AuditEntry{{Action: "second_factor.recovery_code_used", Object: string(user)}}
}

// AuditRefusedSignIns adds to an org's audit that passwords were wrong which came from one
// address. Nobody has proven who they are, so no user has done it.
func (s *Store) AuditRefusedSignIns(ctx context.Context, org chat.OrgID, address string, list []chat.RefusedSignIn) error {
	entries := convert(list, func(r chat.RefusedSignIn) chat.AuditEntry {
		action := "sign_in.failed"
		if r.Locked {
			action = "sign_in.locked"
		}
		return chat.AuditEntry{Action: action, Object: string(r.User)}
	})
	return s.inOrg(ctx, org, func(t *tx) error {
		return t.audit(ctx, chat.Principal{Org: org, Address: address}, entries...)
	})
}
