package twilio

import (
	"fmt"
	"net/url"

	"converse/channels"
	"converse/channels/answer"
	"converse/internal/chat"
)

// referenceParameter carries our message id in the address of a status callback.
const referenceParameter = "message"

// ladder is where Twilio's statuses stand on ours (Messages API, "status"). What is not
// here is only on its way, or the status of a lead's message. A message is partially
// delivered when a part of a long one arrived; that is no proof of the whole.
var ladder = map[string]chat.Status{
	"sent": chat.StatusSent, "partially_delivered": chat.StatusSent,
	"delivered": chat.StatusDelivered, "read": chat.StatusRead,
	"failed": chat.StatusFailed, "undelivered": chat.StatusFailed, "canceled": chat.StatusFailed,
}

// reported reads a status callback. Twilio gives no time that could be relied on:
// RawDlrDoneDate is the carrier's, in a time zone that is not said.
func reported(_ channels.Account, form fields, query url.Values, secrets []string) []channels.Event {
	word := form.first("MessageStatus", "SmsStatus")
	status, ok := ladder[word]
	if !ok {
		return ignored("The message is still on its way, or has a status that is not followed.")
	}
	report := channels.Report{ProviderID: form.first("MessageSid", "SmsSid"), Status: status}
	// The parameter may be another program's, or be there twice.
	if values := query[referenceParameter]; len(values) == 1 {
		if id, err := chat.ParseID[chat.MessageID](referenceParameter, values[0]); err == nil {
			report.Reference = id
		}
	}
	if report.ProviderID == "" && report.Reference == "" {
		return malformed("it does not say for which message")
	}
	if status == chat.StatusFailed {
		report.Error = failure(word, form.get("ErrorCode"), form.first("ErrorMessage", "ChannelStatusMessage"), secrets)
	}
	return []channels.Event{report}
}

// failure classifies a message that has failed for certain, by its code.
func failure(word, code, words string, secrets []string) *channels.Error {
	failed := &channels.Error{Reason: channels.ReasonRejected, Code: answer.Words(code, secrets), Text: answer.Words(words, secrets)}
	if known, ok := lookup(code); ok {
		failed.Reason = known.reason
	}
	switch {
	case failed.Text != "":
	case word == "canceled":
		failed.Text = "The message was canceled at Twilio."
	case failed.Code == "":
		failed.Text = "Twilio reports a failure without a code."
	default:
		failed.Text = fmt.Sprintf("Twilio reports the error code %.40s.", failed.Code)
	}
	return failed
}
