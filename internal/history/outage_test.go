package history_test

import (
	"fmt"
	"net/http"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/sandbox/fault"
	"converse/internal/testkit"
)

// TestProviderHangsAfterAccepting: one call, unsure, and a late receipt settles it.
func TestProviderHangsAfterAccepting(t *testing.T) {
	s := rehearse(t)
	s.in.provider.faulty(noReceipts(), fault.Rule{Kind: fault.Hang, Share: 1})
	sent := s.send(s.whatsApp)
	s.shows(sent, chat.StatusUnsure)
	s.in.provider.well()
	calls, taken := s.calls(sent.Text)
	require.Len(t, calls, 1)
	require.Equal(t, 1, taken)
	s.report(sent, chat.StatusDelivered)
	s.shows(sent, chat.StatusDelivered)
	s.finish()
	calls, _ = s.calls(sent.Text)
	require.Len(t, calls, 1)
}

// TestProviderIsDown: nothing can have been heard, so it is tried again until the
// provider is back, and called once then.
func TestProviderIsDown(t *testing.T) {
	s := rehearse(t)
	s.in.provider.down()
	sent := s.send(s.sms)
	until(t, "it is tried several times", func() string {
		if outcomes := s.outcomes(sent.MessageID); len(outcomes) < 3 {
			return fmt.Sprint(outcomes)
		}
		return ""
	})
	s.shows(sent, chat.StatusSending)
	s.in.provider.up()
	s.shows(sent, chat.StatusDelivered)
	calls, taken := s.calls(sent.Text)
	require.Len(t, calls, 1)
	require.Equal(t, 1, taken)
	outcomes := s.outcomes(sent.MessageID)
	for _, outcome := range outcomes[:len(outcomes)-1] {
		require.Equal(t, "not_sent", outcome)
	}
	require.Equal(t, "accepted", outcomes[len(outcomes)-1])
	s.finish()
}

// TestProviderThrottles: the message waits for as long as it was asked to.
func TestProviderThrottles(t *testing.T) {
	s := rehearse(t)
	const asked = 2000
	s.in.provider.faulty(fault.Rule{Kind: fault.Throttle, Share: 1, DelayMs: asked})
	sent := s.send(s.whatsApp)
	until(t, "it is refused once", func() string {
		if calls, _ := s.calls(sent.Text); len(calls) == 0 {
			return "not called yet"
		}
		return ""
	})
	s.in.provider.well()
	s.shows(sent, chat.StatusDelivered)
	calls, taken := s.calls(sent.Text)
	require.Len(t, calls, 2)
	require.Equal(t, 1, taken)
	require.GreaterOrEqual(t, calls[1].Time.Sub(calls[0].Time).Milliseconds(), int64(asked), "called again before the provider wanted to be")
	require.Equal(t, []string{"not_sent", "accepted"}, s.outcomes(sent.MessageID))
	s.finish()
}

// TestSendAgainMakesANewMessage: what is unsure stays so; the user's second message is
// one of its own that names the first.
func TestSendAgainMakesANewMessage(t *testing.T) {
	s := rehearse(t)
	s.in.provider.faulty(noReceipts(), fault.Rule{Kind: fault.Reset, Share: 1})
	sent := s.send(s.whatsApp)
	s.shows(sent, chat.StatusUnsure)
	until(t, "the receipts are dropped", func() string { return s.restless(t) })
	s.in.provider.well()
	again := s.again(sent)
	require.NotEqual(t, sent.MessageID, again.MessageID)
	s.shows(again, chat.StatusDelivered)
	s.shows(sent, chat.StatusUnsure)
	calls, taken := s.calls(sent.Text)
	require.Len(t, calls, 2, "one for each")
	require.Equal(t, 2, taken)
	require.NotEqual(t, calls[0].Reference, calls[1].Reference)
	s.finish()
}

// TestI9WindowClosesBeforeTheCall: it was open when the message was accepted and is
// not when it would leave. It fails in words, and nothing leaves.
func TestI9WindowClosesBeforeTheCall(t *testing.T) {
	s := rehearse(t)
	s.alone("message-accepted")
	d := s.draft(s.whatsApp)
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		s.mira.deliver(t.Context(), d)
	}()
	s.in.a().dies()
	_, err := s.in.pool.Exec(t.Context(), `update conversations set window_expires_at = now() - interval '1 second' where id = $1`, s.whatsApp)
	require.NoError(t, err)
	s.in.b().start()
	<-answered
	require.True(t, d.Accepted, "it was accepted before the window closed")
	s.shows(d.send, chat.StatusFailed)
	calls, _ := s.calls(d.Text)
	require.Empty(t, calls)
	var text, next string
	s.in.row(`select failure_text, failure_next from messages where id = $1`, []any{d.MessageID}, &text, &next)
	require.NotEmpty(t, text)
	require.NotEmpty(t, next)
}

