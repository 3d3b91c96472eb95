package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// lostCall is a message whose attempt was committed by a node that was never heard
// of again.
func lostCall(t testing.TB, w *world.World) (chat.Message, store.Call, store.Job) {
	t.Helper()
	m := queue(t, w, w.Conversation(t, w.WhatsApp), "hello")
	start := startOf("n1")
	start.Lease = brief
	call, started, err := w.Store.StartCall(t.Context(), claimFor(t, w, "n1", time.Minute), start)
	require.NoError(t, err)
	require.True(t, started)
	jobs := lostJobs(t, w)
	require.Len(t, jobs, 1)
	require.True(t, jobs[0].Calling)
	return m, call, jobs[0]
}

func TestI3ALostCallBecomesUnsureOnce(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	m, _, job := lostCall(t, w)
	rescues := make([]bool, 8)
	together(len(rescues), func(n int) {
		var err error
		rescues[n], err = w.Store.Rescue(t.Context(), job, lost())
		require.NoError(t, err)
	})
	done := 0
	for _, rescued := range rescues {
		if rescued {
			done++
		}
	}
	require.Equal(t, 1, done)
	got := get(t, w, m.ID)
	require.Equal(t, chat.StatusUnsure, got.Status)
	require.Equal(t, "Ask the lead.", got.Failure.Next)
	require.Empty(t, claim(t, w, "n2"), "never sent again by itself")
	require.Empty(t, lostJobs(t, w))
}

// TestI3ARescueThatComesTooLateDoesNothing: between looking and acting, the job was
// rescued and claimed by somebody who is alive.
func TestI3ARescueThatComesTooLateDoesNothing(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	queue(t, w, w.Conversation(t, w.WhatsApp), "hello")
	claimFor(t, w, "n1", brief)
	seen := lostJobs(t, w)
	require.Len(t, seen, 1)
	rescued, err := w.Store.Rescue(t.Context(), seen[0], lost())
	require.NoError(t, err)
	require.True(t, rescued)
	alive := claimFor(t, w, "n2", time.Minute)
	rescued, err = w.Store.Rescue(t.Context(), seen[0], lost())
	require.NoError(t, err)
	require.False(t, rescued)
	_, started, err := w.Store.StartCall(t.Context(), alive, startOf("n2"))
	require.NoError(t, err)
	require.True(t, started)
	rescued, err = w.Store.Rescue(t.Context(), seen[0], lost())
	require.NoError(t, err)
	require.False(t, rescued)
}

func TestALateAnswerSettlesWhatWasUnsure(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(*world.World, store.Call) error
		want   chat.Status
		last   chat.Status
	}{
		"taken": {func(w *world.World, call store.Call) error {
			return w.Store.Accepted(t.Context(), call, "wamid.1", time.Now())
		}, chat.StatusSent, chat.StatusSent},
		"refused": {func(w *world.World, call store.Call) error {
			o := store.Outcome{Reason: "rejected", Code: "131026", Detail: "undeliverable", At: time.Now(), Failure: &chat.Failure{Text: "No such number."}}
			return w.Store.Refused(t.Context(), call, o)
		}, chat.StatusFailed, chat.StatusFailed},
		// The queue has let it go: saying "will be tried again" would be a lie.
		"not sent": {func(w *world.World, call store.Call) error {
			return w.Store.NotSent(t.Context(), call, store.Outcome{Reason: "unavailable", At: time.Now()}, 0)
		}, chat.StatusUnsure, chat.StatusUnsure},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world.New(t)
			m, call, job := lostCall(t, w)
			_, err := w.Store.Rescue(t.Context(), job, lost())
			require.NoError(t, err)
			for range 2 {
				require.NoError(t, c.answer(w, call))
			}
			require.Equal(t, c.want, get(t, w, m.ID).Status)
			require.Zero(t, count(t, owner(t, w), "select count(*) from send_jobs"))
			entries, err := w.Store.Timeline(t.Context(), w.Admin, m.ID)
			require.NoError(t, err)
			require.Equal(t, c.last, entries[len(entries)-1].Status)
		})
	}
}

func TestOutcomesWithWordsNoDatabaseTakesAreRecorded(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	bad := "nul \x00 and \xff"
	m, call := calling(t, w, c, "one")
	o := store.Outcome{Reason: "rejected", Code: bad, Detail: bad, Failure: &chat.Failure{Code: bad, Text: bad, Next: bad}, At: time.Now()}
	require.NoError(t, w.Store.Refused(t.Context(), call, o))
	require.Equal(t, chat.StatusFailed, get(t, w, m.ID).Status)
	m, call = calling(t, w, c, "two")
	require.NoError(t, w.Store.Accepted(t.Context(), call, "id\x00\xff", time.Now()))
	require.Equal(t, chat.StatusSent, get(t, w, m.ID).Status)
}
