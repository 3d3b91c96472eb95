package history_test

import (
	"strings"
	"time"

	"converse/internal/chat"
)

// outbound are the messages that users of this run sent.
func (c *checker) outbound() []*messageRow {
	var out []*messageRow
	for i := range c.messages {
		if m := &c.messages[i]; m.Direction == string(chat.DirectionOutbound) && c.ofThisRun(m) {
			out = append(out, m)
		}
	}
	return out
}

// onceOut is I3: a provider is called at most once for an attempt, and again only
// when every earlier attempt is proven not sent. Nothing is taken twice.
func (c *checker) onceOut() {
	for _, m := range c.outbound() {
		key, attempts, calls := keyOf(m.Text), c.attemptsOf[m.ID], c.callsOf[m.ID]
		if len(calls) > len(attempts) {
			c.fail("I3", key, "%d calls in %d attempts", len(calls), len(attempts))
		}
		accepted, taken := 0, 0
		for _, one := range calls {
			if one.Accepted {
				taken++
			}
		}
		if taken > 1 {
			c.fail("I3", key, "the provider took it %d times", taken)
		}
		for i, a := range attempts {
			outcome := outcomeOf(a)
			if outcome == "accepted" {
				accepted++
			}
			if a.Number != i+1 {
				c.fail("I3", key, "attempts are not numbered 1, 2, 3: %d is at place %d", a.Number, i+1)
			}
			if i < len(attempts)-1 && outcome != "not_sent" {
				c.fail("I3", key, "tried again although attempt %d ended in %s", a.Number, outcome)
			}
			if outcome == "" {
				c.fail("I3", key, "attempt %d has no outcome", a.Number)
			}
		}
		if accepted > taken {
			c.fail("I3", key, "an attempt is recorded as accepted, but the provider took %d", taken)
		}
		if taken > 0 && len(attempts) > 0 && outcomeOf(attempts[len(attempts)-1]) == "not_sent" {
			c.fail("I3", key, "the provider took it, but it is recorded as not sent")
		}
		if why := c.unexplained(m, attempts, calls); why != "" {
			c.fail("I3", key, "%s", why)
		}
	}
	for _, one := range c.calls {
		if c.called(one) == nil {
			c.fail("I3", keyOf(one.Text), "a call (journal %d) for a message that is not there: %q to %s", one.Seq, one.Text, one.To)
		}
	}
	c.inOrder()
}

func outcomeOf(a attemptRow) string {
	if a.Outcome == nil {
		return ""
	}
	return *a.Outcome
}

// inOrder: the messages of a conversation are handed over in their order. A node that
// was frozen between its commit and its call makes the call late, and unsure of it.
func (c *checker) inOrder() {
	last := map[string]*messageRow{}
	for _, one := range c.calls {
		m := c.called(one)
		if m == nil {
			continue
		}
		if before := last[m.ConversationID]; before != nil && m.Seq < before.Seq && !c.wasFrozen(m) {
			c.fail("I5", keyOf(m.Text), "handed over (journal %d) after %s, which comes later", one.Seq, keyOf(before.Text))
			continue
		}
		last[m.ConversationID] = m
	}
}

func (c *checker) wasFrozen(m *messageRow) bool {
	for _, a := range c.attemptsOf[m.ID] {
		if c.hurtDuring(a, freezeNode) {
			return true
		}
	}
	return false
}

// hurtDuring reports whether one of these faults fell into an attempt.
func (c *checker) hurtDuring(a attemptRow, kinds ...string) bool {
	from, until := a.StartedAt.Sub(c.begun), c.now()
	if a.FinishedAt != nil {
		until = a.FinishedAt.Sub(c.begun)
	}
	// What a fault does shows a little before the end of it is noted, and after.
	const slack = time.Second
	for _, h := range c.faults {
		for _, kind := range kinds {
			if strings.HasPrefix(h.Kind, kind) && h.From < until+slack && h.Until > from-slack {
				return true
			}
		}
	}
	return false
}

// unexplained says that a message is unsure, or was, although nothing that happened
// to it can be a reason.
func (c *checker) unexplained(m *messageRow, attempts []attemptRow, calls []call) string {
	unsure := false
	for _, a := range attempts {
		unsure = unsure || outcomeOf(a) == "unsure"
	}
	switch {
	case !unsure && m.Status == chat.StatusUnsure:
		return "it is unsure, but no attempt is"
	case !unsure:
		return ""
	}
	last := attempts[len(attempts)-1]
	if c.hurtDuring(last, killNode, killBoth, drainNode, freezeNode, crashPostgres, crashBoth) {
		return ""
	}
	for _, one := range calls {
		if !one.clean() {
			return ""
		}
	}
	// The journal notes an answer that was cut as it would have been.
	if strings.Contains(last.Detail, "before the answer was complete") || strings.Contains(last.Detail, "broke off") {
		return ""
	}
	// A call that used up all of its time is reason enough, whoever was slow.
	if last.FinishedAt != nil && last.FinishedAt.Sub(last.StartedAt) >= lease/2 {
		return ""
	}
	return "it is unsure without a reason: " + last.Detail
}

