package channels

import (
	"time"

	"converse/internal/chat"
)

// Event is one thing a webhook says: one of the types below.
type Event interface{ isEvent() }

func (Received) isEvent()        {}
func (Echo) isEvent()            {}
func (Report) isEvent()          {}
func (Consent) isEvent()         {}
func (Moved) isEvent()           {}
func (TemplateChanged) isEvent() {}
func (Notice) isEvent()          {}
func (Changed) isEvent()         {}
func (Ignored) isEvent()         {}
func (Malformed) isEvent()       {}

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

// Echo is a message that the account sent to a lead by other means than ours, such as
// the provider's own app. One whose id is a message of ours is a report at most.
type Echo struct {
	ProviderID string
	Sender     chat.SenderID
	To         Party
	Kind       chat.MessageKind
	Text       string
	Media      []InboundMedia
	Status     chat.Status
	At         time.Time
	// Match finds a message of ours whose id is not known yet, as in Report.
	Match *Match
}

// Report is the provider's word on a message of ours.
type Report struct {
	// ProviderID is the provider's id of the message. May be empty when Reference is set.
	ProviderID string
	// Alias is another id by which the provider will speak of the message from now on.
	// May be empty.
	Alias string
	// Reference is our message id, if the provider gave it back.
	Reference chat.MessageID
	// Status is sent or higher; empty when the report only tells an Alias.
	Status chat.Status
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

// Consent is a lead's word, told by the provider, on being written to.
type Consent struct {
	// Sender is the number it is about; empty means all of the account's.
	Sender  chat.SenderID
	Channel chat.Channel
	From    Party
	// OptedOut is false when the lead takes an earlier word back.
	OptedOut bool
	// Marketing: it is about marketing messages alone.
	Marketing bool
	// At is the provider's time; zero when it gave none.
	At time.Time
}

// Moved says that a lead is reached by other identities from now on.
type Moved struct {
	Sender   chat.SenderID
	From, To Party
	// ProviderID is that of the notice, unique within the account. May be empty.
	ProviderID string
	At         time.Time
}

// TemplateChanged is what the provider now thinks of a template.
type TemplateChanged struct {
	TemplateReview
	At time.Time
}

// Notice is the provider's word about the account or one of its numbers, for
// administrators.
type Notice struct {
	// Sender is the number it is about; empty means the account.
	Sender chat.SenderID
	// Kind names the subject in the provider's words, such as "phone_number_quality_update".
	Kind string
	// Level says how bad it is.
	Level NoticeLevel
	// Text is what happened; Next is the one thing to do about it, and may be empty.
	Text, Next string
	At         time.Time
}

// NoticeLevel says how bad a notice is.
type NoticeLevel string

// The levels of a notice. A stop means that messages do not go out any more.
const (
	NoticeInfo    NoticeLevel = "info"
	NoticeWarning NoticeLevel = "warning"
	NoticeStop    NoticeLevel = "stop"
)

// Changed says that something happened which only a Poll will tell.
type Changed struct{ Why string }

// Ignored is something the webhook said that no user needs to see.
type Ignored struct{ Why string }

// Malformed is an element of a webhook that could not be read. The callback is
// parked, and its good elements are processed all the same.
type Malformed struct{ Why string }
