package channels

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"converse/internal/chat"
)

// ErrForged says that a webhook does not prove that it comes from the provider.
var ErrForged = errors.New("webhook is not signed by the provider")

// Webhook is one call of a provider, body read whole.
type Webhook struct {
	Method     string
	Header     http.Header
	Query      url.Values
	Body       []byte
	ReceivedAt time.Time
}

// Reply is what a provider wants to hear. The zero Reply is 200 with no body.
type Reply struct {
	// Status is the HTTP status; 0 means 200.
	Status      int
	ContentType string
	Body        []byte
}

// Event is one thing a webhook says: Received, Report, Ignored or Malformed.
type Event interface{ isEvent() }

func (Received) isEvent()  {}
func (Report) isEvent()    {}
func (Ignored) isEvent()   {}
func (Malformed) isEvent() {}

// Party is the person on the other side, by every identity the provider gave.
// At least one of Phone and WhatsApp is set.
type Party struct {
	// Phone is in E.164 with the plus sign.
	Phone string
	// WhatsApp is a business-scoped user id.
	WhatsApp string
	// Name is the profile name the person chose. May be empty.
	Name string
}

// Received is a message from a lead.
type Received struct {
	// ProviderID is the provider's id of the message, unique within the account.
	ProviderID string
	Sender     chat.SenderID
	From       Party
	Kind       chat.MessageKind
	// Text is what the lead wrote, a caption, a button's title, or for a kind
	// without text a readable placeholder such as "Location: 12.97, 77.59".
	Text  string
	Media []InboundMedia
	// ReplyTo is the provider's id of the message this one answers. May be empty.
	ReplyTo string
	// At is the provider's time of the message; zero when it gave none.
	At time.Time
}

// InboundMedia is a file announced by a message, to be fetched from the provider.
type InboundMedia struct {
	// Reference is what the adapter's FetchMedia takes.
	Reference   string
	ContentType string
	Name        string
	Size        int64
	// SHA256 is the file's digest in lower-case hex. May be empty.
	SHA256 string
	// ExpiresAt is when the provider drops the file; zero when not known.
	ExpiresAt time.Time
}

// Report is the provider's word on a message of ours.
type Report struct {
	// ProviderID is the provider's id of the message. May be empty when Reference is set.
	ProviderID string
	// Reference is our message id, if the provider gave it back.
	Reference chat.MessageID
	Status    chat.Status
	// At is the provider's time; zero when it gave none.
	At time.Time
	// Error says why the status is failed.
	Error *Error
	// Match finds the message when neither id is known to us. Set only by adapters
	// whose Capabilities say AnswersWithoutID.
	Match *Match
}

// Match describes a message of ours by what the provider repeats of it.
type Match struct {
	Sender chat.SenderID
	// To is the lead's number in E.164.
	To   string
	Text string
	At   time.Time
}

// Ignored is something the webhook said that no user needs to see.
type Ignored struct{ Why string }

// Malformed is an element of a webhook that could not be read. The callback is
// parked, and its good elements are processed all the same.
type Malformed struct{ Why string }
