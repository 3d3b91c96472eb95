package stage

import (
	"slices"
	"time"

	"converse/internal/chat"
)

// Past is what a lead and a business number had said to each other before the
// sandbox began: a phone does not forget when the hub is started again.
type Past struct {
	// Provider may be empty when only one account has the number.
	Provider string `json:"provider,omitempty"`
	// Sender is the business number and Lead the lead's, or a WhatsApp user id.
	Sender   string        `json:"sender"`
	Lead     string        `json:"lead"`
	Messages []PastMessage `json:"messages"`
}

// PastMessage is one message of a Past. All are shown as text.
type PastMessage struct {
	// Reference is what the hub calls a message of its own; empty for the lead's.
	Reference string    `json:"reference,omitempty"`
	Text      string    `json:"text"`
	At        time.Time `json:"at"`
	// Status is how far a message of the hub has come; empty means that the lead wrote it.
	Status chat.Status `json:"status,omitempty"`
}

// Remember puts a past thread onto its phone and opens the service window that it
// leaves open. Nothing is posted for it. The error is a *Problem.
func (s *Stage) Remember(past Past) error {
	account, sender, err := s.accountOfAddress(past.Provider, past.Sender)
	if err != nil {
		return err
	}
	lead := Letter{From: past.Lead}
	known, err := lead.lead()
	if err != nil {
		return problem("lead", "must be a number such as +12025550123 or a WhatsApp user id")
	}
	side, _ := s.Side(account.Provider)
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.meet(known.Phone, known.WhatsAppID)
	h.kept = true
	t := s.thread(h, account, sender)
	party := h.party(TraitsOf(side, sender).Channel)
	for _, m := range past.Messages {
		e := &entry{thread: t, status: m.Status, shown: true, seen: true, Message: &Message{
			Reference: m.Reference, Provider: account.Provider, AccountID: account.AccountID, Sender: sender, Party: party,
			Direction: chat.DirectionOutbound, Kind: chat.KindText, Text: m.Text, At: m.At,
		}}
		if m.Status == "" {
			e.Direction, e.status = chat.DirectionInbound, chat.StatusDelivered
		} else {
			e.shown = slices.Contains([]chat.Status{chat.StatusDelivered, chat.StatusRead}, m.Status)
			e.seen = m.Status == chat.StatusRead
		}
		e.ID = side.NewID(e.Direction, party)
		s.keep(e)
		if e.Direction == chat.DirectionInbound {
			s.openWindow(e)
		}
		h.lastAt = m.At
	}
	return nil
}
