package store

import (
	"context"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// AccountPolicy is an org's rules for passwords and sign-ins.
func (s *Store) AccountPolicy(ctx context.Context, org chat.OrgID) (chat.AccountPolicy, error) {
	var out chat.AccountPolicy
	err := s.inOrg(ctx, org, func(t *tx) error {
		r, err := t.Queries.AccountPolicy(ctx, org)
		out = chat.AccountPolicy{PasswordMin: r.PasswordMin, PasswordHistory: r.PasswordHistory, Absolute: r.SessionAbsolute, Idle: r.SessionIdle}
		return notFound(err, "org")
	})
	return out, err
}

// SetAccountPolicy changes the rules. New limits count for the sign-ins there are;
// passwords are looked at when they are chosen, never again.
func (s *Store) SetAccountPolicy(ctx context.Context, p chat.Principal, policy chat.AccountPolicy) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		err := t.Queries.SetAccountPolicy(ctx, db.SetAccountPolicyParams{
			OrgID: t.org, PasswordMin: policy.PasswordMin, PasswordHistory: policy.PasswordHistory,
			SessionAbsolute: policy.Absolute, SessionIdle: policy.Idle,
		})
		if err != nil {
			return err
		}
		if err := t.LimitSignIns(ctx, t.org); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{
			Action: "account_policy.updated", Object: string(t.org), Fields: []string{"password_min", "password_history", "absolute", "idle"},
		})
	})
}

// PasswordHashes are the hash of a user's password, and of those before it that may not
// come back, the newest first.
func (s *Store) PasswordHashes(ctx context.Context, org chat.OrgID, id chat.UserID) ([]string, error) {
	var out []string
	err := s.inOrg(ctx, org, func(t *tx) error {
		user, err := t.GetUser(ctx, db.GetUserParams{OrgID: t.org, ID: id})
		if err != nil {
			return notFound(err, "user")
		}
		policy, err := t.Queries.AccountPolicy(ctx, org)
		if err != nil {
			return err
		}
		old, err := t.OldPasswords(ctx, db.OldPasswordsParams{OrgID: t.org, UserID: id, Most: int32(policy.PasswordHistory)})
		out = append([]string{user.PasswordHash}, old...)
		return err
	})
	return out, err
}

// ChangePassword gives the principal another password by its hash, and signs them out
// everywhere else.
func (s *Store) ChangePassword(ctx context.Context, p chat.Principal, passwordHash string) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		user, err := t.GetUser(ctx, db.GetUserParams{OrgID: t.org, ID: p.User})
		if err != nil {
			return notFound(err, "user")
		}
		if err := t.setPassword(ctx, user, passwordHash); err != nil {
			return err
		}
		if err := t.DeletePasswordLink(ctx, db.DeletePasswordLinkParams{OrgID: t.org, UserID: p.User}); err != nil {
			return err
		}
		if _, err := t.endSignIns(ctx, p.User, p.SignIn); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "user.password_changed", Object: string(p.User), Fields: []string{"password"}})
	})
}

// setPassword replaces a user's password and remembers the one before, as far back as
// any org may ask.
func (t *tx) setPassword(ctx context.Context, user db.User, passwordHash string) error {
	if user.PasswordHash != "" {
		err := t.InsertOldPassword(ctx, db.InsertOldPasswordParams{OrgID: t.org, ID: chat.NewID[string](), UserID: user.ID, Hash: user.PasswordHash})
		if err != nil {
			return err
		}
		err = t.ForgetOldPasswords(ctx, db.ForgetOldPasswordsParams{OrgID: t.org, UserID: user.ID, Keep: chat.MostPasswordHistory})
		if err != nil {
			return err
		}
	}
	return t.SetPassword(ctx, db.SetPasswordParams{OrgID: t.org, ID: user.ID, PasswordHash: passwordHash})
}
