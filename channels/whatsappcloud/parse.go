package whatsappcloud

import (
	"errors"
	"fmt"
	"time"

	"converse/channels"
	"converse/channels/jsonstrict"
)

// object is what every WhatsApp webhook says of itself.
const object = "whatsapp_business_account"

// mostUpdates is how many updates of one webhook are read. Meta sends up to a
// thousand (Meta, "Webhooks overview"); a body of more was made to cost us.
const mostUpdates = 5000

// Parse reads up to a thousand updates for any of the account's numbers, mixed.
// Meta sends the whole body again when it is not answered with 200, so an element
// that cannot be read is reported and never fails the rest.
func (Adapter) Parse(account channels.Account, webhook *channels.Webhook) ([]channels.Event, channels.Reply, error) {
	events, err := direct(account).Parse(webhook)
	return events, channels.Reply{}, err
}

// parser collects the events of one webhook.
type parser struct {
	Relay
	receivedAt time.Time
	// account and at are those of the entry that is being read.
	account string
	at      time.Time
	events  []channels.Event
	// full: there were more updates than are read, and that has been said.
	full bool
}

func (p *parser) ignore(format string, args ...any) {
	p.events = append(p.events, channels.Ignored{Why: fmt.Sprintf(format, args...)})
}

func (p *parser) malformed(where string, err error) {
	p.events = append(p.events, channels.Malformed{Why: where + ": " + err.Error()})
}

func (p *parser) body(body payload) {
	if body.Object != object {
		p.ignore("The webhook is not about WhatsApp.")
		return
	}
	if body.Entry.Err() == nil && body.Entry.Len() == 0 {
		p.ignore("The webhook is empty.")
	}
	each(p, "entry", body.Entry, func(where string, e entry) {
		if e.Changes.Err() == nil && e.Changes.Len() == 0 {
			p.ignore("An entry of the webhook is empty.")
		}
		p.account, p.at = string(e.ID), e.Time.Time()
		each(p, where+", change", e.Changes, p.change)
	})
}

// each calls do for the good elements of a list and reports the others, until the
// webhook has given as many events as are read of one.
func each[T any](p *parser, where string, list jsonstrict.List[T], do func(where string, element T)) {
	if err := list.Err(); err != nil {
		p.malformed(where, err)
		return
	}
	number := 0
	for element, err := range list.All() {
		number++
		where := fmt.Sprintf("%s %d", where, number)
		switch {
		case p.full:
			return
		case number > mostUpdates || len(p.events) >= mostUpdates:
			p.full = true
			p.malformed(where, fmt.Errorf("there are more than %d updates; from here on they are not read", mostUpdates))
		case err != nil:
			p.malformed(where, err)
		default:
			do(where, element)
		}
	}
}

// change reads the value of one field (Meta, "Webhooks reference").
func (p *parser) change(where string, c change) {
	switch c.Field {
	case "messages":
		read(p, where, c, p.messages)
	case "smb_message_echoes":
		read(p, where, c, p.echoes)
	case "user_preferences":
		read(p, where, c, p.preferences)
	case "calls":
		read(p, where, c, p.calls)
	case fieldTemplateStatus, fieldTemplateQuality, fieldTemplateComponents, fieldTemplateCategory:
		if p.concerns() {
			read(p, where, c, func(where string, v templateNews) { p.template(where, c.Field, v) })
		}
	default:
		if _, about := notices[c.Field]; !about {
			p.ignore("%s", otherField(c.Field))
		} else if p.concerns() {
			read(p, where, c, func(_ string, v accountNews) { p.news(c.Field, v) })
		}
	}
}

// read decodes a change's value, or says that it does not fit.
func read[T any](p *parser, where string, c change, do func(where string, v T)) {
	var value jsonstrict.Element[T]
	if len(c.Value) > 0 {
		_ = value.UnmarshalJSON(c.Value) // what is wrong is in Err
	}
	if value.Err != nil {
		p.malformed(where, value.Err)
		return
	}
	do(where, value.Value)
}

// concerns reports whether the entry is about the account's own WhatsApp Business
// Account: the webhooks of an app bring those of all that it is subscribed to.
func (p *parser) concerns() bool {
	if p.WABA == "" || p.account == "" || p.account == p.WABA {
		return true
	}
	p.ignore("It is about a WhatsApp Business Account that is not the connector's.")
	return false
}

func (p *parser) messages(where string, v value) {
	before := len(p.events)
	each(p, where+", account error", v.Errors, func(_ string, e graphError) { p.trouble(e) })
	if v.Messages.Err() == nil && v.Statuses.Err() == nil && v.Messages.Len()+v.Statuses.Len() == 0 {
		if len(p.events) == before {
			p.ignore("The change holds neither messages nor statuses.")
		}
		return
	}
	sender, ok := p.number(where, v.metadata)
	if !ok {
		return
	}
	known := p.people(where, v.Contacts)
	each(p, where+", message", v.Messages, func(where string, m message) {
		p.message(where, sender, known, m)
	})
	each(p, where+", status", v.Statuses, func(where string, st status) { p.status(where, sender, st) })
}

// number finds the number that a change is about, or says why it is not one of ours.
func (p *parser) number(where string, m metadata) (channels.AccountSender, bool) {
	ref := string(m.Metadata.PhoneNumberID)
	if ref == "" && !p.Alone {
		p.malformed(where, errors.New("it does not say for which number"))
		return channels.AccountSender{}, false
	}
	sender, ok := p.Sender(ref, phone(m.Metadata.DisplayPhoneNumber))
	if !ok {
		p.ignore("It is for a phone number id that is not one of the connector's numbers.")
	}
	return sender, ok
}

// otherField says why a change of another field is not shown.
func otherField(field string) string {
	if field == "" {
		return "The change does not say what it is about."
	}
	if word := plainWord(field); word != "" {
		return "News of a kind that is not shown: " + word + "."
	}
	return "News of an unknown kind."
}

func orUnknown(word string) string {
	if word == "" {
		return "unknown"
	}
	return word
}
