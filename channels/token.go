package channels

import (
	"context"
	"time"
)

// TokenGranter is for providers whose calls need an access token that is asked for
// and runs out. Somebody else keeps the token, asks for it once however many need it,
// and sets Account.Token; every other method may count on it being there.
type TokenGranter interface {
	// GrantToken asks for a new token with the account's credentials. Credentials that
	// are refused are an *Error with ReasonBadCredentials, a rate is ReasonThrottled.
	GrantToken(ctx context.Context, doer Doer, account Account) (Token, error)
}

// Token is an access token.
type Token struct {
	Value string
	// Lifetime is how long it can be used from now on.
	Lifetime time.Duration
}

// String hides the token.
func (Token) String() string { return "access token" }
