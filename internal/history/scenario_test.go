package history_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/testkit"
)

// scenario is a small cast for one exact fault: Mira with one device, Ada who may see
// webhooks, and a lead who has written to both numbers.
type scenario struct {
	*scene
	t    *testing.T
	mira *user
	lead *lead
	// whatsApp and sms are the lead's conversations.
	whatsApp, sms string
}

// rehearse begins a scenario with node b alone, on a database that no fault touches.
func rehearse(t *testing.T) *scenario {
	t.Helper()
	t.Parallel()
	return rehearseAt(t, testkit.Postgres(t).URL)
}

func rehearseAt(t *testing.T, database string) *scenario {
	t.Helper()
	in := install(t, 1, database)
	in.b().start()
	s := &scenario{t: t, scene: enter(t, in, newChronicle(in.begun), "Mira", "Ada")}
	s.mira = s.users[0]
	s.lead = newLead(1, "+13035550110", in, s.log)
	for _, number := range s.lead.numbers {
		s.lead.write(t.Context(), number)
	}
	until(t, "the lead's messages are shown", func() string {
		s.whatsApp, s.sms = s.conversationOf(chat.ChannelWhatsApp), s.conversationOf(chat.ChannelSMS)
		if s.whatsApp == "" || s.sms == "" {
			return "not both are"
		}
		return ""
	})
	until(t, "the demo's events are published", func() string { return s.some(`select count(*)::int from events`) })
	return s
}

// conversationOf is the lead's conversation on a channel as Mira sees it, or "".
func (s *scenario) conversationOf(channel chat.Channel) string {
	s.mira.mu.Lock()
	defer s.mira.mu.Unlock()
	for _, id := range s.mira.model.ids() {
		if c := s.mira.model.talks[id]; c.channel == string(channel) && wroteNow(c) {
			return id
		}
	}
	return ""
}

// some says how many rows a count finds, or "" for none.
func (s *scenario) some(query string, args ...any) string {
	if n := s.in.count(query, args...); n > 0 {
		return fmt.Sprintf("there are %d", n)
	}
	return ""
}

// alone leaves node a alone, told to die at a point: what follows, it does, and b
// takes over by revive. Connectors are not tended meanwhile: a poll stores a callback
// and says events, and node a would die of those.
func (s *scenario) alone(point string) {
	s.t.Helper()
	until(s.t, "nothing is left to do", func() string { return s.restless(s.t) + s.some(`select count(*)::int from door_due_care(100)`) })
	_, err := s.in.pool.Exec(s.t.Context(), `
		update connector_care set next_keep_at = next_keep_at + interval '1 hour', next_poll_at = next_poll_at + interval '1 hour'`)
	require.NoError(s.t, err)
	s.in.b().kill()
	s.in.a().start("CONVERSE_CRASH_AT=" + point)
	until(s.t, "everybody is connected", s.unconnected)
}

// revive waits until node a has died, and lets node b go on.
func (s *scenario) revive() {
	s.t.Helper()
	begun := s.log.now()
	s.in.a().dies()
	s.in.b().start()
	s.log.hurt(hurt{Kind: killNode, Target: "a", From: begun, Until: s.log.now()})
}

// send has Mira send a text, and returns how that ended once there is an answer.
func (s *scenario) send(conversation string) *send {
	s.t.Helper()
	d := s.draft(conversation)
	s.deliver(d)
	require.True(s.t, d.Accepted)
	return d.send
}

// deliver has Mira try for as long as anything is waited for.
func (s *scenario) deliver(d draft) {
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	s.mira.deliver(ctx, d)
}

// sendAcross has Mira send a text to node a, which dies of it, and lets node b go on.
// The crash may come before her answer or behind it: both are one test's history.
func (s *scenario) sendAcross() *send {
	s.t.Helper()
	d := s.draft(s.whatsApp)
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		s.deliver(d)
	}()
	s.revive()
	<-answered
	require.True(s.t, d.Accepted)
	return d.send
}

// draft is a message of Mira's as she means it: nothing is hasty about it.
func (s *scenario) draft(conversation string) draft {
	d := s.mira.draft(conversation, 0)
	d.hasty, d.impatient, d.request.ViewedSeq = false, false, 0
	return d
}

// shows waits until Mira's device shows a message with a status.
func (s *scenario) shows(sent *send, want chat.Status) {
	s.t.Helper()
	until(s.t, fmt.Sprintf("Mira sees %s %s", keyOf(sent.Text), want), func() string {
		s.mira.mu.Lock()
		defer s.mira.mu.Unlock()
		m := s.mira.model.talks[sent.Conversation].messages[sent.Seq]
		switch {
		case m == nil:
			return "it is not there"
		case m.status != want:
			return "it is " + string(m.status)
		}
		return ""
	})
}

// calls are the provider's calls for a message, taken or not.
func (s *scenario) calls(text string) (all []call, taken int) {
	for _, c := range s.in.provider.journal() {
		if c.Text == text {
			all = append(all, c)
			if c.Accepted {
				taken++
			}
		}
	}
	return all, taken
}

// outcomes are how the attempts of a message ended, in order.
func (s *scenario) outcomes(id string) []string {
	s.t.Helper()
	list, err := rows[attemptRow](s.t.Context(), s.in, `
		select message_id::text, number, node, started_at, finished_at, outcome, detail from attempts where message_id = $1 order by number`, id)
	require.NoError(s.t, err)
	out := []string{}
	for _, a := range list {
		out = append(out, outcomeOf(a))
	}
	return out
}

// status is a message's status in the tables.
func (s *scenario) status(id string) (status chat.Status) {
	s.t.Helper()
	s.in.row(`select status from messages where id = $1`, []any{id}, &status)
	return status
}

// finish lets all come to rest and has every promise checked.
func (s *scenario) finish() {
	s.t.Helper()
	if c := check(s.settle(s.t)); len(c.wrongs) > 0 {
		s.log.keep(s.t)
		s.t.Fatalf("broke %d promises:\n%s", len(c.wrongs), c.report())
	}
}

// report posts a receipt that the provider takes for true.
func (s *scenario) report(sent *send, status chat.Status) {
	s.t.Helper()
	got, err := s.in.provider.receipt(s.t.Context(), sent.MessageID, status)
	require.NoError(s.t, err)
	require.Equal(s.t, 200, got.Delivered)
}

// again has Mira send a message again by hand.
func (s *scenario) again(sent *send) *send {
	s.t.Helper()
	next := &send{Who: s.mira.name, ClientID: "again-" + sent.ClientID, Conversation: sent.Conversation, Text: sent.Text}
	answer, err := insist(s.t.Context(), s.mira.caller, func(ctx context.Context, v services) (*conversev1.SendAgainResponse, error) {
		return v.conversations.SendAgain(ctx, &conversev1.SendAgainRequest{MessageId: sent.MessageID, ClientId: next.ClientID})
	})
	require.NoError(s.t, err)
	require.Equal(s.t, sent.MessageID, answer.GetMessage().GetRetryOf())
	s.log.begin(next)
	s.mira.accepted(next, answer.GetMessage())
	return next
}
