package history_test

import "converse/internal/store"

// storedFirst is I1: what was answered 2xx is stored, and every stored webhook has
// ended in one of three ways.
func (c *checker) storedFirst() {
	taken, posted := map[string]int{}, map[string]int{}
	sample := map[string]post{}
	for _, p := range c.posts {
		posted[p.Hash]++
		sample[p.Hash] = p
		if p.OK() {
			taken[p.Hash]++
		}
	}
	stored := map[string]int{}
	results := map[string]int{}
	for _, row := range c.callbacks {
		results[row.Result]++
		if !row.Polled {
			stored[row.Hash]++
		}
		switch {
		case row.Result != string(store.ResultParked):
		case row.Why == "":
			c.fail("I1", c.keyOfPost(sample[row.Hash]), "its webhook is parked without a reason")
		default:
			c.fail("I1", c.keyOfPost(sample[row.Hash]), "its webhook is still parked: %s", row.Why)
		}
		if posted[row.Hash] == 0 && !row.Polled {
			c.fail("I1", row.ID, "a callback is stored that no provider posted")
		}
	}
	for hash, n := range taken {
		if stored[hash] < n {
			c.fail("I1", c.keyOfPost(sample[hash]), "answered 2xx %d times but stored %d times", n, stored[hash])
		}
	}
	for hash, n := range stored {
		if n > posted[hash] {
			c.fail("I1", c.keyOfPost(sample[hash]), "posted %d times but stored %d times", posted[hash], n)
		}
	}
	received, sum := c.counted[0], c.counted[1]+c.counted[2]+c.counted[3]
	if received != sum || received != len(c.callbacks) {
		c.fail("I1", "callbacks", "received %d, but shown + ignored + parked is %d and %d are stored", received, sum, len(c.callbacks))
	}
	if c.counted[1] != results["shown"] || c.counted[2] != results["ignored"] {
		c.fail("I1", "callbacks", "counted %v, but stored are %v", c.counted, results)
	}
}

// keyOfPost is the message that a webhook is about.
func (c *checker) keyOfPost(p post) string {
	if len(p.Notice) == 0 {
		return "a webhook that says nothing"
	}
	n := p.Notice[0]
	if n.Status == "" && n.Text != "" {
		return keyOf(n.Text)
	}
	if m := c.called(c.callByID[n.ProviderID]); m != nil {
		return keyOf(m.Text)
	}
	return n.ProviderID
}

// onceIn is I2 for what leads write: one message for each, however often and to
// however many nodes it was posted.
func (c *checker) onceIn() {
	inbound := map[string]int{}
	for _, m := range c.messages {
		if m.Direction == "inbound" && m.ProviderID != nil {
			inbound[*m.ProviderID]++
		}
	}
	for id, n := range inbound {
		if n != 1 {
			c.fail("I2", c.key(c.byProvider[id].ID), "the provider's message %s is %d messages", id, n)
		}
	}
	seen := map[string]bool{}
	for _, p := range c.posts {
		for _, n := range p.Notice {
			if n.Status != "" || seen[n.ProviderID] || !p.OK() {
				continue
			}
			seen[n.ProviderID] = true
			m := c.byProvider[n.ProviderID]
			switch {
			case m == nil:
				c.fail("I2", keyOf(n.Text), "the webhook was answered %d, but there is no message %s", p.Status, n.ProviderID)
			case m.Text != n.Text:
				c.fail("I2", keyOf(n.Text), "became %q", m.Text)
			}
		}
	}
	for _, l := range c.letters {
		if m := c.byProvider[l.ID]; m != nil && m.Text != l.Text {
			c.fail("I2", keyOf(l.Text), "was written as %q and became %q", l.Text, m.Text)
		}
	}
}

// onceAccepted is I2 for what users send: one message for each that was answered OK,
// and none for what was refused.
func (c *checker) onceAccepted() {
	known := map[string]bool{}
	for _, s := range c.sends {
		known[s.ClientID] = true
		found := c.byClient[s.ClientID]
		key := keyOf(s.Text)
		switch {
		case len(found) > 1:
			c.fail("I2", key, "client id %s is %d messages", s.ClientID, len(found))
		case s.Accepted && len(found) == 0:
			c.fail("I2", key, "accepted as %s, but there is no message with client id %s", s.MessageID, s.ClientID)
		case s.Accepted && (found[0].ID != s.MessageID || found[0].Seq != s.Seq || found[0].Text != s.Text):
			c.fail("I2", key, "accepted as %s (seq %d), but stored as %s (seq %d) with %q", s.MessageID, s.Seq, found[0].ID, found[0].Seq, found[0].Text)
		case s.Refused && len(found) > 0:
			c.fail("I2", key, "refused, but stored as %s", found[0].ID)
		case !s.Accepted && !s.Refused:
			c.fail("I2", key, "the user never got an answer")
		}
	}
	for id, found := range c.byClient {
		if !known[id] && c.ofThisRun(found[0]) {
			c.fail("I2", keyOf(found[0].Text), "nobody sent this message with client id %s", id)
		}
	}
}

// ofThisRun tells a message of the run from those the demo was made with.
func (c *checker) ofThisRun(m *messageRow) bool { return m.CreatedAt.After(c.begun) }
