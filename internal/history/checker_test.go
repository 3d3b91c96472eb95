package history_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// wrong is one broken promise.
type wrong struct {
	Invariant string
	Key       string
	Text      string
}

func (w wrong) String() string { return fmt.Sprintf("%s  %s: %s", w.Invariant, w.Key, w.Text) }

// checker holds the evidence by what it is looked up by.
type checker struct {
	*evidence
	wrongs []wrong
	notes  int

	byID       map[string]*messageRow
	byClient   map[string][]*messageRow
	byText     map[string][]*messageRow
	byProvider map[string]*messageRow // messages by the provider's id
	attemptsOf map[string][]attemptRow
	callsOf    map[string][]call
	callByID   map[string]call // calls by the provider's id of the message
	byFrame    map[string][]frame
}

// check runs every check over the evidence.
func check(e *evidence) *checker {
	c := &checker{
		evidence: e, byID: map[string]*messageRow{}, byClient: map[string][]*messageRow{}, byText: map[string][]*messageRow{},
		byProvider: map[string]*messageRow{}, attemptsOf: map[string][]attemptRow{}, callsOf: map[string][]call{}, callByID: map[string]call{},
	}
	for i := range e.messages {
		m := &e.messages[i]
		c.byID[m.ID] = m
		c.byText[m.Text] = append(c.byText[m.Text], m)
		if m.ClientID != nil {
			c.byClient[*m.ClientID] = append(c.byClient[*m.ClientID], m)
		}
		if m.ProviderID != nil {
			c.byProvider[*m.ProviderID] = m
		}
	}
	for _, a := range e.attempts {
		c.attemptsOf[a.MessageID] = append(c.attemptsOf[a.MessageID], a)
	}
	for _, one := range e.calls {
		if m := c.called(one); m != nil {
			c.callsOf[m.ID] = append(c.callsOf[m.ID], one)
		}
		if one.ID != "" {
			c.callByID[one.ID] = one
		}
	}
	c.storedFirst()
	c.onceIn()
	c.onceAccepted()
	c.onceOut()
	c.notesStay()
	c.honestTicks()
	c.safetyNet()
	c.oneOrder()
	c.resumed()
	c.atRest()
	return c
}

// called is the message that a call was for. CTM gives no reference back: there the
// text, which is unique in a run, is the key.
func (c *checker) called(one call) *messageRow {
	if one.Provider != "ctm" {
		return c.byID[one.Reference]
	}
	for _, m := range c.byText[one.Text] {
		if m.Direction == "outbound" {
			return m
		}
	}
	return nil
}

// fail notes a broken promise about a key: the first word of a text, or an id.
func (c *checker) fail(invariant, key, format string, args ...any) {
	c.wrongs = append(c.wrongs, wrong{invariant, key, fmt.Sprintf(format, args...)})
}

// key is how a message is called in reports.
func (c *checker) key(id string) string {
	if m := c.byID[id]; m != nil {
		return keyOf(m.Text)
	}
	return id
}

// The report tells some broken promises of each invariant with their whole history,
// and no more than some of the others.
const (
	mostTold   = 4
	mostListed = 20
)

// report is what was broken: a list by invariant, then the histories of the first of
// each.
func (c *checker) report() string {
	var list, histories strings.Builder
	byInvariant := map[string][]wrong{}
	for _, w := range c.wrongs {
		byInvariant[w.Invariant] = append(byInvariant[w.Invariant], w)
	}
	told := map[string]bool{}
	for _, invariant := range slices.Sorted(maps.Keys(byInvariant)) {
		broken := byInvariant[invariant]
		fmt.Fprintf(&list, "%s is broken %d times:\n", invariant, len(broken))
		count := 0
		for i, w := range broken {
			if i < mostListed {
				fmt.Fprintf(&list, "  %s: %s\n", w.Key, w.Text)
			}
			if told[w.Key] || count == mostTold {
				continue
			}
			told[w.Key] = true
			count++
			aliases := c.aliases(w.Key)
			fmt.Fprintf(&histories, "%s\n%s", w, tell(append(slices.Clone(c.lines), c.facts(aliases)...), aliases))
		}
	}
	return list.String() + histories.String()
}

// aliases are all the names that one message goes by.
func (c *checker) aliases(key string) map[string]bool {
	all := map[string]bool{key: true}
	add := func(m *messageRow) {
		all[m.ID], all[keyOf(m.Text)] = true, true
		if m.ProviderID != nil {
			all[*m.ProviderID] = true
		}
	}
	for i := range c.messages {
		if m := &c.messages[i]; m.ID == key || keyOf(m.Text) == key || m.ProviderID != nil && *m.ProviderID == key {
			add(m)
		}
	}
	for _, one := range c.calls {
		if one.ID != "" && (all[one.Reference] || all[keyOf(one.Text)]) {
			all[one.ID] = true
		}
	}
	return all
}

// facts are what the provider and the tables know of some keys, as lines of history.
func (c *checker) facts(keys map[string]bool) []line {
	var out []line
	first := slices.Sorted(maps.Keys(keys))[0]
	for _, one := range c.calls {
		if keys[one.ID] || keys[one.Reference] || keys[keyOf(one.Text)] {
			out = append(out, line{one.Time.Sub(c.begun), "provider", fmt.Sprintf("is called (journal %d): answers %s, accepted %t, id %s", one.Seq, one.Status, one.Accepted, one.ID), first})
		}
	}
	for _, p := range c.posts {
		for _, n := range p.Notice {
			if keys[n.ProviderID] || keys[n.Reference] || n.Text != "" && keys[keyOf(n.Text)] {
				what := fmt.Sprintf("posted to %s: %s, answered %d", p.Node, n.Status, p.Status)
				if n.Status == "" {
					what = fmt.Sprintf("posted to %s: the message, answered %d", p.Node, p.Status)
				}
				out = append(out, line{p.At, p.Provider, what, first})
			}
		}
	}
	for _, m := range c.messages {
		if !keys[m.ID] {
			continue
		}
		out = append(out, line{m.CreatedAt.Sub(c.begun), "tables", fmt.Sprintf("message %s, seq %d of %s, now %s", m.ID, m.Seq, m.ConversationID, m.Status), first})
		for _, a := range c.attemptsOf[m.ID] {
			outcome := "nothing"
			if a.Outcome != nil {
				outcome = *a.Outcome
			}
			out = append(out, line{a.StartedAt.Sub(c.begun), "tables", fmt.Sprintf("attempt %d by node %s ended in %s %q", a.Number, a.Node, outcome, a.Detail), first})
		}
	}
	for _, h := range c.faults {
		out = append(out, line{h.From, "storm", fmt.Sprintf("%s %s until %.3fs", h.Kind, h.Target, h.Until.Seconds()), first})
	}
	return out
}
