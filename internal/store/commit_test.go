package store_test

import (
	"bytes"
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

// behindProxy is a world whose store can be cut off, and the proxy that does so.
func behindProxy(t *testing.T) (*world.World, *testkit.PostgresProxy) {
	t.Helper()
	proxy := testkit.Postgres(t).Proxy()
	return world.At(t, proxy.URL), proxy
}

// loseCommit cuts the connection of the next commit: the server has committed, and
// nobody is told.
func loseCommit(proxy *testkit.PostgresProxy) {
	var done atomic.Bool
	proxy.CutWhen(func(c testkit.Chunk) bool {
		return c.FromServer && bytes.Contains(c.Bytes, []byte("COMMIT\x00")) && done.CompareAndSwap(false, true)
	})
}

func TestACommitNobodyHeardOfIsUnknown(t *testing.T) {
	t.Parallel()
	w, proxy := behindProxy(t)
	c := w.Conversation(t, w.WhatsApp)
	n := newMessage(c, "hello", "client-1")
	before := len(w.Events())
	loseCommit(proxy)
	_, err := w.Store.AcceptMessage(t.Context(), w.Sales, n, fine)
	require.ErrorIs(t, err, store.ErrCommitUnknown)
	require.True(t, store.IsAway(err))
	require.Len(t, w.Events(), before, "what is not known to be committed is not published")

	// Reading again by its own key decides.
	again := newMessage(c, "hello", "client-1")
	m, err := w.Store.AcceptMessage(t.Context(), w.Sales, again, fine)
	require.NoError(t, err)
	require.Equal(t, n.ID, m.ID, "it was committed")
	// Its event is there for the sweeper.
	require.Equal(t, 1, count(t, owner(t, w), "select count(*) from events"))
}

func TestAnInboundMessageWhoseCommitIsUnknownIsStoredOnce(t *testing.T) {
	t.Parallel()
	w, proxy := behindProxy(t)
	a := arrival(w.WhatsApp)
	loseCommit(proxy)
	_, err := w.Store.Receive(t.Context(), w.Org, a, received(w.WhatsApp, "in-1", "+13035550177", "hi"))
	require.ErrorIs(t, err, store.ErrCommitUnknown)
	// The provider is told to come again, and does.
	require.Equal(t, store.ResultIgnored, receive(t, w, w.WhatsApp, received(w.WhatsApp, "in-1", "+13035550177", "hi")).Result)
	require.Len(t, conversations(t, w), 1)
	require.Equal(t, 1, conversations(t, w)[0].LastSeq)
}

func TestI3AStartWhoseCommitIsUnknownIsOneAttempt(t *testing.T) {
	t.Parallel()
	w, proxy := behindProxy(t)
	m := queue(t, w, w.Conversation(t, w.WhatsApp), "hello")
	job := claimOf(t, w, m, "n1")
	loseCommit(proxy)
	_, started, err := w.Store.StartCall(t.Context(), job, startOf("n1"))
	require.ErrorIs(t, err, store.ErrCommitUnknown)
	require.False(t, started, "nothing may leave yet")
	call, started, err := w.Store.StartCall(t.Context(), job, startOf("n1"))
	require.NoError(t, err)
	require.True(t, started)
	loseCommit(proxy)
	require.ErrorIs(t, w.Store.Accepted(t.Context(), call, "wamid.1", time.Now()), store.ErrCommitUnknown)
	require.NoError(t, w.Store.Accepted(t.Context(), call, "wamid.1", time.Now()))
	require.Equal(t, chat.StatusSent, get(t, w, m.ID).Status)
	require.Equal(t, 1, count(t, owner(t, w), "select count(*) from attempts where outcome = 'accepted'"))
}

// TestAConnectionCutAnywhereLeavesAllOrNothing cuts the connection at every step of
// one acceptance in turn.
func TestAConnectionCutAnywhereLeavesAllOrNothing(t *testing.T) {
	t.Parallel()
	w, proxy := behindProxy(t)
	c := w.Conversation(t, w.WhatsApp)
	queue(t, w, c, "statements are prepared now")
	whole, unknown := 0, 0
	for step := int64(1); whole == 0; step++ {
		require.Less(t, step, int64(100), "it ends")
		n := newMessage(c, "hello", string(chat.NewID[chat.MessageID]()))
		var passed atomic.Int64
		proxy.CutWhen(func(testkit.Chunk) bool { return passed.Add(1) == step })
		_, err := w.Store.AcceptMessage(t.Context(), w.Sales, n, fine)
		proxy.CutWhen(nil)
		stored, getErr := w.Store.Message(t.Context(), w.Admin, n.ID)
		switch {
		case err == nil:
			whole++
			require.NoError(t, getErr)
		case errors.Is(err, store.ErrCommitUnknown):
			unknown++
		default:
			require.Equal(t, chat.CodeNotFound, chat.CodeOf(getErr), "step %d said %v and left a message", step, err)
		}
		jobs := count(t, owner(t, w), "select count(*) from send_jobs where message_id = $1", n.ID)
		require.Equal(t, getErr == nil, jobs == 1, "a message and its job are one")
		require.Equal(t, getErr == nil, stored.ID == n.ID)
	}
	require.Positive(t, unknown)
}

// TestCommitsUnderKilledConnections ends connections from the server's side while
// many write: whoever is told yes is stored, and nobody is stored twice.
func TestCommitsUnderKilledConnections(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	pool := owner(t, w)
	ctx, cancel := context.WithCancel(t.Context())
	// Connections are killed by the number of tries, not by the clock: a slow machine would
	// never get anything through.
	var tries atomic.Int64
	kill, killer := make(chan struct{}, 1), make(chan struct{})
	go func() {
		defer close(killer)
		for {
			select {
			case <-ctx.Done():
				return
			case <-kill:
				_, _ = pool.Exec(ctx, `select pg_terminate_backend(pid) from pg_stat_activity
					where datname = current_database() and application_name = 'converse' and random() < 0.5`)
			}
		}
	}()
	const writers, each = 6, 15
	talks := make([]chat.Conversation, writers)
	for n := range talks {
		var err error
		talks[n], err = w.Store.StartConversation(t.Context(), w.Sales, w.Lead.ID, w.Lead.Identifiers[0].ID, w.SMS.Senders[0].ID)
		require.NoError(t, err)
	}
	together(writers, func(writer int) {
		for n := range each {
			n := newMessage(talks[writer], "hello", string(chat.NewID[chat.MessageID]())+string(rune('a'+n)))
			for {
				if tries.Add(1)%3 == 0 {
					select {
					case kill <- struct{}{}:
					default:
					}
				}
				m, err := w.Store.AcceptMessage(t.Context(), w.Sales, n, fine)
				if err == nil {
					require.Equal(t, n.ID, m.ID)
					break
				}
				require.True(t, store.IsAway(err), "%v", err)
			}
		}
	})
	cancel()
	<-killer
	require.Greater(t, tries.Load(), int64(writers*each), "some tries met a connection that was killed")
	require.Equal(t, writers*each, count(t, pool, "select count(*) from messages"))
	require.Equal(t, writers*each, count(t, pool, "select max(seq) from messages"))
	require.Equal(t, writers*each, count(t, pool, "select count(*) from send_jobs"))
	require.Equal(t, writers*each, count(t, pool, "select count(*) from events"))
}
