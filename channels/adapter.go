package channels

import (
	"context"
	"net/http"
	"time"

	"converse/internal/chat"
)

// Kind is a provider's stable name in URLs, rows, metrics and logs, such as "ctm".
type Kind string

// Adapter speaks one provider's protocol. All methods may be called at the same
// time from many goroutines and none may block, except Send on its Doer.
type Adapter interface {
	// Kind is the provider's stable name.
	Kind() Kind
	// Capabilities says what the account can do, as data; the widget reads it too.
	Capabilities(Account) Capabilities
	// Secrets lists the account's values that must never appear in a log, trace,
	// error or answer. Empty strings are ignored.
	Secrets(Account) []string
	// Verify checks that a webhook comes from the provider, over the raw bytes and
	// before any parsing. It returns ErrForged (perhaps wrapped) when it does not.
	// A provider that signs nothing says so in code by returning nil.
	Verify(Account, *Webhook) error
	// Parse reads a verified webhook. An error means that the body as a whole cannot
	// be read and is to be parked. A single bad element is reported as a Malformed
	// event beside the good ones.
	Parse(Account, *Webhook) ([]Event, Reply, error)
	// Send makes one call that hands one message to the provider. It returns the
	// Doer's error as it is, or an *Error for an answer that was understood as a
	// refusal. It must not retry.
	Send(context.Context, Doer, Account, Outgoing) (Receipt, error)
}

// Challenger answers a provider's GET handshake when a webhook is registered.
type Challenger interface {
	// Challenge returns the answer to a handshake, or ErrForged (perhaps wrapped).
	Challenge(Account, *Webhook) (Reply, error)
}

// Doer makes one HTTP exchange. It never follows a redirect and never sends a
// request twice. Its errors say whether the request may have been heard; an
// adapter passes them on unchanged.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Account is one org's configured account at a provider, secrets opened.
type Account struct {
	Connector chat.ConnectorID
	// BaseURL is the provider's API without a trailing slash. Empty means the
	// provider's public address.
	BaseURL string
	// Settings and Secrets hold the adapter's own fields by its own names.
	Settings map[string]string
	Secrets  map[string]string
	Senders  []AccountSender
	// Token is the access token of an adapter that is a TokenGranter, else empty.
	Token string
	// WebhookURL is the public address of the account's webhook, as the provider was
	// told it. It is a secret: who knows it can call it.
	WebhookURL string
}

// AccountSender is a number of an account.
type AccountSender struct {
	ID      chat.SenderID
	Channel chat.Channel
	// Address is the number in E.164.
	Address string
	// Ref is the provider's own id of the number, where it has one.
	Ref string
}

// SenderByAddress finds a sender by its E.164 number.
func (a Account) SenderByAddress(address string) (AccountSender, bool) {
	for _, s := range a.Senders {
		if s.Address == address {
			return s, true
		}
	}
	return AccountSender{}, false
}

// SenderByRef finds a sender by the provider's own id of the number.
func (a Account) SenderByRef(ref string) (AccountSender, bool) {
	for _, s := range a.Senders {
		if s.Ref == ref {
			return s, true
		}
	}
	return AccountSender{}, false
}

// Capabilities says what an account can do.
type Capabilities struct {
	// Text is the longest text in Unicode code points; 0 means no text can be sent.
	Text int
	// Templates: messages may be made from templates the provider knows by name.
	Templates bool
	// Window: free-form messages over WhatsApp need an open service window. No other
	// channel has one.
	Window bool
	// DeliveredReports and ReadReports: such receipts come back.
	DeliveredReports bool
	ReadReports      bool
	// EchoesReference: receipts carry our message id, so one that comes before the
	// answer to the send call still finds its message.
	EchoesReference bool
	// AnswersWithoutID: the send answer may lack a message id; receipts are then
	// matched by sender, recipient, text and time.
	AnswersWithoutID bool
	// Media are the files that can be sent over any of the account's channels; none
	// means that no file can. On leaves those of one channel.
	Media []MediaRule
	// FilesPerMessage is how many files one message carries at most; 0 means none. A
	// rule may allow fewer.
	FilesPerMessage int
	// OwnerNumber: a lead is written to only from a number that belongs to its owner.
	OwnerNumber bool
	// Rate is how fast the provider takes calls.
	Rate Rate
}

// On is what an account can do over one of its channels: only the rules of that channel
// are left, and FilesPerMessage is what they allow.
func (c Capabilities) On(channel chat.Channel) Capabilities {
	c.Window = c.Window && channel == chat.ChannelWhatsApp
	all, most := c.Media, 0
	c.Media = nil
	for _, rule := range all {
		if rule.Channel != "" && rule.Channel != channel {
			continue
		}
		if rule.PerMessage == 0 {
			rule.PerMessage = c.FilesPerMessage
		}
		c.Media, most = append(c.Media, rule), max(most, rule.PerMessage)
	}
	c.FilesPerMessage = most
	return c
}

// Rate is a number of calls in a time. The zero Rate is no limit that is known.
type Rate struct {
	Calls int
	Per   time.Duration
	// Each: the limit is one of each sender, not of the account.
	Each bool
}
