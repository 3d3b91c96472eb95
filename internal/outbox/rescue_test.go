package outbox_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/outbox"
	"converse/internal/store"
)

func goOn(store.Call) *chat.Failure { return nil }

// TestI3RescueNeverSendsAgain lets a node die with a committed attempt, and with a
// mere claim: the first ends unsure and is not called, the second is sent once.
func TestI3RescueNeverSendsAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	b.provider.answer(func(_ int, w http.ResponseWriter) { _, _ = io.WriteString(w, `{"status":"processing"}`) })
	committed, claimed := b.send(t, b.whatsApp, "committed"), b.send(t, b.sms, "claimed")
	jobs, err := b.Store.ClaimJobs(ctx, store.Claim{Node: "dead", Most: 10, PerConnector: 10, Lease: time.Second})
	require.NoError(t, err)
	require.Len(t, jobs, 2)
	for _, job := range jobs {
		if job.Message == committed.ID {
			_, started, err := b.Store.StartCall(ctx, job, store.Start{Node: "dead", Lease: time.Second, At: time.Now(), Refuse: goOn})
			require.NoError(t, err)
			require.True(t, started)
		}
	}
	heir := outbox.New(b.Store, b.accounts, b.doer(t), outbox.Options{Node: "heir", Poll: 20 * time.Millisecond, Lease: 2 * time.Second})
	heir.Start(ctx)
	defer heir.Stop(context.WithoutCancel(ctx))
	unsure := b.becomes(t, committed.ID, chat.StatusUnsure)
	require.NotEmpty(t, unsure.Failure.Next)
	b.becomes(t, claimed.ID, chat.StatusSent)
	require.Equal(t, 1, b.provider.count())

	// The dead node was only frozen: what it says late is evidence, and settles it.
	late := store.Call{Job: store.Job{Org: b.Org, Message: committed.ID, Connector: b.accounts.WhatsApp.ID}, Number: 1}
	require.NoError(t, b.Store.Accepted(ctx, late, "wamid.late", time.Now()))
	b.becomes(t, committed.ID, chat.StatusSent)
}

// TestStopWaitsForCallsUnderWay: what was handed over is recorded before the end.
func TestStopWaitsForCallsUnderWay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	begun, release := make(chan struct{}), make(chan struct{})
	b.provider.answer(func(_ int, w http.ResponseWriter) {
		close(begun)
		<-release
		accept(w)
	})
	b.outbox.Start(t.Context())
	m := b.send(t, b.whatsApp, "hello")
	<-begun
	stopped := make(chan struct{})
	go func() {
		b.outbox.Stop(context.Background())
		close(stopped)
	}()
	close(release)
	<-stopped
	got, err := b.Store.Message(t.Context(), b.Admin, m.ID)
	require.NoError(t, err)
	require.Equal(t, chat.StatusSent, got.Status)
}

// TestI3ASleeperCallsNobody: a node that slept between its commit and its call has
// perhaps lost the message to somebody else. It hands it back instead of calling.
func TestI3ASleeperCallsNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var slept atomic.Int64 // how much time seems to pass from one look at the clock to the next
	slept.Store(int64(40 * time.Second))
	var shift atomic.Int64
	sleeper := outbox.New(b.Store, b.accounts, b.doer(t), outbox.Options{Node: "sleeper", Poll: 20 * time.Millisecond, Now: func() time.Time {
		return time.Now().Add(time.Duration(shift.Add(slept.Load())))
	}})
	m := b.send(t, b.sms, "hello")
	sleeper.Start(t.Context())
	defer sleeper.Stop(context.WithoutCancel(t.Context()))
	require.Eventually(t, func() bool { return strings.Contains(b.outcomes(t, m.ID), "sending queued") }, eventually, tick)
	require.Zero(t, b.provider.count())
	b.provider.answer(func(_ int, w http.ResponseWriter) { _, _ = io.WriteString(w, `{"status":"processing"}`) })
	slept.Store(0)
	b.becomes(t, m.ID, chat.StatusSent)
	require.Equal(t, 1, b.provider.count())
}
