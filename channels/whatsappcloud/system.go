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
	// UserID is the user's new business-scoped id, PreviousUserID the one before.
	UserID         jsonstrict.Text `json:"user_id"`
	PreviousUserID jsonstrict.Text `json:"previous_user_id"`
}

// about is whom the notice concerns, by the ids that are known already. The new id
// goes along with an old number, so that the user is known by it when writing next;
// without a number, only the id before can be known.
func (s system) about(from channels.Party) channels.Party {
	switch {
	case from.Phone != "" && from.WhatsApp == "":
		from.WhatsApp = string(s.UserID)
	case from.Phone == "" && from.WhatsApp == "":
		from.WhatsApp = string(s.PreviousUserID)
	}
	return from
}

// text never repeats Meta's own sentence: it holds the lead's numbers, which not
// every user may see.
func (s system) text() string {
	switch s.Type {
	case "user_changed_number", "customer_changed_number", "user_changed_user_id":
		return "The lead changed their WhatsApp number."
	case "user_identity_changed", "customer_identity_changed":
		return "The lead's WhatsApp security code changed."
	}
	return "WhatsApp sent a notice about this lead."
}
