package whatsappcloud

import (
	"errors"

	"converse/channels"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// preferences are what people chose about being written to (Meta, "user_preferences
// webhook reference").
type preferences struct {
	metadata
	Preferences jsonstrict.List[preference] `json:"user_preferences"`
}

type preference struct {
	WhatsAppID jsonstrict.Text `json:"wa_id"`
	UserID     jsonstrict.Text `json:"user_id"`
	Category   string          `json:"category"`
	Value      string          `json:"value"`
	Timestamp  jsonstrict.Text `json:"timestamp"`
}

func (p *parser) preferences(where string, v preferences) {
	sender, ok := p.number(where, v.metadata)
	if !ok {
		return
	}
	if v.Preferences.Err() == nil && v.Preferences.Len() == 0 {
		p.ignore("The change holds no preferences.")
	}
	known := p.people(where, v.Contacts)
	each(p, where+", preference", v.Preferences, func(where string, c preference) {
		p.preference(where, sender, known, c)
	})
}

func (p *parser) preference(where string, sender channels.AccountSender, known people, c preference) {
	if c.Category != "marketing_messages" || c.Value != "stop" && c.Value != "resume" {
		p.ignore("A preference of a kind that is not followed: %s.", orUnknown(plainWord(c.Category)))
		return
	}
	from := known.named(channels.Party{Phone: phone(c.WhatsAppID), WhatsApp: string(c.UserID)})
	if from.Phone == "" && from.WhatsApp == "" {
		p.malformed(where, errors.New("it does not say whose preference it is"))
		return
	}
	p.events = append(p.events, channels.Consent{
		Sender: sender.ID, Channel: chat.ChannelWhatsApp, From: from,
		OptedOut: c.Value == "stop", Marketing: true, At: c.Timestamp.Time(),
	})
}