// TestPostgresIsDown: nobody is told that anything was taken, sockets stay, and what
// was tried meanwhile arrives once it is back.
func TestPostgresIsDown(t *testing.T) {
	t.Parallel()
	postgres := testkit.Cluster(t)
	s := rehearseAt(t, postgres.URL)
	session := s.sessionOf(s.mira.device)
	postgres.Crash()
	begun := s.log.now()
	got, err := s.in.provider.write(t.Context(), letter{To: s.lead.numbers[0], From: s.lead.phone, Text: "lead1-900 are you there?"})
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, got.Delivered)
	d := s.draft(s.whatsApp)
	_, err = s.mira.try(t.Context(), d)
	require.Equal(t, connect.CodeUnavailable, connect.CodeOf(err), "%v", err)
	delivered := make(chan struct{})
	go func() {
		defer close(delivered)
		s.mira.deliver(t.Context(), d)
	}()
	postgres.Start()
	s.in.pool.Reset() // our own connections ended too
	s.log.hurt(hurt{Kind: crashPostgres, From: begun, Until: s.log.now()})
	<-delivered
	s.shows(d.send, chat.StatusDelivered)
	until(t, "the lead's message is shown", func() string {
		if n := s.in.count(`select count(*)::int from messages where provider_message_id = $1`, got.ID); n != 1 {
			return fmt.Sprintf("there are %d", n)
		}
		return ""
	})
	require.Equal(t, session, s.sessionOf(s.mira.device), "the socket stayed open")
	s.finish()
}

// sessionOf is the device's session as the server named it.
func (s *scenario) sessionOf(d *device) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	require.True(s.t, d.live)
	return d.session
}

// TestRedisIsDown: messages come and go all the same; screens hear of it when it is
// back.
func TestRedisIsDown(t *testing.T) {
	s := rehearse(t)
	s.in.redis.Kill()
	sent := s.send(s.whatsApp)
	got, err := s.in.provider.write(t.Context(), letter{To: s.lead.numbers[1], From: s.lead.phone, Text: "lead1-901 hello"})
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, got.Delivered)
	until(t, "the message is delivered", func() string {
		if status := s.status(sent.MessageID); status != chat.StatusDelivered {
			return string(status)
		}
		return ""
	})
	require.Equal(t, 1, s.in.count(`select count(*)::int from messages where provider_message_id = $1`, got.ID))
	s.mira.mu.Lock()
	shown := s.mira.model.talks[s.whatsApp].messages[sent.Seq].status
	s.mira.mu.Unlock()
	require.Equal(t, chat.StatusQueued, shown, "what the answer to the call said is all the device can know")
	s.in.redis.Start()
	s.shows(sent, chat.StatusDelivered)
	s.finish()
}

// TestFiftyFirstMessagesAtOnce: a stranger's first message, posted fifty times to two
// nodes at once, is one lead, one conversation, one message and one turn.
func TestFiftyFirstMessagesAtOnce(t *testing.T) {
	s := rehearse(t)
	s.in.a().start()
	owners := map[string]bool{}
	for _, phone := range []string{"+14045550110", "+14045550111"} {
		got, err := s.in.provider.write(t.Context(), letter{To: s.lead.numbers[0], From: phone, Text: "lead9-001 hello " + phone, Times: 50})
		require.NoError(t, err)
		require.Len(t, got.Deliveries, 50)
		for _, status := range got.Deliveries {
			require.Equal(t, http.StatusOK, status)
		}
		var leads, talks int
		var owner string
		s.in.row(`
			select count(distinct l.id)::int, count(distinct c.id)::int, min(l.owner_id::text) from identifiers i
			join leads l on l.id = i.lead_id left join conversations c on c.lead_id = l.id where i.value = $1`, []any{phone}, &leads, &talks, &owner)
		require.Equal(t, 1, leads)
		require.Equal(t, 1, talks)
		require.Equal(t, 1, s.in.count(`select count(*)::int from messages where provider_message_id = $1`, got.ID))
		owners[owner] = true
	}
	require.Len(t, owners, 2, "the second lead was the other administrator's turn")
	names := map[string]bool{}
	for _, p := range s.in.balancer.all() {
		names[p.Node] = true
	}
	require.Len(t, names, 2, "both nodes were asked")
	s.finish()
}

// TestDrainLosesNothing: a node that is told to end finishes its calls and records
// them; what it had not begun the other one sends.
func TestDrainLosesNothing(t *testing.T) {
	s := rehearse(t)
	s.in.provider.faulty(fault.Rule{Kind: fault.Slow, Share: 1, DelayMs: 2500}, fault.Rule{Kind: fault.RetryWebhooks, Share: 1})
	var drafts []draft
	for _, conversation := range []string{s.whatsApp, s.sms, s.whatsApp, s.sms} {
		d := s.draft(conversation)
		drafts = append(drafts, d)
		s.mira.deliver(t.Context(), d)
	}
	until(t, "calls are under way", func() string {
		if n := s.in.count(`select count(*)::int from attempts where outcome is null`); n != 2 {
			return fmt.Sprintf("%d are", n)
		}
		return ""
	})
	s.in.b().terminate()
	s.in.a().start()
	require.True(t, s.in.b().gone(t.Context()))
	require.Equal(t, "exit status 0", s.in.b().program.Exit())
	for _, d := range drafts {
		s.shows(d.send, chat.StatusDelivered)
	}
	s.finish()
	for _, d := range drafts {
		require.Equal(t, []string{"accepted"}, s.outcomes(d.MessageID))
		calls, _ := s.calls(d.Text)
		require.Len(t, calls, 1)
	}
}
