package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// waiting is how many reports wait for their message.
func waiting(t testing.TB, w *world.World) int {
	t.Helper()
	return count(t, owner(t, w), "select count(*) from receipts where message_id is null")
}

// TestI4AReportBeforeTheAnswerIsApplied: the provider reports under an id that our
// send call has not been told yet.
func TestI4AReportBeforeTheAnswerIsApplied(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	m, call := calling(t, w, w.Conversation(t, w.WhatsApp), "hello")
	for _, status := range []chat.Status{chat.StatusRead, chat.StatusSent} {
		out := report(t, w, w.WhatsApp, reportOf(w.WhatsApp, "wamid.1", status))
		require.Equal(t, store.CallbackEnd{Result: store.ResultParked, Why: store.WaitingForMessage}, out.End)
	}
	require.Equal(t, chat.StatusSending, get(t, w, m.ID).Status)
	require.NoError(t, w.Store.Accepted(t.Context(), call, "wamid.1", time.Now()))
	require.Equal(t, chat.StatusRead, get(t, w, m.ID).Status)
	require.Equal(t, map[store.Result]int{store.ResultShown: 2}, callbackCounts(t, w))
	require.Zero(t, waiting(t, w))
}

func TestI4AReportAndTheAnswerAtOnceDoNotMissEachOther(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	for n := range 40 {
		id := fmt.Sprintf("wamid.%d", n)
		m, call := calling(t, w, c, "hello")
		together(3, func(i int) {
			var err error
			switch i {
			case 0:
				err = w.Store.Accepted(t.Context(), call, id, time.Now())
			case 1:
				_, err = w.Store.Report(t.Context(), w.Org, arrival(w.WhatsApp), reportOf(w.WhatsApp, id, chat.StatusDelivered))
			case 2: // the same provider gives our reference back in some reports
				r := reportOf(w.WhatsApp, id, chat.StatusSent)
				r.Reference = m.ID
				_, err = w.Store.Report(t.Context(), w.Org, arrival(w.WhatsApp), r)
			}
			require.NoError(t, err)
		})
		require.Equal(t, chat.StatusDelivered, get(t, w, m.ID).Status)
	}
	require.Zero(t, waiting(t, w))
	require.Equal(t, map[store.Result]int{store.ResultShown: 80}, callbackCounts(t, w))
}

// TestI4AReportByReferenceFreesThoseThatWait: two reports on one message at once,
// of which only one carries our reference.
func TestI4AReportByReferenceFreesThoseThatWait(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	for n := range 60 {
		id := fmt.Sprintf("wamid.%d", n)
		m, call := calling(t, w, c, "hello")
		together(2, func(i int) {
			r := reportOf(w.WhatsApp, id, chat.StatusDelivered)
			if i == 0 {
				r.Status, r.Reference = chat.StatusSent, m.ID
			}
			_, err := w.Store.Report(t.Context(), w.Org, arrival(w.WhatsApp), r)
			require.NoError(t, err)
		})
		require.Equal(t, chat.StatusDelivered, get(t, w, m.ID).Status)
		require.NoError(t, w.Store.Accepted(t.Context(), call, id, time.Now()))
		require.Equal(t, chat.StatusDelivered, get(t, w, m.ID).Status)
	}
	require.Zero(t, waiting(t, w))
}

func TestI1CopiesOfAWaitingReportAllEnd(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	_, call := calling(t, w, w.Conversation(t, w.WhatsApp), "hello")
	together(10, func(int) {
		_, err := w.Store.Report(t.Context(), w.Org, arrival(w.WhatsApp), reportOf(w.WhatsApp, "wamid.1", chat.StatusDelivered))
		require.NoError(t, err)
	})
	require.NoError(t, w.Store.Accepted(t.Context(), call, "wamid.1", time.Now()))
	require.Equal(t, map[store.Result]int{store.ResultShown: 1, store.ResultIgnored: 9}, callbackCounts(t, w))
}

