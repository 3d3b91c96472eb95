package history_test

import (
	"strings"

	"converse/internal/chat"
)

// notesStay: what colleagues write to each other is handed to no provider, in no attempt
// and under no name. That a note has its place in the order, and that every device shows
// it, are promises of every message.
func (c *checker) notesStay() {
	notes := 0
	for i := range c.messages {
		m := &c.messages[i]
		if m.Direction != string(chat.DirectionInternal) || !c.ofThisRun(m) {
			continue
		}
		notes++
		key := keyOf(m.Text)
		if n := len(c.attemptsOf[m.ID]); n > 0 {
			c.fail("I3", key, "is a note, and %d attempts were made to send it", n)
		}
		if m.Status != chat.StatusNoted || m.ProviderID != nil {
			c.fail("I4", key, "is a note, and is %s", m.Status)
		}
		for _, one := range c.calls {
			if one.Reference == m.ID || strings.Contains(one.Text, key) {
				c.fail("I3", key, "is a note, and was handed to a provider (journal %d)", one.Seq)
			}
		}
	}
	for _, s := range c.sends {
		for _, m := range c.byClient[s.ClientID] {
			if noted := m.Direction == string(chat.DirectionInternal); noted != s.Note {
				c.fail("I3", keyOf(s.Text), "was written as a note: %t, and is stored as %s", s.Note, m.Direction)
			}
		}
	}
	c.notes = notes
}
