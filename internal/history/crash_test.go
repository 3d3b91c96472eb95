package history_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/crash"
	"converse/internal/sandbox/fault"
)

// noReceipts keeps a provider from telling what became of messages.
func noReceipts() fault.Rule { return fault.Rule{Kind: fault.DropReceipts, Share: 1} }

// TestCrashWithACallbackStored: the provider never hears that we have it and posts it
// again. One message.
func TestCrashWithACallbackStored(t *testing.T) {
	s := rehearse(t)
	s.alone(string(crash.CallbackStored))
	id := s.lead.write(t.Context(), s.lead.numbers[0])
	s.revive()
	until(t, "the provider is answered", func() string {
		for _, p := range s.in.balancer.all() {
			if p.OK() && len(p.Notice) > 0 && p.Notice[0].ProviderID == id {
				return ""
			}
		}
		return "it is not"
	})
	require.Equal(t, 1, s.in.count(`select count(*)::int from messages where provider_message_id = $1`, id))
	body := `select count(*)::int from callbacks where convert_from(body, 'UTF8') like '%' || $1 || '%' and result = $2`
	require.Equal(t, 1, s.in.count(body, id, "shown"))
	require.Equal(t, 1, s.in.count(body, id, "ignored"))
	s.finish()
}

// TestCrashWithAMessageAccepted: the user's device gets no answer and asks again under
// the same key. One message, sent once.
func TestCrashWithAMessageAccepted(t *testing.T) {
	s := rehearse(t)
	s.alone(string(crash.MessageAccepted))
	sent := s.sendAcross()
	require.Greater(t, sent.Tries, 1)
	s.shows(sent, chat.StatusDelivered)
	require.Equal(t, 1, s.in.count(`select count(*)::int from messages where client_id = $1`, sent.ClientID))
	calls, taken := s.calls(sent.Text)
	require.Len(t, calls, 1)
	require.Equal(t, 1, taken)
	require.Equal(t, []string{"accepted"}, s.outcomes(sent.MessageID))
	s.finish()
}

// TestCrashWithAJobClaimed: nothing had begun, so the other node sends it when the
// lease is over.
func TestCrashWithAJobClaimed(t *testing.T) {
	s := rehearse(t)
	s.alone(string(crash.JobClaimed))
	sent := s.sendAcross()
	s.shows(sent, chat.StatusDelivered)
	calls, _ := s.calls(sent.Text)
	require.Len(t, calls, 1)
	require.Equal(t, []string{"accepted"}, s.outcomes(sent.MessageID))
	s.finish()
}

// TestCrashWithACallStarted: no byte left, but nobody can know. Unsure, and never sent
// again by itself.
func TestCrashWithACallStarted(t *testing.T) {
	s := rehearse(t)
	s.alone(string(crash.CallStarted))
	sent := s.sendAcross()
	s.shows(sent, chat.StatusUnsure)
	calls, _ := s.calls(sent.Text)
	require.Empty(t, calls)
	require.Equal(t, []string{"unsure"}, s.outcomes(sent.MessageID))
	// The conversation goes on behind it.
	next := s.send(s.whatsApp)
	s.shows(next, chat.StatusDelivered)
	s.finish()
	calls, _ = s.calls(sent.Text)
	require.Empty(t, calls)
}

// TestCrashWithACallAnswered: the provider took it and the answer is lost. Unsure,
// until the provider's receipts settle it.
func TestCrashWithACallAnswered(t *testing.T) {
	s := rehearse(t)
	s.in.provider.faulty(noReceipts())
	s.alone(string(crash.CallAnswered))
	sent := s.sendAcross()
	s.shows(sent, chat.StatusUnsure)
	s.in.provider.well()
	s.report(sent, chat.StatusSent)
	s.shows(sent, chat.StatusSent)
	s.report(sent, chat.StatusDelivered)
	s.shows(sent, chat.StatusDelivered)
	calls, taken := s.calls(sent.Text)
	require.Len(t, calls, 1)
	require.Equal(t, 1, taken)
	s.finish()
}

// TestCrashWithACallRecorded: the outcome is committed and nobody was told. The other
// node tells it.
func TestCrashWithACallRecorded(t *testing.T) {
	s := rehearse(t)
	s.in.provider.faulty(noReceipts())
	s.alone(string(crash.CallRecorded))
	sent := s.sendAcross()
	s.shows(sent, chat.StatusSent)
	calls, taken := s.calls(sent.Text)
	require.Len(t, calls, 1)
	require.Equal(t, 1, taken)
	require.Equal(t, []string{"accepted"}, s.outcomes(sent.MessageID))
	s.finish()
}

// TestCrashWithEventsPublished: they are published again, and change nothing that
// anybody sees.
func TestCrashWithEventsPublished(t *testing.T) {
	s := rehearse(t)
	s.alone(string(crash.EventsPublished))
	sent := s.sendAcross()
	s.shows(sent, chat.StatusDelivered)
	require.Equal(t, 1, s.in.count(`select count(*)::int from messages where client_id = $1`, sent.ClientID))
	s.finish()
	seen := 0
	for _, f := range s.log.frames {
		if f.Device == s.mira.name && f.MessageID == sent.MessageID && !f.Tick {
			seen++
		}
	}
	require.Positive(t, seen, "the event reached the device at all")
	shown := 0
	for _, m := range s.mira.view().Model.talks[s.whatsApp].messages {
		if m.text == sent.Text {
			shown++
		}
	}
	require.Equal(t, 1, shown)
}
