package gupshup

import (
	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// receipt is the payload of a message-event (docs.gupshup.io, "Message events").
//
// Its id is Gupshup's in enqueued and in a failure at once, and WhatsApp's in all that
// comes later, where Gupshup's stands beside it for a week.
type receipt struct {
	quoted
	Type    string          `json:"type"`
	Time    jsonstrict.Text `json:"ts"`
	Payload struct {
		Time       jsonstrict.Text `json:"ts"`
		WhatsAppID jsonstrict.Text `json:"whatsappMessageId"`
		Code       jsonstrict.Text `json:"code"`
		Reason     string          `json:"reason"`
	} `json:"payload"`
}

// taken is the status that says that WhatsApp's servers have the message: they may
// still refuse it, so it is no step on the ladder.
const taken = "enqueued"

// ladder is where Gupshup's statuses stand on ours. "delivered" is left out when the
// lead reads at once.
var ladder = map[string]chat.Status{
	"sent": chat.StatusSent, "delivered": chat.StatusDelivered, "read": chat.StatusRead, "failed": chat.StatusFailed,
}

func (c callback) receipt(e envelope[receipt]) []channels.Event {
	r := e.Payload.Value
	reached, followed := ladder[r.Type]
	switch {
	case r.Type == "deleted":
		return ignored("The lead deleted a message on the phone.")
	case !followed && r.Type != taken:
		return ignored("A message status that is not followed: " + oneOf(plain(r.Type), "unknown") + ".")
	case r.id() == "":
		return malformed("it does not say for which message")
	}
	report := channels.Report{
		ProviderID: r.id(), Alias: r.alias(), Status: reached,
		At: first(when(r.Payload.Time), when(r.Time), when(e.Timestamp)),
	}
	if r.Type == taken && report.Alias == "" {
		return ignored("Gupshup handed a message to WhatsApp.")
	}
	if reached == chat.StatusFailed {
		report.Error = c.failure(string(r.Payload.Code), r.Payload.Reason)
	}
	return []channels.Event{report}
}

// alias is WhatsApp's id of the message, where Gupshup's is told too.
func (r receipt) alias() string {
	other := string(r.Payload.WhatsAppID)
	if other == "" {
		other = string(r.ID)
	}
	if other == r.id() {
		return ""
	}
	return other
}

// failure classifies by the code; texts vary. The message has failed for certain, so a
// code that leaves a send open is final here.
func (c callback) failure(code, words string) *channels.Error {
	secrets := Adapter{}.Secrets(c.account)
	failure := &channels.Error{
		Reason: channels.ReasonRejected, Code: answer.Words(code, secrets), Text: answer.Words(words, secrets),
	}
	if reason, ok := reasonOf(failure.Code); ok && reason != channels.ReasonAmbiguous {
		failure.Reason = reason
	}
	if failure.Text == "" {
		failure.Text = "Gupshup gave no reason."
	}
	return failure
}
