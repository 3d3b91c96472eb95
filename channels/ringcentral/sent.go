package ringcentral

import (
	"fmt"

	"converse/channels"
	"converse/internal/chat"
)

// ladder is where the states of an outbound text stand on ours. Sent may be the last
// one: many carriers never say that a text arrived (guide, "Message attributes").
var ladder = map[string]chat.Status{
	"Queued": chat.StatusSent, "Sent": chat.StatusSent, "Delivered": chat.StatusDelivered,
	"SendingFailed": chat.StatusFailed, "DeliveryFailed": chat.StatusFailed,
}

// sent tells of an outbound text. The store does not say whether it came from us or from
// RingCentral's own app, so it is an echo, which of a text of ours is a report; why one
// failed is a report of its own.
func (p *parser) sent(where string, m message) {
	own, found := p.ours(m.From.Phone)
	if !found {
		p.ignore("The text was sent from a number that is not one of the connector's.")
		return
	}
	status, followed := ladder[m.Status]
	code := string(m.ErrorCode)
	if status == chat.StatusFailed && undecided(code) {
		status = chat.StatusSent
	}
	if !followed {
		p.ignore("The text's status is not one that is followed.")
		return
	}
	people, before := 0, len(p.events)
	for to, err := range m.To.All() {
		if people++; people > mostPeople {
			p.malformed(where, fmt.Sprintf("it has more than %d recipients", mostPeople))
			break
		}
		number := full(to.Phone, own.Address)
		switch {
		case err != nil || !channels.IsPhone(number) && to.Extension == "":
			p.malformed(where, fmt.Sprintf("recipient %d cannot be read", people))
		case !channels.IsPhone(number):
			p.ignore("The text went to another user of the RingCentral account.")
		default:
			p.sentTo(where, m, own, number, person(string(m.ID), people), status)
		}
	}
	if len(p.events) == before {
		p.malformed(where, "it has no recipient")
	}
}

// person is the id of a text to one of its people. A text of ours has one recipient; one
// from RingCentral's app may have ten, each of whom it is a message to.
func person(id string, number int) string {
	if number == 1 {
		return id
	}
	return fmt.Sprintf("%s/%d", id, number)
}

func (p *parser) sentTo(where string, m message, own channels.AccountSender, lead, id string, status chat.Status) {
	c := p.content(where, m)
	said := channels.Echo{
		ProviderID: id, Sender: own.ID, To: channels.Party{Phone: lead},
		Kind: c.kind, Text: c.text, Media: c.media, Status: status, At: when(m.Created),
		Match: &channels.Match{Sender: own.ID, To: lead, Text: string(m.Subject), At: when(m.Created)},
	}
	if status != chat.StatusFailed {
		p.add(said)
		return
	}
	said.Status = chat.StatusSent
	p.add(said)
	p.add(channels.Report{
		ProviderID: id, Status: status, At: when(m.Modified), Error: failure(string(m.ErrorCode), p.secrets),
	})
	if notice, ok := alarm(string(m.ErrorCode), own); ok {
		notice.At = when(m.Modified)
		p.add(notice)
	}
}
