package whatsappcloud

import "converse/channels/jsonstrict"

// What other providers of WhatsApp write as Meta does, outside of its envelope.
type (
	// Location is a place on the map.
	Location = location
	// Contacts are shared contacts.
	Contacts = jsonstrict.List[card]
)

// LocationText is a place in words.
func LocationText(l Location) string { return l.text() }

// ContactsText is shared contacts in words.
func ContactsText(c Contacts) string { return cardsText(c) }

// Phone turns a number as WhatsApp writes it, such as "12025550123", into E.164, or
// into "" if it is none.
func Phone(id jsonstrict.Text) string { return phone(id) }

// PlainWord makes a name such as "message_event" readable, or "" of anything that is
// no name.
func PlainWord(name string) string { return plainWord(name) }
