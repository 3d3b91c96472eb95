package history_test

import (
	"slices"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// model is what one device knows, merged as a browser does: messages by seq, ticks
// by join, conversations by version, read markers by maximum. Everything it lacks it
// has to be told; nothing is assumed.
type model struct {
	talks map[string]*talk
	// early are ticks of messages that have not come yet.
	early map[place][]*conversev1.Tick
	// markers of conversations that have not come yet.
	markers map[string]marker
	// mixed are places where two different messages were seen: never to happen.
	mixed []string
}

type place struct {
	conversation string
	seq          int
}

type marker struct{ seq, inbound int }

// talk is one conversation as the device sees it.
type talk struct {
	id, channel, lead string
	version           int
	lastSeq           int
	inbound           int
	marker            marker
	messages          map[int]*shown
}

// shown is one message on screen.
type shown struct {
	id, text, direction, clientID, retryOf string
	status                                 chat.Status
	failure                                string
}

func newModel() *model {
	return &model{talks: map[string]*talk{}, early: map[place][]*conversev1.Tick{}, markers: map[string]marker{}}
}

// apply takes one event and returns the conversation it touched, or nil.
func (m *model) apply(e *conversev1.Event) *talk {
	switch {
	case e.GetMessage() != nil:
		t := m.putTalk(e.GetMessage().GetConversation())
		m.putMessage(t, e.GetMessage().GetMessage())
		return t
	case e.GetConversation() != nil:
		return m.putTalk(e.GetConversation())
	case e.GetTick() != nil:
		return m.tick(e.GetTick())
	case e.GetRead() != nil:
		read := e.GetRead()
		m.putMarker(read.GetConversationId(), marker{int(read.GetSeq()), int(read.GetInboundRead())})
	}
	return nil
}

// putAnswer takes a conversation from an answer to this user.
func (m *model) putAnswer(c *conversev1.Conversation) *talk {
	t := m.putTalk(c)
	m.putMarker(c.GetId(), marker{int(c.GetReadSeq()), int(c.GetInboundRead())})
	return t
}

func (m *model) putTalk(c *conversev1.Conversation) *talk {
	t := m.talks[c.GetId()]
	if t == nil {
		t = &talk{id: c.GetId(), messages: map[int]*shown{}, version: -1, marker: m.markers[c.GetId()]}
		delete(m.markers, c.GetId())
		m.talks[c.GetId()] = t
	}
	if int(c.GetVersion()) > t.version {
		t.version, t.lastSeq, t.inbound = int(c.GetVersion()), int(c.GetLastSeq()), int(c.GetInboundCount())
		t.channel, t.lead = c.GetChannel(), c.GetLeadId()
	}
	if c.GetLastMessage() != nil {
		m.putMessage(t, c.GetLastMessage())
	}
	return t
}

func (m *model) putMessage(t *talk, in *conversev1.Message) {
	seq := int(in.GetSeq())
	known := t.messages[seq]
	if known == nil {
		known = &shown{
			id: in.GetId(), text: in.GetText(), direction: in.GetDirection(), clientID: in.GetClientId(), retryOf: in.GetRetryOf(),
			status: chat.Status(in.GetStatus()), failure: in.GetFailure().GetText(),
		}
		t.messages[seq] = known
		for _, tick := range m.early[place{t.id, seq}] {
			known.report(chat.Status(tick.GetStatus()), tick.GetFailure())
		}
		delete(m.early, place{t.id, seq})
		return
	}
	if known.id != in.GetId() {
		m.mixed = append(m.mixed, keyOf(known.text)+" and "+keyOf(in.GetText()))
		return
	}
	known.report(chat.Status(in.GetStatus()), in.GetFailure())
}

func (m *model) tick(tick *conversev1.Tick) *talk {
	at := place{tick.GetConversationId(), int(tick.GetSeq())}
	t := m.talks[at.conversation]
	if t == nil || t.messages[at.seq] == nil {
		m.early[at] = append(m.early[at], tick)
		return t
	}
	t.messages[at.seq].report(chat.Status(tick.GetStatus()), tick.GetFailure())
	return t
}

// report joins a status (I4).
func (s *shown) report(status chat.Status, failure *conversev1.Failure) {
	if joined := s.status.Join(status); joined != s.status {
		s.status, s.failure = joined, failure.GetText()
	}
}

func (m *model) putMarker(id string, to marker) {
	t := m.talks[id]
	if t == nil {
		before := m.markers[id]
		m.markers[id] = marker{max(before.seq, to.seq), max(before.inbound, to.inbound)}
		return
	}
	t.marker = marker{max(t.marker.seq, to.seq), max(t.marker.inbound, to.inbound)}
}

// unread is the badge of the conversation.
func (t *talk) unread() int { return max(0, t.inbound-t.marker.inbound) }

// hole is the first seq that is missing though a later one is known to exist; 0 when
// none is.
func (t *talk) hole() int {
	end := t.lastSeq
	for seq := range t.messages {
		end = max(end, seq)
	}
	for seq := 1; seq <= end; seq++ {
		if t.messages[seq] == nil {
			return seq
		}
	}
	return 0
}

// whole is the seq up to which the device has every message.
func (t *talk) whole() int {
	if hole := t.hole(); hole > 0 {
		return hole - 1
	}
	return t.lastSeq
}

// ids lists the conversations in a fixed order.
func (m *model) ids() []string {
	out := make([]string, 0, len(m.talks))
	for id := range m.talks {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}
