package channels

import (
	"fmt"
	"time"

	"converse/internal/chat"
)

// Outgoing is one message to hand to a provider.
type Outgoing struct {
	// Reference is our message id. Adapters pass it on where the provider gives it back.
	Reference chat.MessageID
	From      AccountSender
	To        chat.Identifier
	// Text is the message text; for a template the text as the lead will read it.
	Text     string
	Template *OutgoingTemplate
	// ReplyTo is the provider's id of the message this one answers. May be empty.
	ReplyTo string
	// Media are the message's files; Text is then their caption.
	Media []OutgoingMedia
}

// OutgoingTemplate is a template filled for one lead.
type OutgoingTemplate struct {
	Name     string
	Language string
	// Parameters are in the order of the template's variables.
	Parameters []Parameter
	// Named: the provider knows the parameters by name, not by position.
	Named bool
	// Ref is the provider's own id of the template. May be empty.
	Ref string
	// Header fills the header; nil for a template without a variable or file there.
	Header *TemplateFill
	// Buttons fill those buttons that have a variable.
	Buttons []ButtonFill
}

// TemplateFill is a value for a template's header: a text, a file or a place.
type TemplateFill struct {
	Text  string
	File  *OutgoingMedia
	Place *chat.Place
}

// ButtonFill is a value for a template's button.
type ButtonFill struct {
	// Index counts the template's buttons from 0.
	Index int
	Kind  string
	Value string
}

// Parameter is the value of one template variable.
type Parameter struct{ Name, Value string }

// Receipt is a provider's answer that it took a message.
type Receipt struct {
	// ProviderID is the provider's id of the message. Empty only for providers
	// whose Capabilities say AnswersWithoutID.
	ProviderID string
}

// Reason sorts failures by what can be done about them.
type Reason string

// The reasons. One table in the outbox says what each does to the message.
const (
	// ReasonUnavailable: the provider was never reached, or says in a documented way
	// that it did not take the message. Safe to try again.
	ReasonUnavailable Reason = "unavailable"
	// ReasonThrottled: not taken because of a rate; try again after RetryAfter.
	ReasonThrottled Reason = "throttled"
	// ReasonAmbiguous: it may have been heard. Never sent again by itself.
	ReasonAmbiguous Reason = "ambiguous"
	// ReasonRejected: the provider refused this message for good.
	ReasonRejected Reason = "rejected"
	// ReasonInvalidRecipient: nobody can be reached at this address.
	ReasonInvalidRecipient Reason = "invalid_recipient"
	// ReasonUnsupported: the provider cannot carry this kind of message.
	ReasonUnsupported Reason = "unsupported"
	// ReasonTooLong: the text is longer than the provider takes.
	ReasonTooLong Reason = "too_long"
	// ReasonWindowClosed: WhatsApp's service window is closed; only a template can be sent.
	ReasonWindowClosed Reason = "window_closed"
	// ReasonOptedOut: the lead asked not to be written to.
	ReasonOptedOut Reason = "opted_out"
	// ReasonBadCredentials: the account's keys are wrong, expired or lack a right.
	ReasonBadCredentials Reason = "bad_credentials"
	// ReasonAccountSuspended: the provider stopped the account.
	ReasonAccountSuspended Reason = "account_suspended"
	// ReasonTokenExpired: the access token does not work any more, and nothing was
	// taken. A new one is asked for and the call made again.
	ReasonTokenExpired Reason = "token_expired"
	// ReasonMalformed: the answer could not be understood. Treated as ambiguous: our bug.
	ReasonMalformed Reason = "malformed"
)

// Error is a failure that an adapter classified.
type Error struct {
	Reason Reason
	// Code is the provider's own code, kept as it is.
	Code string
	// Text is the provider's own words, secrets removed, at most 500 bytes.
	Text string
	// RetryAfter is how long the provider asked us to wait; 0 when it did not say.
	RetryAfter time.Duration
}

// Misconfigured is a failure before any call that an administrator has to mend. Its
// reason holds the account's messages until then.
func Misconfigured(text string) *Error {
	return &Error{Reason: ReasonBadCredentials, Text: text}
}

func (e *Error) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("%s: %s", e.Reason, e.Text)
	}
	return fmt.Sprintf("%s: %s (%s)", e.Reason, e.Text, e.Code)
}