func TestAReplayOfAWaitingReportGoesOnWaiting(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	m, call := calling(t, w, w.Conversation(t, w.WhatsApp), "hello")
	first := arrival(w.WhatsApp)
	out, err := w.Store.Report(t.Context(), w.Org, first, reportOf(w.WhatsApp, "wamid.1", chat.StatusDelivered))
	require.NoError(t, err)
	require.Equal(t, store.ResultParked, out.End.Result)
	first.Stored = true
	out, err = w.Store.Report(t.Context(), w.Org, first, reportOf(w.WhatsApp, "wamid.1", chat.StatusDelivered))
	require.NoError(t, err)
	require.Equal(t, store.CallbackEnd{Result: store.ResultParked, Why: store.WaitingForMessage}, out.End)
	require.NoError(t, w.Store.EndReplay(t.Context(), w.Org, first.ID, out.End))
	require.NoError(t, w.Store.Accepted(t.Context(), call, "wamid.1", time.Now()))
	require.Equal(t, chat.StatusDelivered, get(t, w, m.ID).Status)
	require.Equal(t, map[store.Result]int{store.ResultShown: 1}, callbackCounts(t, w))
}

// TestI1ACallbackIsNotShownWhileOneOfItsReportsWaits: one body with two reports and
// something that cannot be read.
func TestI1ACallbackIsNotShownWhileOneOfItsReportsWaits(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	both, bad := arrival(w.WhatsApp), arrival(w.WhatsApp)
	for _, a := range []store.Arrival{both, bad} {
		require.NoError(t, w.Store.EndNow(t.Context(), w.Org, a.Callback, store.CallbackEnd{Result: store.ResultParked, Why: "being worked through"}))
	}
	both.Stored, bad.Stored = true, true
	deliver := func(a store.Arrival, id string, status chat.Status) {
		_, err := w.Store.Report(t.Context(), w.Org, a, reportOf(w.WhatsApp, id, status))
		require.NoError(t, err)
	}
	deliver(both, "wamid.1", chat.StatusDelivered)
	deliver(both, "wamid.2", chat.StatusDelivered)
	deliver(bad, "wamid.1", chat.StatusSent)
	require.NoError(t, w.Store.EndLater(t.Context(), w.Org, both.ID, store.CallbackEnd{Result: store.ResultParked, Why: store.WaitingForMessage}))
	why := "cannot be read: element 2; " + store.WaitingForMessage
	require.NoError(t, w.Store.EndLater(t.Context(), w.Org, bad.ID, store.CallbackEnd{Result: store.ResultParked, Why: why}))

	_, one := calling(t, w, c, "one")
	require.NoError(t, w.Store.Accepted(t.Context(), one, "wamid.1", time.Now()))
	got, err := w.Store.Callback(t.Context(), w.Org, both.ID)
	require.NoError(t, err)
	require.Equal(t, store.CallbackEnd{Result: store.ResultParked, Why: store.WaitingForMessage}, got.CallbackEnd)
	_, two := calling(t, w, c, "two")
	require.NoError(t, w.Store.Accepted(t.Context(), two, "wamid.2", time.Now()))
	got, err = w.Store.Callback(t.Context(), w.Org, both.ID)
	require.NoError(t, err)
	require.Equal(t, store.CallbackEnd{Result: store.ResultShown}, got.CallbackEnd)
	got, err = w.Store.Callback(t.Context(), w.Org, bad.ID)
	require.NoError(t, err)
	require.Equal(t, store.CallbackEnd{Result: store.ResultParked, Why: why}, got.CallbackEnd, "there is still something to look at")
}

// TestI1ACallbackThatEndsAfterItsMessageBecameKnownIsShown: the message became known
// between the report and the end of the body it came in.
func TestI1ACallbackThatEndsAfterItsMessageBecameKnownIsShown(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	_, call := calling(t, w, w.Conversation(t, w.WhatsApp), "hello")
	a := arrival(w.WhatsApp)
	require.NoError(t, w.Store.EndNow(t.Context(), w.Org, a.Callback, store.CallbackEnd{Result: store.ResultParked, Why: "being worked through"}))
	a.Stored = true
	out, err := w.Store.Report(t.Context(), w.Org, a, reportOf(w.WhatsApp, "wamid.1", chat.StatusDelivered))
	require.NoError(t, err)
	require.NoError(t, w.Store.Accepted(t.Context(), call, "wamid.1", time.Now()))
	require.NoError(t, w.Store.EndLater(t.Context(), w.Org, a.ID, out.End))
	require.NoError(t, w.Store.GiveUpCallbacks(t.Context(), 24*time.Hour))
	require.Equal(t, map[store.Result]int{store.ResultShown: 1}, callbackCounts(t, w))
}

