package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// brief is a lease that is over at the next statement.
const brief = time.Microsecond

// lost is what a rescuer writes down.
func lost() store.Outcome {
	return store.Outcome{Reason: "ambiguous", Failure: &chat.Failure{Text: "It may have been sent.", Next: "Ask the lead."}, At: time.Now()}
}

// lostJobs lists jobs whose lease is over.
func lostJobs(t testing.TB, w *world.World) []store.Job {
	t.Helper()
	jobs, err := w.Store.LostJobs(t.Context(), 100)
	require.NoError(t, err)
	return jobs
}

func claimFor(t testing.TB, w *world.World, node string, lease time.Duration) store.Job {
	t.Helper()
	jobs, err := w.Store.ClaimJobs(t.Context(), store.Claim{Node: node, Most: 10, PerConnector: 10, Lease: lease})
	require.NoError(t, err)
	require.Len(t, jobs, 1)
	return jobs[0]
}

func TestI3ACallStartsOnlyUnderItsOwnLease(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	m := queue(t, w, w.Conversation(t, w.WhatsApp), "hello")
	job := claimFor(t, w, "n1", time.Minute)
	for name, c := range map[string]struct {
		job  store.Job
		node string
	}{
		"another node's":     {job, "n2"},
		"an earlier attempt": {store.Job{Org: job.Org, Message: job.Message, Connector: job.Connector, Attempts: job.Attempts + 1}, "n1"},
		"another org's":      {store.Job{Org: chat.NewID[chat.OrgID](), Message: job.Message, Connector: job.Connector}, "n1"},
		"another message's":  {store.Job{Org: job.Org, Message: chat.NewID[chat.MessageID](), Connector: job.Connector}, "n1"},
	} {
		_, started, err := w.Store.StartCall(t.Context(), c.job, startOf(c.node))
		require.ErrorIs(t, err, store.ErrLeaseLost, name)
		require.False(t, started, name)
	}
	require.Equal(t, chat.StatusQueued, get(t, w, m.ID).Status)
	_, started, err := w.Store.StartCall(t.Context(), job, startOf("n1"))
	require.NoError(t, err)
	require.True(t, started)
	require.Equal(t, chat.StatusSending, get(t, w, m.ID).Status)
}

func TestI3ALeaseThatIsOverStartsNothing(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	m := queue(t, w, w.Conversation(t, w.WhatsApp), "hello")
	job := claimFor(t, w, "n1", brief)
	_, _, err := w.Store.StartCall(t.Context(), job, startOf("n1"))
	require.ErrorIs(t, err, store.ErrLeaseLost)
	require.Equal(t, chat.StatusQueued, get(t, w, m.ID).Status)
}

// TestI3AFrozenNodeThatClaimsAgainStartsOnce: a node sleeps between its claim and
// its start, its job is rescued, and it claims the same job once more. Only one of
// its two claims may call the provider.
func TestI3AFrozenNodeThatClaimsAgainStartsOnce(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	queue(t, w, w.Conversation(t, w.WhatsApp), "hello")
	frozen := claimFor(t, w, "n1", brief)
	left := lostJobs(t, w)
	require.Len(t, left, 1)
	rescued, err := w.Store.Rescue(t.Context(), left[0], lost())
	require.NoError(t, err)
	require.True(t, rescued)
	again := claimFor(t, w, "n1", time.Minute)
	calls := 0
	for _, job := range []store.Job{frozen, again} {
		_, started, err := w.Store.StartCall(t.Context(), job, startOf("n1"))
		if err != nil {
			require.ErrorIs(t, err, store.ErrLeaseLost)
		}
		if started {
			calls++
		}
	}
	require.Equal(t, 1, calls)
}

// TestStartingAgainAfterAnUnknownCommitIsOneStart: the node was not told whether its
// start was committed, and asks again.
func TestStartingAgainAfterAnUnknownCommitIsOneStart(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	m := queue(t, w, w.Conversation(t, w.WhatsApp), "hello")
	job := claimFor(t, w, "n1", time.Minute)
	first, started, err := w.Store.StartCall(t.Context(), job, startOf("n1"))
	require.NoError(t, err)
	require.True(t, started)
	again, started, err := w.Store.StartCall(t.Context(), job, startOf("n1"))
	require.NoError(t, err)
	require.True(t, started)
	require.Equal(t, first, again)
	require.Equal(t, 1, count(t, owner(t, w), "select count(*) from attempts where message_id = $1", m.ID))
	require.Equal(t, 1, count(t, owner(t, w), "select attempts from send_jobs where message_id = $1", m.ID))

	// With too little of the lease left to make the call, it is not made.
	hurried := startOf("n1")
	hurried.Needed = 2 * time.Minute
	_, started, err = w.Store.StartCall(t.Context(), job, hurried)
	require.ErrorIs(t, err, store.ErrLeaseLost)
	require.False(t, started)
}

func TestAMessageThatIsRefusedWhenItLeavesFailsWithItsReason(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	m := queue(t, w, w.Conversation(t, w.WhatsApp), "hello")
	start := startOf("n1")
	start.Refuse = func(c store.Call) *chat.Failure {
		require.Equal(t, "hello", c.Text)
		return &chat.Failure{Code: "window", Text: "The window is closed.", Next: "Send a template."}
	}
	_, started, err := w.Store.StartCall(t.Context(), claimOf(t, w, m, "n1"), start)
	require.NoError(t, err)
	require.False(t, started)
	got := get(t, w, m.ID)
	require.Equal(t, chat.StatusFailed, got.Status)
	require.Equal(t, "The window is closed.", got.Failure.Text)
	require.Zero(t, count(t, owner(t, w), "select count(*) from send_jobs"))
	entries, err := w.Store.Timeline(t.Context(), w.Admin, m.ID)
	require.NoError(t, err)
	require.Len(t, entries, 2, "queued, and failed with its time: the provider was never called")
	require.Equal(t, chat.StatusFailed, entries[1].Status)
	require.WithinDuration(t, start.At, entries[1].At, time.Millisecond)
	require.Contains(t, entries[1].Detail, "The window is closed.")
}

func TestWhatWasNotSentGoesBackOnceAndNoFurther(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	m, call := calling(t, w, w.Conversation(t, w.WhatsApp), "hello")
	refused := store.Outcome{Reason: "throttled", Detail: "slow down", At: time.Now()}
	for range 2 { // the second is a repeat after an unknown commit
		require.NoError(t, w.Store.NotSent(t.Context(), call, refused, 0))
	}
	require.Equal(t, chat.StatusSending, get(t, w, m.ID).Status, "a tick does not go back")
	job := claimFor(t, w, "n2", time.Minute)
	require.Equal(t, 1, job.Attempts)
	// The repeat comes so late that somebody else has the job by now.
	require.NoError(t, w.Store.NotSent(t.Context(), call, refused, 0))
	require.Empty(t, claim(t, w, "n3"))
	second, started, err := w.Store.StartCall(t.Context(), job, startOf("n2"))
	require.NoError(t, err)
	require.True(t, started)
	require.NoError(t, w.Store.NotSent(t.Context(), call, refused, 0))
	require.Empty(t, claim(t, w, "n3"))
	require.Equal(t, 2, second.Number)
	require.NoError(t, w.Store.Accepted(t.Context(), second, "wamid.1", time.Now()))
	require.Equal(t, chat.StatusSent, get(t, w, m.ID).Status)
}
