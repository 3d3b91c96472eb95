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

const (
	// mostWrongCodes in a row lock a user, wherever they came from.
	mostWrongCodes = 3
	// mostWrongFrom lock an address, whosever codes they were. It is more than a user's:
	// a whole office comes from one.
	mostWrongFrom = 30
	// codeLock is how long a lock lasts, and how long wrong codes are remembered.
	codeLock = 30 * time.Minute
)

// CreateChallenge keeps, by the hash of its word, that a user's password was right and
// their code is still to come. It lasts for life.
func (s *Store) CreateChallenge(ctx context.Context, org chat.OrgID, user chat.UserID, hash [sha256.Size]byte, life time.Duration) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		return t.later.InsertChallenge(ctx, db.InsertChallengeParams{OrgID: org, Hash: hash[:], UserID: user, Life: life})
	})
}

// AnswerChallenge signs a user in whose password was right before, when the proof is
// right too. The challenge is gone then; a wrong proof leaves it.
func (s *Store) AnswerChallenge(ctx context.Context, org chat.OrgID, hash [sha256.Size]byte, proof chat.Proof, next chat.FreshSignIn) (chat.User, error) {
	var user chat.User
	err := s.proven(ctx, org, func(t *tx) (error, error) {
		row, err := t.GetChallenge(ctx, db.GetChallengeParams{OrgID: org, Hash: hash[:]})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, chat.ChallengeOver()
		}
		if err != nil {
			return nil, err
		}
		user = userOf(row)
		refused, err := t.prove(ctx, user.ID, proof)
		if err != nil || refused != nil {
			return refused, err
		}
		taken, err := t.TakeChallenge(ctx, db.TakeChallengeParams{OrgID: org, Hash: hash[:]})
		if err == nil && taken == 0 {
			err = chat.ChallengeOver() // another answer was quicker
		}
		if err != nil {
			return nil, err
		}
		who := chat.Principal{Org: org, User: user.ID, Name: user.Name, Address: next.Address}
		return nil, errors.Join(t.begin(ctx, user.ID, next), t.audit(ctx, who, append(spent(user.ID, proof), signedIn(user.ID))...))
	})
	return user, err
}

// begin stores a user's own sign-in.
func (t *tx) begin(ctx context.Context, user chat.UserID, fresh chat.FreshSignIn) error {
	return t.later.InsertSignIn(ctx, db.InsertSignInParams{
		OrgID: t.org, ID: fresh.ID, UserID: user, TokenHash: fresh.TokenHash[:], ExpiresAt: fresh.Expires,
		Agent: fresh.Agent, Address: fresh.Address,
	})
}

// proven runs what depends on a proof. What it returns first refuses the proof, and is
// told once the transaction, which counts it, is committed.
func (s *Store) proven(ctx context.Context, org chat.OrgID, fn func(*tx) (refused, err error)) error {
	var refused error
	err := s.inOrg(ctx, org, func(t *tx) error {
		var err error
		refused, err = fn(t)
		return err
	})
	if err != nil {
		return err
	}
	return refused
}

// prove checks what a user shows as their second factor, uses it up, and counts it when
// it is wrong. refused is why it is not taken; the transaction must be committed all
// the same. All proofs of a user wait for each other, on any node, so that of many
// guesses at once no more are looked at than of many in a row.
func (t *tx) prove(ctx context.Context, user chat.UserID, proof chat.Proof) (refused, err error) {
	row, err := t.LockSecondFactor(ctx, db.LockSecondFactorParams{OrgID: t.org, UserID: user})
	if errors.Is(err, pgx.ErrNoRows) || err == nil && row.ConfirmedAt == nil {
		return nil, &chat.Error{Code: chat.CodeBlocked, Message: "There is no second factor to show."}
	}
	if err != nil {
		return nil, err
	}
	until, err := t.LockedUntil(ctx, db.LockedUntilParams{OrgID: t.org, UserSubject: string(user), Address: proof.From})
	switch {
	case err == nil:
		return chat.Locked(*until), nil
	case !errors.Is(err, pgx.ErrNoRows):
		return nil, err
	}
	right, refused, err := t.judge(ctx, row, proof)
	if err != nil || refused != nil {
		return refused, err
	}
	if !right {
		return t.wrongCode(ctx, user, proof.From)
	}
	return nil, t.later.ForgetWrongCodes(ctx, db.ForgetWrongCodesParams{OrgID: t.org, UserSubject: string(user), Address: proof.From})
}

// judge says whether a proof is right, and uses it up. A code that was right once
// already is refused and no guess.
func (t *tx) judge(ctx context.Context, row db.SecondFactor, proof chat.Proof) (right bool, refused, err error) {
	if proof.Recovery != nil {
		taken, err := t.TakeRecoveryCode(ctx, db.TakeRecoveryCodeParams{OrgID: t.org, UserID: row.UserID, Hash: proof.Recovery})
		return taken > 0, nil, err
	}
	step, ok, err := proof.Step(t.org, row.UserID, row.Sealed)
	switch {
	case err != nil || !ok:
		return false, nil, err
	case step <= row.LastStep:
		return false, &chat.Error{
			Code: chat.CodeInvalid, Field: "code", Reason: chat.ReasonWrongCode, Message: "This code was used already. Wait for the next one.",
		}, nil
	}
	return true, nil, t.later.TakeStep(ctx, db.TakeStepParams{OrgID: t.org, UserID: row.UserID, LastStep: step})
}

// wrongCode counts a wrong code and returns what the user is told.
func (t *tx) wrongCode(ctx context.Context, user chat.UserID, from string) (refused, err error) {
	own, err := t.CountWrongCode(ctx, db.CountWrongCodeParams{OrgID: t.org, Kind: "user", Subject: string(user), Pause: codeLock, Most: mostWrongCodes})
	if err != nil {
		return nil, err
	}
	there, err := t.CountWrongCode(ctx, db.CountWrongCodeParams{OrgID: t.org, Kind: "address", Subject: from, Pause: codeLock, Most: mostWrongFrom})
	if err != nil {
		return nil, err
	}
	if own.LockedUntil != nil {
		return chat.Locked(*own.LockedUntil), errors.Join(
			t.later.DeleteChallenges(ctx, db.DeleteChallengesParams{OrgID: t.org, UserID: user}),
			t.audit(ctx, chat.Principal{Org: t.org, Address: from}, chat.AuditEntry{Action: "second_factor.locked", Object: string(user)}),
		)
	}
	err = t.audit(ctx, chat.Principal{Org: t.org, Address: from}, chat.AuditEntry{Action: "second_factor.wrong_code", Object: string(user)})
	if err != nil {
		return nil, err
	}
	if there.LockedUntil != nil {
		return chat.Locked(*there.LockedUntil), nil
	}
	left := "2 more tries"
	if mostWrongCodes-own.Wrong == 1 {
		left = "one more try"
	}
	return &chat.Error{
		Code: chat.CodeInvalid, Field: "code", Reason: chat.ReasonWrongCode,
		Message: fmt.Sprintf("This code is wrong. You have %s before signing in is locked for a while.", left),
	}, nil
}
