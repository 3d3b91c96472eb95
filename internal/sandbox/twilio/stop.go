package twilio

import (
	"strings"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// line is a number of an account toward a lead.
type line struct{ account, sender, lead string }

// Hear keeps what a lead's text says of being written to. Twilio knows the words itself,
// for SMS (Twilio, "Support for opt-out keywords").
func (s *Side) Hear(account *stage.Account, m *stage.Message) {
	if m.Sender.Channel == chat.ChannelWhatsApp {
		return
	}
	at := line{account.AccountID, m.Sender.Address, m.Party.Phone}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch strings.ToUpper(strings.TrimSpace(m.Text)) {
	case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT":
		s.stops[at] = true
	case "START", "YES", "UNSTOP":
		delete(s.stops, at)
	}
}

// stopped reports whether the lead's last word of that kind to the number was STOP.
func (s *Side) stopped(account *stage.Account, sender stage.Sender, lead string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stops[line{account.AccountID, sender.Address, lead}]
}
