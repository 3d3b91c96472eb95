package account

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"converse/channels"
	"converse/internal/chat"
)

// tryPatience bounds one trial of an account.
const tryPatience = 15 * time.Second

// Trial is what trying an account came to.
type Trial struct {
	channels.Checked
	// Failure is nil when the account works.
	Failure *channels.Error
	// Problem and Next say in words what went wrong, and one thing to do.
	Problem, Next string
}

// Calls makes the calls of an account for a purpose. The account is as the calls know it:
// all its secrets are there to be taken out of what is kept of them.
type Calls func(Open, chat.ExchangePurpose) channels.Doer

// Try asks a provider about an account, without sending anything. With an id the stored
// account's secrets stand in for those that are left out; without a provider it is tried
// as it is stored. An account that does not work is no error.
func (b *Book) Try(ctx context.Context, calls Calls, n New) (Trial, error) {
	open, err := b.toTry(ctx, n)
	if err != nil {
		return Trial{}, err
	}
	checker, ok := open.Adapter.(channels.Checker)
	if !ok {
		return Trial{}, &chat.Error{Code: chat.CodeBlocked, Message: "Accounts of this provider cannot be tried beforehand. The first message will tell."}
	}
	ctx, cancel := context.WithTimeout(ctx, tryPatience)
	defer cancel()
	checked, err := inquire(ctx, calls, checker, open)
	if err == nil {
		return Trial{Checked: checked}, nil
	}
	failed := reasonOf(err)
	out := Trial{Failure: failed}
	out.Problem, out.Next = tried(open.Adapter, failed)
	return out, nil
}

// toTry is the account to ask about, its form checked but for its numbers. One that is not
// stored yet has no id.
func (b *Book) toTry(ctx context.Context, n New) (Open, error) {
	var out Open
	if n.ID != "" {
		row, err := b.store.Connector(ctx, n.Org, n.ID)
		if err != nil {
			return out, err
		}
		open, err := b.current(row)
		if err != nil {
			return out, err
		}
		if n.Provider == "" {
			return open, nil
		}
		n.Provider, n.Secrets, n.Endpoint = row.Provider, merged(open.Account.Secrets, n.Secrets, nil), open.Endpoint
	}
	if !b.Known(n.Provider) {
		return out, chat.Invalidf("provider", "there is no provider %q", n.Provider)
	}
	b.makeUp(&n)
	if err := checkBaseURL(n.BaseURL); err != nil {
		return out, err
	}
	if err := checkFields(b.form(n.Provider), n); err != nil {
		return out, err
	}
	out = Open{Org: n.Org, Adapter: b.adapters[channels.Kind(n.Provider)], Endpoint: n.Endpoint}
	out.Account = channels.Account{
		Connector: n.ID, BaseURL: n.BaseURL, Settings: maps.Clone(n.Settings), Secrets: n.Secrets,
		WebhookURL: WebhookURL(b.public, n.Provider, n.Endpoint),
	}
	for _, s := range n.Senders {
		out.Account.Senders = append(out.Account.Senders, channels.AccountSender{ID: s.ID, Channel: s.Channel, Address: s.Address, Ref: s.Ref})
	}
	return out, nil
}

// inquire asks, with a token of its own where the provider wants one: what is tried need not
// be what is stored.
func inquire(ctx context.Context, calls Calls, checker channels.Checker, open Open) (checked channels.Checked, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("adapter panicked: %v", p)
		}
	}()
	if granter, ok := checker.(channels.TokenGranter); ok {
		token, err := granter.GrantToken(ctx, calls(open, chat.PurposeToken), open.Account)
		if err != nil {
			return checked, err
		}
		open.Account.Token = token.Value
	}
	return checker.Check(ctx, calls(open, chat.PurposeCheck), open.Account)
}

// Explain says what a failed call about an account means, and one thing to do.
func Explain(adapter channels.Adapter, err error) (problem, next string) {
	return tried(adapter, reasonOf(err))
}

// reasonOf is an error of a call with a reason; one that nothing is known of never got to
// the provider.
func reasonOf(err error) *channels.Error {
	if known, ok := errors.AsType[*channels.Error](err); ok {
		return known
	}
	text := "the provider could not be reached"
	var transport interface{ Words() string }
	if errors.As(err, &transport) {
		text = transport.Words()
	}
	return &channels.Error{Reason: channels.ReasonUnavailable, Text: text}
}

// tried are the words for an account that does not work: those of the provider's code, or
// what the reason means where nothing was sent.
func tried(adapter channels.Adapter, failed *channels.Error) (problem, next string) {
	// An adapter's words about keys are for those who send, not for whoever enters them.
	keys := failed.Reason == channels.ReasonBadCredentials || failed.Reason == channels.ReasonTokenExpired
	if explainer, ok := adapter.(channels.Explainer); ok && failed.Code != "" && !keys {
		if text, next, known := explainer.Explain(failed.Code); known {
			return text, next
		}
	}
	switch failed.Reason {
	case channels.ReasonBadCredentials, channels.ReasonTokenExpired:
		return "The provider does not accept these keys.", "Compare each key with the provider's portal, without spaces before or after it."
	case channels.ReasonAccountSuspended:
		return "The provider has suspended this account.", "Settle that in the provider's portal, then test again."
	case channels.ReasonThrottled:
		return "The provider was asked too often.", "Wait a minute, then test again."
	case channels.ReasonUnavailable, channels.ReasonAmbiguous:
		return "The provider could not be reached.", "Test again in a moment. If it stays so, look at the provider's status page."
	case channels.ReasonMalformed:
		return "The provider's answer could not be understood.", "Check the address of its API, if you entered one."
	case channels.ReasonRejected, channels.ReasonInvalidRecipient, channels.ReasonUnsupported, channels.ReasonTooLong,
		channels.ReasonWindowClosed, channels.ReasonOptedOut:
	}
	return "The provider refuses this account.", "Check the account's ids with the provider's portal."
}