// honestTicks is I4: what a message shows is the highest that was ever reported of
// it, by its attempts and its receipts, and nobody is told anything else.
func (c *checker) honestTicks() {
	ids, reported := c.reportedTo()
	for _, m := range c.outbound() {
		want := chat.StatusQueued
		said := map[chat.Status]bool{chat.StatusQueued: true}
		for _, a := range c.attemptsOf[m.ID] {
			said[chat.StatusSending] = true
			switch outcomeOf(a) {
			case "accepted":
				said[chat.StatusSent] = true
			case "refused", "withheld":
				said[chat.StatusFailed] = true
			case "unsure":
				said[chat.StatusUnsure] = true
			}
		}
		for status := range reported[m.ID] {
			said[status] = true
		}
		for status := range said {
			want = want.Join(status)
		}
		// A late answer settles an attempt that had been given up as unsure.
		said[chat.StatusUnsure] = said[chat.StatusUnsure] || len(c.attemptsOf[m.ID]) > 0
		if m.Status != want {
			c.fail("I4", keyOf(m.Text), "is %s, but what was reported of it adds up to %s", m.Status, want)
		}
		if failed := m.Status == chat.StatusFailed || m.Status == chat.StatusUnsure; failed != (m.FailureText != "") {
			c.fail("I4", keyOf(m.Text), "is %s with the words %q", m.Status, m.FailureText)
		}
		c.told(m, said)
	}
	c.receiptsKept(ids)
	c.neverBack()
}

// reportedTo is what receipts in the tables say of each message, and which provider's
// ids belong to it.
func (c *checker) reportedTo() (ids map[string]string, reported map[string]map[chat.Status]bool) {
	ids, reported = map[string]string{}, map[string]map[chat.Status]bool{}
	for id, one := range c.callByID {
		if m := c.called(one); m != nil {
			ids[id] = m.ID
		}
	}
	for _, r := range c.receipts {
		if r.MessageID == nil {
			c.fail("I4", r.ProviderID, "a receipt (%s) waits for its message", r.Status)
			continue
		}
		if owner, ours := ids[r.ProviderID]; ours && owner != *r.MessageID {
			c.fail("I4", c.key(owner), "its receipt (%s) was given to %s", r.Status, c.key(*r.MessageID))
		}
		if reported[*r.MessageID] == nil {
			reported[*r.MessageID] = map[chat.Status]bool{}
		}
		reported[*r.MessageID][r.Status] = true
	}
	return ids, reported
}

// receiptsKept: every receipt that was answered 2xx is kept with its message.
func (c *checker) receiptsKept(ids map[string]string) {
	type kept struct {
		id     string
		status chat.Status
	}
	have := map[kept]bool{}
	for _, r := range c.receipts {
		have[kept{r.ProviderID, r.Status}] = true
	}
	posted := map[kept]bool{}
	for _, p := range c.posts {
		for _, n := range p.Notice {
			if n.Status == "" {
				continue
			}
			posted[kept{n.ProviderID, n.Status}] = true
			if p.OK() && !have[kept{n.ProviderID, n.Status}] {
				c.fail("I4", c.key(ids[n.ProviderID]), "the receipt %s of %s was answered %d, but is not kept", n.Status, n.ProviderID, p.Status)
			}
		}
	}
	for _, n := range c.listed {
		posted[kept{n.ProviderID, n.Status}] = true
	}
	for _, r := range c.receipts {
		if r.MessageID != nil && c.byID[*r.MessageID] != nil && c.ofThisRun(c.byID[*r.MessageID]) && !posted[kept{r.ProviderID, r.Status}] {
			c.fail("I4", c.key(*r.MessageID), "a receipt %s is kept that nobody posted, or told when asked", r.Status)
		}
	}
}

// told: no frame ever carried a status that nobody had reported.
func (c *checker) told(m *messageRow, said map[chat.Status]bool) {
	for _, f := range c.framesOf(m.ID) {
		if !said[f.Status] {
			c.fail("I4", keyOf(m.Text), "%s was told that it is %s, which nobody reported", f.Device, f.Status)
			return
		}
	}
}

// neverBack: whoever reads a message later never reads less of it.
func (c *checker) neverBack() {
	type best struct {
		status chat.Status
		read   reading
	}
	type who struct{ device, message string }
	seen := map[who][]best{}
	for _, r := range c.reads {
		key := who{r.Device, r.MessageID}
		for _, b := range seen[key] {
			if b.read.Answers < r.Asked && r.Status.Rank() < b.status.Rank() {
				c.fail("I4", c.key(r.MessageID), "%s read %s at %s and %s later", r.Device, b.status, b.read.Answers, r.Status)
			}
		}
		if list := seen[key]; len(list) == 0 || list[len(list)-1].status != r.Status {
			seen[key] = append(list, best{r.Status, r})
		}
	}
}
