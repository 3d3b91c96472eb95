package stage

import (
	"net/http"
	"slices"
	"time"

	"converse/internal/chat"
)

// Side plays one provider. Its methods are called from many goroutines at once.
//
// To add a provider:
//   - Make a folder named for it, with a type that has these methods. Write it
//     from the provider's documentation, never from our adapter.
//   - In ServeHTTP route the provider's own paths. For a send call check the keys,
//     read the body into an Attempt and check the provider's rules; end with
//     Stage.Refuse or Stage.Perform. Perform does the rest: faults, journal,
//     receipts, handset.
//   - Give the Attempt a Taken and a Refused that write answers as the provider does.
//   - In Receipt, Inbound and Header write and sign the webhooks.
//   - Add it to play in the package sandbox, and its traits decide what the handset
//     offers. Challenger and Caller are there for providers that need them.
type Side interface {
	// Traits says what the provider is like.
	Traits() Traits
	// Owns reports whether a request path belongs to the provider's API.
	Owns(path string) bool
	// ServeHTTP plays the API. It hands every send call to Stage.Perform or Stage.Refuse.
	http.Handler
	// NewID makes a message id of the provider's form that was never used before.
	NewID(direction chat.Direction, party Party) string
	// Receipt writes the webhook body that reports a state. It is asked only for the
	// states that its Traits name.
	Receipt(*Account, Report) []byte
	// Inbound writes the webhook body that passes on a lead's message. The base is
	// this sandbox's own address, for links to media.
	Inbound(account *Account, message *Message, base string) []byte
	// Header makes the headers of one attempt to post a webhook, signature included.
	Header(account *Account, body []byte, at time.Time) http.Header
}

// Traits are the properties of a provider that the stage and the handset go by.
type Traits struct {
	// Provider is the stable name used in accounts, faults and the journal.
	Provider string
	Channel  chat.Channel
	// Reports are the states of which the provider sends receipts.
	Reports []chat.Status
	// Window: a lead's message opens a service window.
	Window bool
	// Retries is how often a webhook that was not taken is posted again.
	Retries int
	// Unreachable is the failure code of a number that cannot be reached.
	Unreachable string
	// Kinds are the kinds of message a lead can write.
	Kinds []chat.MessageKind
}

// Reads reports whether read receipts come back.
func (t Traits) Reads() bool { return slices.Contains(t.Reports, chat.StatusRead) }

// Several is a side whose provider carries more than one channel.
type Several interface {
	// TraitsOf are what the provider is like on the channel of one number.
	TraitsOf(Sender) Traits
}

// TraitsOf says what a side's provider is like on the channel of a number.
func TraitsOf(side Side, sender Sender) Traits {
	if several, ok := side.(Several); ok {
		return several.TraitsOf(sender)
	}
	return side.Traits()
}

// Addresser is a side whose provider posts receipts to an address of each message, or
// signs the address of a webhook together with it.
type Addresser interface {
	// WebhookAddress is where a webhook about a message goes; empty means nowhere.
	WebhookAddress(account *Account, message *Message) string
	// HeaderAt makes the headers of one attempt to post to an address, in place of Header.
	HeaderAt(account *Account, address string, body []byte, at time.Time) http.Header
}

// Challenger is a side whose provider greets the hub when a webhook is registered.
type Challenger interface {
	// Challenge makes the request of the handshake and the body the hub must answer.
	Challenge(*Account) (request *http.Request, want string, err error)
}

// Ordered is a side that posts webhooks only where the hub ordered them by a call. Its
// methods are called under the stage's lock, or on a worker, and must not block.
type Ordered interface {
	// Address is where to post what happens to messages of a direction; empty means that
	// nobody ordered it.
	Address(account *Account, direction chat.Direction) string
	// Posted tells how an attempt to post there went.
	Posted(account *Account, address string, ok bool)
	// Stop ends the account's orders in a way that the provider has a name for. The error
	// is a *Problem.
	Stop(account *Account, how string) error
}

// Hearer is a side that acts on words of leads, such as STOP. Hear is called under the
// stage's lock, before the message is passed on, and must not block.
type Hearer interface {
	Hear(account *Account, message *Message)
}

// Caller is a side that also reports telephone calls.
type Caller interface {
	// Call writes the webhook body of an answered call.
	Call(account *Account, message *Message) []byte
}
