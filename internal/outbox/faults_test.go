package outbox_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
)

// TestF1TooManyRequests: the message waits, and with it its whole connector.
func TestF1TooManyRequests(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	f.does(func(_ int, _, _ string, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	f.each(t, []string{word()}, func(t *testing.T, provider string, m chat.Message) {
		require.Eventually(t, func() bool { return f.health(t, provider).HeldWhy == store.HoldThrottled }, eventually, tick)
		require.WithinDuration(t, time.Now().Add(time.Minute), f.health(t, provider).HeldUntil, 20*time.Second)
		require.Equal(t, 1, f.count(provider, m.Text))
		f.becomes(t, m.ID, chat.StatusSending)
	})
}

// TestF1TooManyRequestsWithoutATime: it is tried again, soon at first, or after the time
// that the provider's pages say.
func TestF1TooManyRequestsWithoutATime(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	f.does(answerWith(http.StatusTooManyRequests, `{}`))
	f.each(t, []string{word()}, func(t *testing.T, provider string, m chat.Message) {
		require.Eventually(t, func() bool {
			return f.count(provider, m.Text) > 1 || time.Until(f.health(t, provider).HeldUntil) > 10*time.Second
		}, eventually, tick)
		f.becomes(t, m.ID, chat.StatusSending)
	})
}

func TestF3TakenAndNeverAnswered(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	f.does(func(_ int, _, _ string, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	f.each(t, []string{word()}, f.unsureOnce)
}

// TestF4AReusedConnectionIsClosed after the second request on it was read.
func TestF4AReusedConnectionIsClosed(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	f.does(answerWith(http.StatusInternalServerError, `{}`)) // leaves a connection to be used again
	f.each(t, []string{word()}, f.unsureOnce)
	f.does(func(n int, _, _ string, w http.ResponseWriter, _ *http.Request) { cut(n, w) })
	f.each(t, []string{word()}, f.unsureOnce)
}

// TestF6ASlowAnswer comes a byte at a time: the whole call has one deadline.
func TestF6ASlowAnswer(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	f.does(func(_ int, _, _ string, w http.ResponseWriter, r *http.Request) {
		ticker := time.NewTicker(200 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-r.Context().Done():
				return
			case <-ticker.C:
				_, _ = io.WriteString(w, " ")
				_ = http.NewResponseController(w).Flush()
			}
		}
	})
	f.each(t, []string{word()}, f.unsureOnce)
}

func TestF7RedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	for _, status := range []int{301, 302, 307, 308} {
		f.does(func(_ int, _, _ string, w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", r.URL.Path+"/elsewhere")
			w.WriteHeader(status)
		})
		f.each(t, []string{word()}, f.unsureOnce)
	}
}

// TestABreakerOpensTriesOneAtATimeAndShuts, for every message of the connector.
func TestABreakerOpensTriesOneAtATimeAndShuts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 5 {
		_, err := b.Store.Unreachable(t.Context(), b.Org, b.accounts.WhatsApp.ID)
		require.NoError(t, err)
	}
	health := func() store.Health {
		all, err := b.Store.Healths(t.Context(), b.Org)
		require.NoError(t, err)
		return all[b.accounts.WhatsApp.ID]
	}
	require.Equal(t, store.HoldUnreachable, health().HeldWhy)
	m := b.send(t, b.whatsApp, "hello")
	claim := store.Claim{Node: "other", Most: 10, PerConnector: 10, Lease: time.Minute}
	jobs, err := b.Store.ClaimJobs(t.Context(), claim)
	require.NoError(t, err)
	require.Empty(t, jobs, "nothing leaves while it is open")
	b.outbox.Start(t.Context())
	b.becomes(t, m.ID, chat.StatusSent)
	require.Equal(t, 1, b.provider.count())
	require.Empty(t, health().HeldWhy)
	_, err = b.Store.Unreachable(t.Context(), b.Org, b.accounts.WhatsApp.ID)
	require.NoError(t, err)
	require.Empty(t, health().HeldWhy, "it counts from the beginning again")
}
