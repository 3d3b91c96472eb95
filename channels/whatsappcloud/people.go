package whatsappcloud

import (
	"converse/channels"
	"converse/channels/jsonstrict"
)

// contact is a person that the messages beside it come from. Either id may be
// missing (Meta, "Business-scoped user IDs").
type contact struct {
	Profile struct {
		Name string `json:"name"`
	} `json:"profile"`
	WhatsAppID jsonstrict.Text `json:"wa_id"`
	UserID     jsonstrict.Text `json:"user_id"`
}

// people are the contacts of a change that can be read.
type people struct {
	byPhone map[string]channels.Party
	byUser  map[string]channels.Party
	// only is the one contact of a change that has no other.
	only channels.Party
}

func (p *parser) people(where string, contacts jsonstrict.List[contact]) people {
	known := people{byPhone: map[string]channels.Party{}, byUser: map[string]channels.Party{}}
	alone := contacts.Len() == 1
	each(p, where+", contact", contacts, func(_ string, c contact) {
		party := channels.Party{Phone: phone(c.WhatsAppID), WhatsApp: string(c.UserID), Name: c.Profile.Name}
		remember(known.byPhone, party.Phone, party)
		remember(known.byUser, party.WhatsApp, party)
		if alone {
			known.only = party
		}
	})
	return known
}

// remember keeps the first of several contacts with one id.
func remember(by map[string]channels.Party, id string, party channels.Party) {
	if _, there := by[id]; id != "" && !there {
		by[id] = party
	}
}

// writer brings together the ids of a message and of the contact beside it. A user
// who hides the number has only a business-scoped id; others may have both. A shared
// contact card, for one, comes without either in the message itself (Meta,
// "Business-scoped user IDs, Requesting phone numbers"): the only contact wrote it.
func (k people) writer(m message) channels.Party {
	party := channels.Party{Phone: phone(m.From), WhatsApp: string(m.FromUserID)}
	if m.From == "" && m.FromUserID == "" && m.Type != typeSystem {
		return k.only
	}
	return k.named(party)
}

// named adds what the contacts say of somebody.
func (k people) named(party channels.Party) channels.Party {
	for _, known := range []channels.Party{k.byUser[party.WhatsApp], k.byPhone[party.Phone]} {
		if party.Phone == "" {
			party.Phone = known.Phone
		}
		if party.WhatsApp == "" {
			party.WhatsApp = known.WhatsApp
		}
		if party.Name == "" {
			party.Name = known.Name
		}
	}
	return party
}
