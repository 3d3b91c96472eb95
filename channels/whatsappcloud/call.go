package whatsappcloud

import (
	"errors"

	"converse/channels"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// callNews is about calls over WhatsApp (Meta, "Calling API, Webhook reference").
type callNews struct {
	metadata
	Calls jsonstrict.List[call] `json:"calls"`
}

type call struct {
	ID         jsonstrict.Text `json:"id"`
	From       jsonstrict.Text `json:"from"`
	FromUserID jsonstrict.Text `json:"from_user_id"`
	Direction  string          `json:"direction"`
	Timestamp  jsonstrict.Text `json:"timestamp"`
}

// calls tells of calls by leads, each once: a lead's call opens the service window as a
// message does, taken or not (Meta, "Pricing, Customer service windows"). What comes
// later about the same call has its id, and changes nothing.
func (p *parser) calls(where string, v callNews) {
	sender, ok := p.number(where, v.metadata)
	if !ok {
		return
	}
	if v.Calls.Err() == nil && v.Calls.Len() == 0 {
		p.ignore("News of a call that was made by the business.")
	}
	known := p.people(where, v.Contacts)
	each(p, where+", call", v.Calls, func(where string, c call) {
		ours := phone(c.From) != "" && phone(c.From) == sender.Address
		if c.Direction == "BUSINESS_INITIATED" || c.Direction == "" && ours {
			p.ignore("A call that was made by the business.")
			return
		}
		from := known.writer(message{From: c.From, FromUserID: c.FromUserID})
		switch {
		case c.ID == "":
			p.malformed(where, errors.New("it has no id"))
		case from.Phone == "" && from.WhatsApp == "":
			p.malformed(where, errors.New("it does not say who called"))
		default:
			p.events = append(p.events, channels.Received{
				ProviderID: string(c.ID), Sender: sender.ID, From: from, Kind: chat.KindUnsupported,
				Text: "The lead called on WhatsApp.", At: c.Timestamp.Time(),
			})
		}
	})
}
