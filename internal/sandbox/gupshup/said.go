package gupshup

import (
	"strconv"
	"time"

	"converse/internal/sandbox/post"
	"converse/internal/sandbox/stage"
)

// Notice writes a callback about the app's account (partner-docs.gupshup.io, "System
// events").
func (s *Side) Notice(account *stage.Account, _ stage.Sender, what stage.Notice) []byte {
	said := func(kind string, payload object) []byte {
		return event(account, "account-event", time.Now(), object{"type": kind, "payload": payload})
	}
	switch what {
	case stage.Flagged:
		return said("tier-event", object{"event": "FLAGGED", "currentTier": "TIER_1K"})
	case stage.Unflagged:
		return said("tier-event", object{"event": "UNFLAGGED", "currentTier": "TIER_1K"})
	case stage.LimitRaised:
		return said("tier-event", object{"event": "UPGRADE", "oldTier": "TIER_1K", "newTier": "TIER_10K"})
	case stage.LimitLowered:
		return said("tier-event", object{"event": "DOWNGRADE", "oldTier": "TIER_1K", "newTier": "TIER_250"})
	case stage.NameRefused:
		return said("pndn-event", object{"status": "NAME_FORMAT_UNACCEPTABLE"})
	case stage.Restricted:
		return said("status-event", object{"status": "ACCOUNT_RESTRICTED"})
	case stage.Disabled:
		return said("status-event", object{"status": "ACCOUNT_DISABLE"})
	}
	panic("a notice that is not played: " + string(what))
}

// Consent tells that a user opted out or in (docs.gupshup.io, "User events"). Nothing is
// kept: the hub is trusted to follow it.
func (s *Side) Consent(account *stage.Account, _ stage.Sender, lead stage.Party, optedOut bool) (post.Letter, bool) {
	payload := object{"phone": digits(lead.Phone), "type": "opted-in"}
	if optedOut {
		payload["type"] = "opted-out"
	}
	if lead.UserID != "" {
		payload["userId"] = lead.UserID
	}
	return s.stage.Bulletin(s, account, "consent", event(account, "user-event", time.Now(), payload))
}

// Echo passes on what was written in the WhatsApp Business app, to a subscription of
// version 3; version 2 has no such callback.
func (s *Side) Echo(account *stage.Account, m *stage.Message) []byte {
	if made, _ := s.active(account); made.Version != 3 {
		return nil
	}
	message := object{
		"from": digits(m.Sender.Address), "id": whatsAppID(m.ID), "timestamp": strconv.FormatInt(m.At.Unix(), 10),
		"type": "text", "text": object{"body": m.Text},
	}
	if m.Party.Phone != "" {
		message["to"] = digits(m.Party.Phone)
	}
	if m.Party.UserID != "" {
		message["to_user_id"] = m.Party.UserID
	}
	return envelope(account, &m.Sender, "smb_message_echoes", object{"message_echoes": []object{message}})
}
