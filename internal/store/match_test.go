package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// matching is a report of a provider that gives no id when it takes a message.
func matching(w *world.World, id, text string, at time.Time) store.Report {
	r := reportOf(w.SMS, id, chat.StatusDelivered)
	r.Match = &store.Match{Sender: w.SMS.Senders[0].ID, Phone: "+12025550123", Text: text, At: at}
	return r
}

func TestAMatchFindsTheOldestAndNoMessageTwice(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.SMS)
	var ids []chat.MessageID
	for range 3 {
		ids = append(ids, sent(t, w, c, "same text", "").ID)
	}
	for n, id := range ids {
		require.True(t, report(t, w, w.SMS, matching(w, fmt.Sprintf("sms-%d", n), "same text", time.Now())).Raised)
		require.Equal(t, chat.StatusDelivered, get(t, w, id).Status)
	}
	out := report(t, w, w.SMS, matching(w, "sms-9", "same text", time.Now()))
	require.Equal(t, store.ResultParked, out.End.Result, "every message has its report")
	again := report(t, w, w.SMS, reportOf(w.SMS, "sms-0", chat.StatusRead))
	require.True(t, again.Raised, "from now on the id is known")
	require.Equal(t, chat.StatusRead, get(t, w, ids[0]).Status)
}

func TestReportsAtOnceMatchAMessageEach(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.SMS)
	const copies = 12
	for range copies {
		sent(t, w, c, "same text", "")
	}
	together(copies, func(n int) {
		out, err := w.Store.Report(t.Context(), w.Org, arrival(w.SMS), matching(w, fmt.Sprintf("sms-%d", n), "same text", time.Now()))
		require.NoError(t, err)
		require.True(t, out.Raised)
	})
	messages, err := w.Store.Messages(t.Context(), w.Admin, c.ID, 0, 0, 100)
	require.NoError(t, err)
	for _, m := range messages {
		require.Equal(t, chat.StatusDelivered, m.Status)
	}
}

func TestAMatchIsExactAndWithinAMinute(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	m := sent(t, w, w.Conversation(t, w.SMS), "Hello", "")
	other := talk(t, w, w.SMS, 1)
	sent(t, w, other, "Other", "")
	now := time.Now()
	for name, change := range map[string]func(*store.Match){
		"too early":    func(x *store.Match) { x.At = now.Add(-61 * time.Second) },
		"too late":     func(x *store.Match) { x.At = now.Add(61 * time.Second) },
		"other text":   func(x *store.Match) { x.Text = "hello" },
		"other phone":  func(x *store.Match) { x.Phone = "+12025550199" },
		"other sender": func(x *store.Match) { x.Sender = w.WhatsApp.Senders[0].ID },
	} {
		r := matching(w, "sms-"+name, "Hello", now)
		change(r.Match)
		require.Equal(t, store.ResultParked, report(t, w, w.SMS, r).End.Result, name)
	}
	require.Equal(t, chat.StatusSent, get(t, w, m.ID).Status)
	require.True(t, report(t, w, w.SMS, matching(w, "sms-1", "Hello", now.Add(-58*time.Second))).Raised)
}

// TestI4AMatchWaitsForTheAnswerThatIsBeingRecorded: the report comes while the
// message's row is held by whoever records that the provider took it.
func TestI4AMatchWaitsForTheAnswerThatIsBeingRecorded(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	m, _ := calling(t, w, w.Conversation(t, w.SMS), "Hello")
	pool := owner(t, w)
	recording, err := pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = recording.Exec(t.Context(), "select 1 from messages where id = $1 for update", m.ID)
	require.NoError(t, err)
	done := make(chan struct{})
	var out store.Reported
	var reportErr error
	go func() {
		defer close(done)
		out, reportErr = w.Store.Report(t.Context(), w.Org, arrival(w.SMS), matching(w, "sms-1", "Hello", time.Now()))
	}()
	waitForLock(t, pool, done)
	require.NoError(t, recording.Commit(t.Context()))
	<-done
	require.NoError(t, reportErr)
	require.Equal(t, store.ResultShown, out.End.Result)
	require.Equal(t, chat.StatusDelivered, get(t, w, m.ID).Status)
}
