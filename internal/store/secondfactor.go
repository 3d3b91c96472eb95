package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// SecondFactor says how it stands with a user's second factor.
func (s *Store) SecondFactor(ctx context.Context, org chat.OrgID, user chat.UserID) (chat.SecondFactor, error) {
	var out chat.SecondFactor
	err := s.inOrg(ctx, org, func(t *tx) error {
		r, err := t.GetSecondFactor(ctx, db.GetSecondFactorParams{OrgID: org, ID: user})
		out = chat.SecondFactor{
			User: user, Enabled: r.ConfirmedAt != nil, Since: zero(r.ConfirmedAt), Required: r.Required, CodesLeft: r.CodesLeft,
			LockedUntil: zero(r.LockedUntil),
		}
		return notFound(err, "user")
	})
	return out, err
}

// SecondFactors lists how it stands with each active user's, by the users' names.
func (s *Store) SecondFactors(ctx context.Context, org chat.OrgID) ([]chat.SecondFactor, error) {
	var out []chat.SecondFactor
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.ListSecondFactors(ctx, org)
		out = convert(rows, func(r db.ListSecondFactorsRow) chat.SecondFactor {
			return chat.SecondFactor{
				User: r.ID, Enabled: r.ConfirmedAt != nil, Since: zero(r.ConfirmedAt), Required: r.Required, CodesLeft: r.CodesLeft,
				LockedUntil: zero(r.LockedUntil),
			}
		})
		return err
	})
	return out, err
}

// PrepareSecondFactor keeps a sealed secret that the principal has not confirmed yet, in
// place of one before. It is a conflict when their second factor is on.
func (s *Store) PrepareSecondFactor(ctx context.Context, p chat.Principal, sealed []byte) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		kept, err := t.PutPendingSecondFactor(ctx, db.PutPendingSecondFactorParams{OrgID: p.Org, UserID: p.User, Sealed: sealed})
		if err == nil && kept == 0 {
			err = &chat.Error{Code: chat.CodeConflict, Message: "Your second factor is on already. Turn it off first."}
		}
		return err
	})
}

// ConfirmSecondFactor turns the principal's prepared second factor on, with recovery
// codes by their hashes, when the proof is a code of it. next takes the place of a
// sign-in that was good for this alone; any other goes on.
func (s *Store) ConfirmSecondFactor(ctx context.Context, p chat.Principal, proof chat.Proof, codes [][]byte, next chat.FreshSignIn) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		row, err := t.LockSecondFactor(ctx, db.LockSecondFactorParams{OrgID: p.Org, UserID: p.User})
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return chat.Invalidf("code", "belongs to nothing: there is no second factor to confirm. Begin again.")
		case err != nil:
			return err
		case row.ConfirmedAt != nil:
			return &chat.Error{Code: chat.CodeConflict, Message: "Your second factor is on already."}
		}
		step, ok, err := proof.Step(p.Org, p.User, row.Sealed)
		if err != nil {
			return err
		}
		if !ok {
			return &chat.Error{
				Code: chat.CodeInvalid, Field: "code", Reason: chat.ReasonWrongCode,
				Message: "This is not the code that belongs to the secret. See that the clock of your phone is right, and try the next one.",
			}
		}
		err = errors.Join(
			t.later.ConfirmSecondFactor(ctx, db.ConfirmSecondFactorParams{OrgID: p.Org, UserID: p.User, LastStep: step}),
			t.later.InsertRecoveryCodes(ctx, db.InsertRecoveryCodesParams{OrgID: p.Org, UserID: p.User, Hashes: codes}),
		)
		entries := []chat.AuditEntry{{Action: "second_factor.enabled", Object: string(p.User)}}
		if err == nil && p.Via == chat.ViaEnrol {
			err = t.replaceSignIn(ctx, p, next)
			entries = append(entries, signedIn(p.User))
		}
		return errors.Join(err, t.audit(ctx, p, entries...))
	})
}

// replaceSignIn ends the principal's sign-in and begins a full one.
func (t *tx) replaceSignIn(ctx context.Context, p chat.Principal, next chat.FreshSignIn) error {
	if _, err := t.Queries.EndSignIn(ctx, db.EndSignInParams{OrgID: p.Org, ID: p.SignIn}); err != nil {
		return err
	}
	return t.begin(ctx, p.User, next)
}

// DisableSecondFactor turns the principal's second factor off. It takes a proof, and
// is blocked where the org requires one of them.
func (s *Store) DisableSecondFactor(ctx context.Context, p chat.Principal, proof chat.Proof) error {
	return s.proven(ctx, p.Org, func(t *tx) (error, error) {
		state, err := t.GetSecondFactor(ctx, db.GetSecondFactorParams{OrgID: p.Org, ID: p.User})
		if err != nil {
			return nil, err
		}
		if state.Required {
			return nil, &chat.Error{Code: chat.CodeBlocked, Message: "Your organisation requires a second factor of your role. An administrator can reset it."}
		}
		refused, err := t.prove(ctx, p.User, proof)
		if err != nil || refused != nil {
			return refused, err
		}
		_, err = t.Queries.DeleteSecondFactor(ctx, db.DeleteSecondFactorParams{OrgID: p.Org, UserID: p.User})
		return nil, errors.Join(err, t.audit(ctx, p, append(spent(p.User, proof), chat.AuditEntry{Action: "second_factor.disabled", Object: string(p.User)})...))
	})
}