func TestAReportWhoseMessageNeverBecomesKnownIsGivenUp(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	old, young := arrival(w.WhatsApp), arrival(w.WhatsApp)
	old.ReceivedAt = time.Now().Add(-25 * time.Hour)
	r := reportOf(w.WhatsApp, "wamid.old", chat.StatusDelivered)
	r.ReceivedAt = old.ReceivedAt
	_, err := w.Store.Report(t.Context(), w.Org, old, r)
	require.NoError(t, err)
	_, err = w.Store.Report(t.Context(), w.Org, young, reportOf(w.WhatsApp, "wamid.young", chat.StatusDelivered))
	require.NoError(t, err)
	require.NoError(t, w.Store.GiveUpCallbacks(t.Context(), 24*time.Hour))
	require.Equal(t, 1, waiting(t, w))
	got, err := w.Store.Callback(t.Context(), w.Org, old.ID)
	require.NoError(t, err)
	require.Equal(t, store.ResultIgnored, got.Result)
	require.NotEmpty(t, got.Why)
	require.Equal(t, map[store.Result]int{store.ResultIgnored: 1, store.ResultParked: 1}, callbackCounts(t, w))
}

// callbackOf is an id as a callback got it at that time.
func callbackOf(at time.Time) chat.CallbackID {
	id := uuid.Must(uuid.NewV7())
	ms := at.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	return chat.CallbackID(id.String())
}

func TestOldCallbacksAreForgottenUnlessParked(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	for _, result := range []store.Result{store.ResultShown, store.ResultIgnored, store.ResultParked} {
		for _, age := range []time.Duration{time.Hour, 11 * 24 * time.Hour} {
			a := arrival(w.WhatsApp)
			a.ReceivedAt = time.Now().Add(-age)
			a.ID = callbackOf(a.ReceivedAt)
			require.NoError(t, w.Store.EndNow(t.Context(), w.Org, a.Callback, store.CallbackEnd{Result: result, Why: "because"}))
		}
	}
	removed, err := w.Store.Forget(t.Context(), w.Org, chat.RetainCallbacks, time.Now().Add(-240*time.Hour), 1)
	require.NoError(t, err)
	require.Equal(t, 1, removed, "in batches")
	removed, err = w.Store.Forget(t.Context(), w.Org, chat.RetainCallbacks, time.Now().Add(-240*time.Hour), 10)
	require.NoError(t, err)
	require.Equal(t, 1, removed)
	require.Equal(t, map[store.Result]int{store.ResultShown: 1, store.ResultIgnored: 1, store.ResultParked: 2}, callbackCounts(t, w))
}

// TestAReportUnderAnotherMessagesIDStaysWithItsReference: a provider that mixes its
// ids up must not stop its reports from being stored.
func TestAReportUnderAnotherMessagesIDStaysWithItsReference(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	first := sent(t, w, c, "one", "wamid.1")
	second, _ := calling(t, w, c, "two")
	r := reportOf(w.WhatsApp, "wamid.1", chat.StatusDelivered)
	r.Reference = second.ID
	require.Equal(t, store.ResultShown, report(t, w, w.WhatsApp, r).End.Result)
	require.Equal(t, chat.StatusSent, get(t, w, first.ID).Status)
	require.Equal(t, chat.StatusDelivered, get(t, w, second.ID).Status)
}

func TestAnAnswerWithAnotherMessagesIDIsStillAnAnswer(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	first := sent(t, w, c, "one", "wamid.1")
	second := sent(t, w, c, "two", "wamid.1")
	report(t, w, w.WhatsApp, reportOf(w.WhatsApp, "wamid.1", chat.StatusRead))
	require.Equal(t, chat.StatusRead, get(t, w, first.ID).Status)
	require.Equal(t, chat.StatusSent, get(t, w, second.ID).Status)
	require.Zero(t, count(t, owner(t, w), "select count(*) from send_jobs"))
}
