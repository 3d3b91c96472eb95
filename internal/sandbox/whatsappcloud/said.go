package whatsappcloud

import (
	"fmt"
	"strings"
	"time"

	"converse/internal/sandbox/post"
	"converse/internal/sandbox/stage"
)

// changeOf is the webhook of one change of an account, of any field.
func changeOf(account *stage.Account, field string, value object) []byte {
	return encode(object{
		"object": "whatsapp_business_account",
		"entry": []any{object{
			"id": account.AccountID, "time": time.Now().Unix(), "changes": []any{object{"field": field, "value": value}},
		}},
	})
}

// Notice writes a webhook about a number or the account (Meta, the webhook references of
// phone_number_quality_update, phone_number_name_update and account_update).
func (s *Side) Notice(account *stage.Account, sender stage.Sender, what stage.Notice) []byte {
	number := waNumber(sender)
	quality := func(event, limit string) []byte {
		return changeOf(account, "phone_number_quality_update", object{"display_phone_number": number, "event": event, "current_limit": limit})
	}
	switch what {
	case stage.Flagged:
		return quality("FLAGGED", "TIER_2K")
	case stage.Unflagged:
		return quality("UNFLAGGED", "TIER_2K")
	case stage.LimitRaised:
		return quality("UPGRADE", "TIER_10K")
	case stage.LimitLowered:
		return quality("DOWNGRADE", "TIER_250")
	case stage.NameRefused:
		return changeOf(account, "phone_number_name_update", object{
			"display_phone_number": number, "decision": "REJECTED", "requested_verified_name": sender.Label, "rejection_reason": "NAME_FORMAT_UNACCEPTABLE",
		})
	case stage.Restricted:
		return changeOf(account, "account_update", object{
			"event": "ACCOUNT_RESTRICTION", "restriction_info": []any{object{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING"}},
		})
	case stage.Disabled:
		return changeOf(account, "account_update", object{"event": "DISABLED_UPDATE", "ban_info": object{"waba_ban_state": "DISABLE"}})
	}
	panic("a notice that is not played: " + string(what))
}

// Consent tells that a user stops or resumes marketing messages (Meta, "user_preferences
// webhook reference"). Nothing is kept: the hub is trusted to follow it.
func (s *Side) Consent(account *stage.Account, sender stage.Sender, lead stage.Party, optedOut bool) (post.Letter, bool) {
	word := "resume"
	if optedOut {
		word = "stop"
	}
	preference := object{
		"detail": fmt.Sprintf("User requested to %s marketing messages", word), "category": "marketing_messages", "value": word,
		"timestamp": time.Now().Unix(),
	}
	name(preference, "wa_id", "user_id", lead)
	return s.stage.Bulletin(s, account, "consent", changeOf(account, "user_preferences", object{
		"messaging_product": "whatsapp", "metadata": metadataOf(sender), "contacts": []contact{contactOf(lead)}, "user_preferences": []any{preference},
	}))
}

// Moved tells that a user has another number (Meta, "System messages webhook reference").
func (s *Side) Moved(account *stage.Account, sender stage.Sender, id string, from, to stage.Party, at time.Time) []byte {
	message := object{
		"id": id, "timestamp": unix(at.Unix()), "type": "system",
		"system": object{
			"body": fmt.Sprintf("User %s changed from %s to %s", from.Name, waID(from), waID(to)), "wa_id": waID(to), "type": "user_changed_number",
		},
	}
	name(message, "from", "from_user_id", from)
	return wrap(account, sender, value{Messages: []any{message}})
}

// Echo passes on what was written in the WhatsApp Business app (Meta, "smb_message_echoes
// webhook reference").
func (s *Side) Echo(account *stage.Account, m *stage.Message) []byte {
	message := object{"from": waNumber(m.Sender), "id": m.ID, "timestamp": unix(m.At.Unix()), "type": "text", "text": object{"body": m.Text}}
	name(message, "to", "to_user_id", m.Party)
	return changeOf(account, "smb_message_echoes", object{
		"messaging_product": "whatsapp", "metadata": metadataOf(m.Sender), "message_echoes": []any{message},
	})
}

// name adds the ids by which the business knows a user.
func name(to object, phone, userID string, who stage.Party) {
	if number := waID(who); number != "" {
		to[phone] = number
	}
	if who.UserID != "" {
		to[userID] = who.UserID
	}
}

func waNumber(sender stage.Sender) string { return strings.TrimPrefix(sender.Address, "+") }
