package ctm

import (
	"fmt"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// report is what an activity of our own says about the text. Its id may be one that
// the send answer never told, so the text is described as well.
func (a activity) report(ends ends, secrets []string) []channels.Event {
	reached := a.reached()
	if reached == "" {
		return ignored("The text's status is not one that is followed.")
	}
	report := channels.Report{
		ProviderID: string(a.MessageID),
		Status:     reached,
		At:         a.UnixTime.Time(),
		Match: &channels.Match{
			Sender: ends.own[0].ID,
			To:     ends.lead,
			Text:   string(a.Body),
			At:     a.UnixTime.Time(),
		},
	}
	if reached == chat.StatusFailed {
		report.Error = a.failure(secrets)
	}
	return []channels.Event{report}
}

// ladder is where the statuses of a text stand on ours. Failures are documented by
// their code alone; the words here leave no doubt.
var ladder = map[jsonstrict.Text]chat.Status{
	"sent": chat.StatusSent, "delivered": chat.StatusDelivered,
	"error": chat.StatusFailed, "failed": chat.StatusFailed, "undelivered": chat.StatusFailed,
}

// reached is how far the text has come by the furthest of its three statuses, or ""
// when none of them is known.
func (a activity) reached() chat.Status {
	if a.hasErrorCode() {
		return chat.StatusFailed
	}
	var furthest chat.Status
	said := false
	for _, status := range []jsonstrict.Text{a.Status, a.CallStatus, a.DialStatus} {
		if step, known := ladder[status]; known {
			furthest = furthest.Join(step)
		}
		said = said || status != ""
	}
	if !said {
		// The trigger "outbound_text" tells of a text without a status: it was taken.
		return chat.StatusSent
	}
	return furthest
}

func (a activity) hasErrorCode() bool {
	return a.ErrorCode != "" && a.ErrorCode != "0"
}

// failure classifies by the carrier's code; CallTrackingMetrics adds no words.
func (a activity) failure(secrets []string) *channels.Error {
	if !a.hasErrorCode() {
		return &channels.Error{Reason: channels.ReasonRejected, Text: "CallTrackingMetrics reports a failure without a reason."}
	}
	failure := &channels.Error{
		Reason: channels.ReasonRejected,
		Code:   answer.Words(string(a.ErrorCode), secrets),
	}
	failure.Text = fmt.Sprintf("CallTrackingMetrics reports the error code %.40s.", failure.Code)
	if known, ok := meanings[failure.Code]; ok {
		failure.Reason = known.reason
	}
	return failure
}
