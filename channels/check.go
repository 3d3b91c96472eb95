package channels

import (
	"context"

	"converse/internal/chat"
)

// Checker is an adapter that can try an account without sending anything.
type Checker interface {
	// Check asks the provider about the account with its credentials. It may call the
	// Doer more than once. An error is as those of Send: ReasonBadCredentials means
	// that the keys are wrong.
	Check(ctx context.Context, doer Doer, account Account) (Checked, error)
}

// Checked is what a provider says of an account.
type Checked struct {
	// Name is what the account is called there. May be empty.
	Name string
	// Senders are the numbers found there that can send.
	Senders []FoundSender
	// Warnings are sentences about what will not work, and what to do.
	Warnings []string
}

// FoundSender is a number that an account has at its provider.
type FoundSender struct {
	// Channel is what it carries; empty where the provider has only one channel.
	Channel chat.Channel
	// Address is in E.164.
	Address string
	Ref     string
	// Label is what it is called there. May be empty.
	Label string
	// Note says in words what is wrong with it. May be empty.
	Note string
}
