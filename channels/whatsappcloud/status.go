package whatsappcloud

import (
	"errors"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// status is an element of value.statuses (Meta, "status messages webhook
// reference").
type status struct {
	RelayIDs
	Status        string                      `json:"status"`
	Timestamp     jsonstrict.Text             `json:"timestamp"`
	RecipientType string                      `json:"recipient_type"`
	RecipientID   jsonstrict.Text             `json:"recipient_id"`
	RecipientUser jsonstrict.Text             `json:"recipient_user_id"`
	Reference     jsonstrict.Text             `json:"biz_opaque_callback_data"`
	Errors        jsonstrict.List[graphError] `json:"errors"`
}

// ladder is where Meta's statuses stand on ours. A voice note that was played was
// read; "delivered" is left out by Meta when the lead reads at once.
var ladder = map[string]chat.Status{
	"sent":      chat.StatusSent,
	"delivered": chat.StatusDelivered,
	"read":      chat.StatusRead,
	"played":    chat.StatusRead,
	"failed":    chat.StatusFailed,
}

func (p *parser) status(where string, sender channels.AccountSender, s status) {
	if s.RecipientType == "group" {
		p.ignore("A status of a message to a WhatsApp group.")
		return
	}
	id, alias := p.Name(s.RelayIDs)
	reached, ok := ladder[s.Status]
	taken := p.Taken != "" && s.Status == p.Taken && alias != ""
	if !ok && !taken {
		p.ignore("A message status that is not followed: %s.", orUnknown(plainWord(s.Status)))
		return
	}
	// The field may hold another program's words, which are no id of ours.
	reference, err := chat.ParseID[chat.MessageID]("biz_opaque_callback_data", string(s.Reference))
	if err != nil {
		reference = ""
	}
	if id == "" && reference == "" {
		p.malformed(where, errors.New("it does not say for which message"))
		return
	}
	report := channels.Report{
		ProviderID: id,
		Alias:      alias,
		Reference:  reference,
		Status:     reached,
		At:         s.Timestamp.Time(),
	}
	if reached == chat.StatusFailed {
		report.Error = p.failure(s)
	}
	p.events = append(p.events, report)
	if to := s.recipient(); report.Error != nil && report.Error.Code == stoppedMarketing && to != (channels.Party{}) {
		p.events = append(p.events, channels.Consent{
			Sender: sender.ID, Channel: chat.ChannelWhatsApp, From: to, OptedOut: true, Marketing: true, At: report.At,
		})
	}
}

// stoppedMarketing is the code of a message that failed because its recipient had
// stopped marketing messages. No user_preferences may have told us.
const stoppedMarketing = "131050"

func (s status) recipient() channels.Party {
	return channels.Party{Phone: phone(s.RecipientID), WhatsApp: string(s.RecipientUser)}
}

// failure classifies a reported failure by its first error that has a code. The
// message has failed for certain, so a code that leaves a send open is final here.
func (r Relay) failure(s status) *channels.Error {
	for e := range readable(s.Errors) {
		if e.Code == "" {
			continue
		}
		failure := &channels.Error{
			Reason: channels.ReasonRejected,
			Code:   answer.Words(string(e.Code), r.Secrets),
			Text:   answer.Words(e.words(), r.Secrets),
		}
		if known, ok := r.Lookup(failure.Code); ok && known != channels.ReasonAmbiguous {
			failure.Reason = known
		}
		if failure.Text == "" {
			failure.Text = "WhatsApp gave a code but no words."
		}
		return failure
	}
	return &channels.Error{Reason: channels.ReasonRejected, Text: "WhatsApp gave no reason."}
}