// ReplaceRecoveryCodes puts new recovery codes in the place of all before, used or not.
// It takes a proof.
func (s *Store) ReplaceRecoveryCodes(ctx context.Context, p chat.Principal, proof chat.Proof, codes [][]byte) error {
	return s.proven(ctx, p.Org, func(t *tx) (error, error) {
		refused, err := t.prove(ctx, p.User, proof)
		if err != nil || refused != nil {
			return refused, err
		}
		return nil, errors.Join(
			t.later.DeleteRecoveryCodes(ctx, db.DeleteRecoveryCodesParams{OrgID: p.Org, UserID: p.User}),
			t.later.InsertRecoveryCodes(ctx, db.InsertRecoveryCodesParams{OrgID: p.Org, UserID: p.User, Hashes: codes}),
			t.audit(ctx, p, append(spent(p.User, proof), chat.AuditEntry{Action: "recovery_codes.replaced", Object: string(p.User)})...),
		)
	})
}

// ResetSecondFactor takes a user's second factor away, on an administrator's word: the
// phone is lost. Of a user who has none it is not an error.
func (s *Store) ResetSecondFactor(ctx context.Context, p chat.Principal, user chat.UserID) error {
	return s.forUser(ctx, p, user, "second_factor.reset", func(t *tx) error {
		_, err := t.Queries.DeleteSecondFactor(ctx, db.DeleteSecondFactorParams{OrgID: p.Org, UserID: user})
		return errors.Join(err,
			t.later.DeleteChallenges(ctx, db.DeleteChallengesParams{OrgID: p.Org, UserID: user}),
			t.later.ForgetWrongCodes(ctx, db.ForgetWrongCodesParams{OrgID: p.Org, UserSubject: string(user)}),
		)
	})
}

// ResetSecondFactorByOperator takes a user's second factor away, signs them out everywhere
// and returns how many sign-ins that ended. opens may refuse the sealed secret. Without a
// second factor it is blocked.
func (s *Store) ResetSecondFactorByOperator(ctx context.Context, org chat.OrgID, user chat.UserID, opens func(sealed []byte) error) (int, error) {
	ended := 0
	err := s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.LockSecondFactor(ctx, db.LockSecondFactorParams{OrgID: org, UserID: user})
		if errors.Is(err, pgx.ErrNoRows) {
			return &chat.Error{Code: chat.CodeBlocked, Message: "This user has no second factor: the password alone signs them in."}
		}
		if err != nil {
			return err
		}
		if err := opens(row.Sealed); err != nil {
			return err
		}
		if _, err := t.Queries.DeleteSecondFactor(ctx, db.DeleteSecondFactorParams{OrgID: org, UserID: user}); err != nil {
			return err
		}
		if ended, err = t.endSignIns(ctx, user, ""); err != nil {
			return err
		}
		return errors.Join(
			t.later.DeleteChallenges(ctx, db.DeleteChallengesParams{OrgID: org, UserID: user}),
			t.later.ForgetWrongCodes(ctx, db.ForgetWrongCodesParams{OrgID: org, UserSubject: string(user)}),
			t.audit(ctx, chat.Principal{Org: org, Name: "The operator", Via: chat.ViaOperator},
				chat.AuditEntry{Action: "second_factor.reset", Object: string(user)}),
		)
	})
	return ended, err
}

// UnlockSecondFactor forgets a user's wrong codes. Of a user who is not locked it is not
// an error.
func (s *Store) UnlockSecondFactor(ctx context.Context, p chat.Principal, user chat.UserID) error {
	return s.forUser(ctx, p, user, "second_factor.unlocked", func(t *tx) error {
		return t.later.ForgetWrongCodes(ctx, db.ForgetWrongCodesParams{OrgID: p.Org, UserSubject: string(user)})
	})
}

// forUser does something to a user of the org that the audit is to hold.
func (s *Store) forUser(ctx context.Context, p chat.Principal, user chat.UserID, action string, do func(*tx) error) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		if _, err := t.GetUser(ctx, db.GetUserParams{OrgID: p.Org, ID: user}); err != nil {
			return notFound(err, "user")
		}
		if err := do(t); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: action, Object: string(user)})
	})
}

// SecondFactorPolicy returns the roles of whom the org requires a second factor.
func (s *Store) SecondFactorPolicy(ctx context.Context, org chat.OrgID) ([]chat.Role, error) {
	var out []chat.Role
	err := s.inOrg(ctx, org, func(t *tx) error {
		words, err := t.GetSecondFactorPolicy(ctx, org)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		out = convert(words, func(word string) chat.Role { return chat.Role(word) })
		return err
	})
	return out, err
}

// SetSecondFactorPolicy says of which roles a second factor is required. Who is signed
// in stays so; it counts from the next time on.
func (s *Store) SetSecondFactorPolicy(ctx context.Context, p chat.Principal, roles []chat.Role) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		return errors.Join(
			t.later.PutSecondFactorPolicy(ctx, db.PutSecondFactorPolicyParams{OrgID: p.Org, Roles: texts(roles)}),
			t.audit(ctx, p, chat.AuditEntry{Action: "security_policy.updated", Object: string(p.Org), Fields: []string{"second_factor_roles"}}),
		)
	})
}
