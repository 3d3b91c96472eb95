package history_test

import (
	"fmt"
	"slices"

	"converse/internal/chat"
)

// framesOf are the statuses of one message that reached devices.
func (c *checker) framesOf(id string) []frame {
	if c.byFrame == nil {
		c.byFrame = map[string][]frame{}
		for _, f := range c.frames {
			c.byFrame[f.MessageID] = append(c.byFrame[f.MessageID], f)
		}
	}
	return c.byFrame[id]
}

// oneOrder is I5: the messages of a conversation are numbered 1, 2, 3 … without a
// gap, and no device was ever told another number.
func (c *checker) oneOrder() {
	byTalk := map[string][]messageRow{}
	for _, m := range c.messages {
		byTalk[m.ConversationID] = append(byTalk[m.ConversationID], m)
	}
	for _, t := range c.talks {
		list := byTalk[t.ID]
		inbound := 0
		for i, m := range list {
			if m.Seq != i+1 {
				c.fail("I5", keyOf(m.Text), "has seq %d at place %d of %s", m.Seq, i+1, t.ID)
				break
			}
			if m.Direction == string(chat.DirectionInbound) {
				inbound++
			}
		}
		if t.LastSeq != len(list) || t.InboundCount != inbound {
			c.fail("I5", t.ID, "counts %d messages and %d of the lead's, but has %d and %d", t.LastSeq, t.InboundCount, len(list), inbound)
		}
	}
	for _, f := range c.frames {
		m := c.byID[f.MessageID]
		switch {
		case m == nil:
			c.fail("I6", f.MessageID, "%s was told of a message that is not there: %q", f.Device, f.Text)
		case m.Seq != f.Seq || f.Text != "" && f.Text != m.Text:
			c.fail("I5", keyOf(m.Text), "has seq %d, but %s was told %d (%q)", m.Seq, f.Device, f.Seq, f.Text)
		}
	}
}

// resumed is I6: after all that happened every device is live and shows what the
// tables hold.
func (c *checker) resumed() {
	for _, v := range c.devices {
		if !v.Live {
			c.fail("I6", v.Name, "its session is not live")
		}
		for _, mixed := range v.Model.mixed {
			c.fail("I5", v.Name, "saw two messages in one place: %s", mixed)
		}
		for _, d := range c.differences(v) {
			c.fail("I6", d.Key, "%s %s", v.Name, d.Text)
		}
	}
	for _, what := range c.ahead {
		c.fail("I6", what, "an event ran ahead of its commit")
	}
}

// differences are where a device's screen is not what the tables hold.
func (c *checker) differences(v view) []wrong {
	var out []wrong
	differs := func(key, format string, args ...any) {
		out = append(out, wrong{"I6", key, fmt.Sprintf(format, args...)})
	}
	unread := map[string]markerRow{}
	for _, m := range c.markers {
		if m.UserID == v.UserID {
			unread[m.ConversationID] = m
		}
	}
	there := map[string]bool{}
	for _, row := range c.talks {
		if row.LastSeq == 0 {
			continue // lists leave out what nobody wrote in
		}
		there[row.ID] = true
		t := v.Model.talks[row.ID]
		if t == nil {
			differs(row.ID, "does not show conversation %s", row.ID)
			continue
		}
		if t.version != row.Version || t.lastSeq != row.LastSeq || t.inbound != row.InboundCount {
			differs(row.ID, "shows version %d of %s with %d messages, %d of the lead's; it is version %d with %d and %d",
				t.version, row.ID, t.lastSeq, t.inbound, row.Version, row.LastSeq, row.InboundCount)
		}
		if want := row.InboundCount - unread[row.ID].InboundRead; t.unread() != want {
			differs(row.ID, "shows %d unread in %s, not %d", t.unread(), row.ID, want)
		}
	}
	for _, id := range v.Model.ids() {
		if !there[id] {
			differs(id, "shows conversation %s, which is not there", id)
		}
	}
	for i := range c.messages {
		m := &c.messages[i]
		t := v.Model.talks[m.ConversationID]
		if t == nil {
			continue
		}
		if why := unlike(t.messages[m.Seq], m); why != "" {
			differs(keyOf(m.Text), "%s", why)
		}
	}
	return out
}

// unlike says how a message on screen differs from its row.
func unlike(s *shown, m *messageRow) string {
	clientID, retryOf := "", ""
	if m.ClientID != nil {
		clientID = *m.ClientID
	}
	if m.RetryOf != nil {
		retryOf = *m.RetryOf
	}
	switch {
	case s == nil:
		return fmt.Sprintf("lacks the message at seq %d", m.Seq)
	case s.id != m.ID || s.text != m.Text || s.direction != m.Direction || s.clientID != clientID || s.retryOf != retryOf:
		return fmt.Sprintf("shows %q (%s) at seq %d, not %q (%s)", s.text, s.id, m.Seq, m.Text, m.ID)
	case s.status != m.Status:
		return fmt.Sprintf("shows %s, not %s", s.status, m.Status)
	case s.failure != m.FailureText:
		return fmt.Sprintf("explains %s by %q, not by %q", s.status, s.failure, m.FailureText)
	}
	return ""
}

// atRest: no work is left over, and every message has come to an end.
func (c *checker) atRest() {
	for _, id := range c.jobs {
		c.fail("I8", c.key(id), "still has a job to send")
	}
	if c.events > 0 {
		c.fail("I8", "events", "%d events are not published", c.events)
	}
	for i := range c.messages {
		if m := &c.messages[i]; !m.Status.Final() {
			c.fail("I8", keyOf(m.Text), "is %s for good", m.Status)
		}
	}
}

// lateTicks counts frames that told a device less than it knew already: events that
// were published again, or overtook each other. They change nothing on screen.
func (c *chronicle) lateTicks() int {
	type who struct{ device, message string }
	best, late := map[who]chat.Status{}, 0
	for _, f := range c.frames {
		key := who{f.Device, f.MessageID}
		if f.Status.Rank() < best[key].Rank() {
			late++
			continue
		}
		best[key] = f.Status
	}
	return late
}

// sorted is a fixed order for numbers that are printed.
func sorted(counts map[string]int) []string {
	out := make([]string, 0, len(counts))
	for what, n := range counts {
		out = append(out, fmt.Sprintf("%s %d", what, n))
	}
	slices.Sort(out)
	return out
}
