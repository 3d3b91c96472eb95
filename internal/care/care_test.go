package care_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/internal/store"
)

// TestAWebhookThatNeverCameIsFoundByThePoll, once: also when the webhook comes after all,
// and when the poll tells it again.
func TestAWebhookThatNeverCameIsFoundByThePoll(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.Equal(t, 200, b.webhook(t, told{"1", "one"}))
	b.set(func(a *adapter) {
		a.pages = [][]told{{{"1", "one"}, {"2", "two"}}, {{"3", "three"}}}
	})
	b.soon(t)
	require.Equal(t, []string{"one", "two", "three"}, b.texts(t))
	require.Equal(t, map[store.Result]int{store.ResultShown: 3}, b.counts(t))
	require.Equal(t, "active", b.state(t).Poll.State)

	// Told again from the beginning, it leaves no trace.
	require.NoError(t, b.Store.SavePlace(t.Context(), b.Org, b.accounts.CTM.ID, ""))
	b.soon(t)
	require.Equal(t, map[store.Result]int{store.ResultShown: 3}, b.counts(t))
	require.Equal(t, 200, b.webhook(t, told{"2", "two"}))
	require.Equal(t, []string{"one", "two", "three"}, b.texts(t))
	require.Equal(t, map[store.Result]int{store.ResultShown: 3, store.ResultIgnored: 1}, b.counts(t))
}

func TestAPollTellsHowFarAMessageOfOursHasCome(t *testing.T) {
	t.Parallel()
	b := setup(t)
	open, err := b.accounts.ByID(t.Context(), b.Org, b.accounts.CTM.ID)
	require.NoError(t, err)
	for _, page := range []struct {
		status  string
		arrives int
	}{{"sent", 1}, {"sent", 1}, {"delivered", 2}, {"delivered", 2}, {"sent", 2}} {
		body, err := json.Marshal([]told{{"9", echoed + page.status}})
		require.NoError(t, err)
		require.NoError(t, b.inbox.TakePolled(t.Context(), open, body, time.Time{}))
		total := 0
		for _, n := range b.counts(t) {
			total += n
		}
		require.Equal(t, page.arrives, total, "a page that says %s", page.status)
	}
}

// TestI2AWebhookAndAPollAtOnceMakeOneMessage.
func TestI2AWebhookAndAPollAtOnceMakeOneMessage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	open, err := b.accounts.ByID(t.Context(), b.Org, b.accounts.CTM.ID)
	require.NoError(t, err)
	var all sync.WaitGroup
	for n := range 10 {
		m := told{fmt.Sprint(n), fmt.Sprint("message ", n)}
		body, err := json.Marshal([]told{m})
		require.NoError(t, err)
		all.Go(func() {
			if code := b.webhook(t, m); code != 200 {
				t.Error("webhook", code)
			}
		})
		all.Go(func() {
			if err := b.inbox.TakePolled(t.Context(), open, body, time.Time{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.Len(t, b.texts(t), 10)
	counts := b.counts(t)
	require.Equal(t, 10, counts[store.ResultShown])
	require.Zero(t, counts[store.ResultParked])
}

func TestABadElementOfAPollIsParkedOnceAndReplaysAsAPoll(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.set(func(a *adapter) { a.pages = [][]told{{{"", "bad"}, {"1", "one"}}} })
	for range 3 {
		require.NoError(t, b.Store.SavePlace(t.Context(), b.Org, b.accounts.CTM.ID, ""))
		b.soon(t)
	}
	require.Equal(t, []string{"one"}, b.texts(t))
	require.Equal(t, map[store.Result]int{store.ResultParked: 1}, b.counts(t))
	list, err := b.Store.Callbacks(t.Context(), b.Org, "", store.ResultParked, "", 10)
	require.NoError(t, err)
	again, err := b.inbox.Replay(t.Context(), b.Org, list[0].ID)
	require.NoError(t, err)
	require.Equal(t, store.ResultParked, again.Result)
	require.Contains(t, again.Why, "no id")
}

// TestABurstOfChangesMakesOnePollNowAndOneAfter.
func TestABurstOfChangesMakesOnePollNowAndOneAfter(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.soon(t)
	before := b.asks()
	for range 20 {
		require.NoError(t, b.Store.WantPoll(t.Context(), b.Org, b.accounts.CTM.ID))
	}
	for range 20 {
		b.look(t)
	}
	require.Equal(t, before+1, b.asks())
}

func TestASubscriptionIsKeptAndWhatWasMissedIsFetched(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.set(func(a *adapter) { a.keep.New = true; a.pages = [][]told{{{"1", "missed"}}} })
	b.look(t)
	require.Equal(t, []string{"missed"}, b.texts(t))
	state := b.state(t)
	require.Equal(t, "active", state.Subscription.State)
	require.Equal(t, "sub-1", state.SubscriptionID)
	require.WithinDuration(t, time.Now().Add(time.Hour), state.SubscriptionUntil, time.Minute)
	require.False(t, state.KeepDue)

	// The provider stopped it: another one takes its place, and what came between is fetched.
	b.set(func(a *adapter) {
		a.keep = channels.Subscription{ID: "sub-2", New: true, Ended: "It was blacklisted."}
		a.pages = append(a.pages, []told{{"2", "missed too"}})
	})
	b.soon(t)
	require.Equal(t, []string{"", "sub-1"}, b.kept)
	require.Equal(t, []string{"missed", "missed too"}, b.texts(t))
	require.Equal(t, "It was blacklisted.", b.state(t).Subscription.Detail)
}

func TestWhatFailsIsShownAndTriedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.set(func(a *adapter) {
		a.keepFails, a.fail = &channels.Error{Reason: channels.ReasonUnavailable, Text: "busy"}, &channels.Error{Reason: channels.ReasonThrottled, RetryAfter: time.Hour}
	})
	b.soon(t)
	state := b.state(t)
	require.Equal(t, "failed", state.Subscription.State)
	require.Contains(t, state.Subscription.Detail, "busy")
	require.Equal(t, "failed", state.Poll.State)
	require.False(t, state.KeepDue)
	require.False(t, state.PollDue)
	b.set(func(a *adapter) { a.keepFails, a.fail = nil, nil })
	b.soon(t)
	require.Equal(t, "active", b.state(t).Subscription.State)
	require.Equal(t, "active", b.state(t).Poll.State)
}

func TestRefusedCredentialsPauseTheConnector(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.set(func(a *adapter) { a.keepFails = &channels.Error{Reason: channels.ReasonBadCredentials} })
	b.look(t)
	c, err := b.Store.Connector(t.Context(), b.Org, b.accounts.CTM.ID)
	require.NoError(t, err)
	require.Equal(t, store.ConnectorPaused, c.State)
	require.NotEmpty(t, c.StateReason)
	due, err := b.Store.DueCare(t.Context(), 100)
	require.NoError(t, err)
	for _, d := range due {
		require.NotEqual(t, b.accounts.CTM.ID, d.Connector, "what is paused is left alone")
	}
}
