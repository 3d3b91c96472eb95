package gupshup

import (
	"strings"

	"converse/channels"
	"converse/channels/jsonstrict"
)

// userEvent is the payload of a user-event (docs.gupshup.io, "User events").
type userEvent struct {
	Phone  jsonstrict.Text `json:"phone"`
	UserID jsonstrict.Text `json:"userId"`
	Type   string          `json:"type"`
}

func (c callback) userEvent(e envelope[userEvent]) []channels.Event {
	said := e.Payload.Value
	switch said.Type {
	case "opted-in", "opted-out":
		return c.consent(e.Phone, channels.Consent{
			From: party("", said.UserID, said.Phone), OptedOut: said.Type == "opted-out", At: when(e.Timestamp),
		})
	case "sandbox-start":
		return ignored("The app's sandbox was started.")
	}
	return ignored("Something about a user that is not followed: " + oneOf(plain(said.Type), "unknown") + ".")
}

// preference is the payload of a preference-event, by which a person stops or resumes
// marketing messages. No example of it is published; the names are those of Gupshup's
// other events and of Meta's user_preferences.
type preference struct {
	Phone       jsonstrict.Text `json:"phone"`
	Source      jsonstrict.Text `json:"source"`
	Destination jsonstrict.Text `json:"destination"`
	WhatsAppID  jsonstrict.Text `json:"wa_id"`
	UserID      jsonstrict.Text `json:"userId"`
	Type        jsonstrict.Text `json:"type"`
	Value       jsonstrict.Text `json:"value"`
	Preference  jsonstrict.Text `json:"preference"`
	Status      jsonstrict.Text `json:"status"`
}

func (c callback) preference(e envelope[preference]) []channels.Event {
	said := e.Payload.Value
	for _, word := range []jsonstrict.Text{said.Value, said.Preference, said.Status, said.Type} {
		word := strings.ToLower(string(word))
		stops := strings.HasPrefix(word, "stop") || strings.HasPrefix(word, "opted-out")
		if !stops && !strings.HasPrefix(word, "resume") && !strings.HasPrefix(word, "opted-in") {
			continue
		}
		return c.consent(e.Phone, channels.Consent{
			From:     party("", said.UserID, said.Phone, said.Source, said.WhatsAppID, said.Destination),
			OptedOut: stops, Marketing: true, At: when(e.Timestamp),
		})
	}
	return ignored("A preference that is not understood.")
}

// consent completes a person's word. Without a number of ours it is about all of them.
func (c callback) consent(phone jsonstrict.Text, said channels.Consent) []channels.Event {
	if !known(said.From) {
		return malformed("it does not say whose word it is")
	}
	said.Channel = channel
	if to, ok := c.sender(phone); ok {
		said.Sender = to.ID
	}
	return []channels.Event{said}
}
