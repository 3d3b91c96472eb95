package auth

import (
	"context"
	"errors"
	"strings"

	"converse/internal/chat"
	"converse/internal/vault"
)

// OperatorStore is what the operator's own way back in needs to be kept.
type OperatorStore interface {
	AccountByEmail(ctx context.Context, email string) (account chat.Account, ok bool, err error)
	// ResetSecondFactorByOperator takes a user's second factor away, ends their sign-ins
	// and returns how many there were, unless opens refuses the sealed secret.
	ResetSecondFactorByOperator(ctx context.Context, org chat.OrgID, user chat.UserID, opens func(sealed []byte) error) (ended int, err error)
}

// ErrForeignKey says that a master key is not the one that an installation's secrets are
// sealed with.
var ErrForeignKey = errors.New("the master key does not open what this installation has sealed")

// OperatorReset is what a reset by the operator came to.
type OperatorReset struct {
	Org  chat.OrgID
	User chat.User
	// Ended is how many sign-ins it ended.
	Ended int
}

// ResetSecondFactor takes the second factor away of a user whom nobody else can help: an
// org's last administrator who has lost both phone and recovery codes. Whoever asks must
// have the installation's master keys, which open the secret that is taken away.
func ResetSecondFactor(ctx context.Context, store OperatorStore, keys *vault.Vault, email string) (OperatorReset, error) {
	account, ok, err := store.AccountByEmail(ctx, strings.ToLower(strings.TrimSpace(email)))
	if err == nil && !ok {
		err = chat.NotFound("user")
	}
	if err != nil {
		return OperatorReset{}, err
	}
	out := OperatorReset{Org: account.Org, User: account.User}
	out.Ended, err = store.ResetSecondFactorByOperator(ctx, account.Org, account.User.ID, func(sealed []byte) error {
		if _, err := keys.Open(secretPlace(account.Org, account.User.ID), sealed); err != nil {
			return ErrForeignKey
		}
		return nil
	})
	return out, err
}
