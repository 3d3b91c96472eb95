package whatsappcloud

import (
	"converse/channels"
	"converse/channels/jsonstrict"
)

// typeSystem is the type of a message that WhatsApp itself wrote about a user.
const typeSystem = "system"

// system is WhatsApp's word on a user (Meta, "System messages webhook reference",
// 2026-08-11). Such a message has no contact beside it.
type system struct {
	Type string `json:"type"`
	// WhatsAppID is the user's new number.
	WhatsAppID jsonstrict.Text `json:"wa_id"`
	// UserID is the user's new business-scoped id, PreviousUserID the one before.
	UserID         jsonstrict.Text `json:"user_id"`
	PreviousUserID jsonstrict.Text `json:"previous_user_id"`
}

// changes reports whether the notice is that the user is reached by other ids now.
func (s system) changes() bool {
	switch s.Type {
	case "user_changed_number", "customer_changed_number", "user_changed_user_id":
		return true
	}
	return false
}

// about is whom the notice concerns, by the ids that are known already: without a
// number, only the id before can be known.
func (s system) about(from channels.Party) channels.Party {
	if from.WhatsApp == "" {
		from.WhatsApp = string(s.PreviousUserID)
	}
	return from
}

// now are the ids by which the user is reached from now on.
func (s system) now() channels.Party {
	return channels.Party{Phone: phone(s.WhatsAppID), WhatsApp: string(s.UserID)}
}

// text never repeats Meta's own sentence: it holds the lead's numbers, which not
// every user may see.
func (s system) text() string {
	switch {
	case s.changes():
		return "The lead changed their WhatsApp number."
	case s.Type == "user_identity_changed", s.Type == "customer_identity_changed":
		return "The lead's WhatsApp security code changed."
	}
	return "WhatsApp sent a notice about this lead."
}
