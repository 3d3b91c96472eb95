package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// How long to wait for what must come, and how often to look.
const (
	eventually = 20 * time.Second
	tick       = 5 * time.Millisecond
)

// owner is a pool as the role that owns the tables, for looking behind the fence.
func owner(t testing.TB, w *world.World) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), w.URL)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

// count is the number that a query returns.
func count(t testing.TB, pool *pgxpool.Pool, query string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, pool.QueryRow(t.Context(), query, args...).Scan(&n), query)
	return n
}

func exec(t testing.TB, pool *pgxpool.Pool, query string, args ...any) {
	t.Helper()
	_, err := pool.Exec(t.Context(), query, args...)
	require.NoError(t, err, query)
}

// waitForLock returns once somebody waits for a lock in the database, or done is closed.
func waitForLock(t testing.TB, pool *pgxpool.Pool, done <-chan struct{}) {
	t.Helper()
	require.Eventually(t, func() bool {
		select {
		case <-done:
			return true
		default:
		}
		var waiting bool
		err := pool.QueryRow(context.WithoutCancel(t.Context()), `select exists (select 1 from pg_stat_activity
			where datname = current_database() and wait_event_type = 'Lock')`).Scan(&waiting)
		return err == nil && waiting
	}, eventually, tick)
}

// together runs one function many times at once and waits for all.
func together(n int, run func(int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			run(i)
		})
	}
	close(start)
	wg.Wait()
}

func fine(chat.Conversation, []chat.Media) error { return nil }

func goOn(store.Call) *chat.Failure { return nil }

func newMessage(c chat.Conversation, text, clientID string) store.NewMessage {
	return store.NewMessage{
		ID: chat.NewID[chat.MessageID](), Conversation: c.ID, ClientID: clientID, ContentHash: []byte(text), Kind: chat.KindText,
		Text: text, At: time.Now(), Patience: time.Minute,
	}
}

func accept(t testing.TB, w *world.World, c chat.Conversation, text, clientID string) chat.Message {
	t.Helper()
	m, err := w.Store.AcceptMessage(t.Context(), w.Sales, newMessage(c, text, clientID), fine)
	require.NoError(t, err)
	return m
}

// queue accepts a message under a key of its own.
func queue(t testing.TB, w *world.World, c chat.Conversation, text string) chat.Message {
	t.Helper()
	return accept(t, w, c, text, string(chat.NewID[chat.MessageID]()))
}

// claim takes every job that can be taken.
func claim(t testing.TB, w *world.World, node string) []store.Job {
	t.Helper()
	jobs, err := w.Store.ClaimJobs(t.Context(), store.Claim{Node: node, Most: 1000, PerConnector: 1000, Lease: time.Minute})
	require.NoError(t, err)
	return jobs
}

// claimOf takes the job of one message.
func claimOf(t testing.TB, w *world.World, m chat.Message, node string) store.Job {
	t.Helper()
	for _, job := range claim(t, w, node) {
		if job.Message == m.ID {
			return job
		}
	}
	require.Fail(t, "the message's job was not there to be claimed", m.ID)
	return store.Job{}
}

func startOf(node string) store.Start {
	return store.Start{Node: node, Lease: time.Minute, At: time.Now(), Refuse: goOn}
}

// calling accepts a message and commits an attempt at sending it.
func calling(t testing.TB, w *world.World, c chat.Conversation, text string) (chat.Message, store.Call) {
	t.Helper()
	m := queue(t, w, c, text)
	call, started, err := w.Store.StartCall(t.Context(), claimOf(t, w, m, "n1"), startOf("n1"))
	require.NoError(t, err)
	require.True(t, started)
	return m, call
}

// sent is a message that the provider took under that id.
func sent(t testing.TB, w *world.World, c chat.Conversation, text, providerID string) chat.Message {
	t.Helper()
	m, call := calling(t, w, c, text)
	require.NoError(t, w.Store.Accepted(t.Context(), call, providerID, time.Now()))
	return m
}

func get(t testing.TB, w *world.World, id chat.MessageID) chat.Message {
	t.Helper()
	m, err := w.Store.Message(t.Context(), w.Admin, id)
	require.NoError(t, err)
	return m
}

func arrival(c store.Connector) store.Arrival {
	return store.Arrival{Callback: store.Callback{
		ID: chat.NewID[chat.CallbackID](), Connector: c.ID, ReceivedAt: time.Now(), Body: []byte("{}"), Headers: map[string]string{},
	}}
}

func reportOf(c store.Connector, providerID string, status chat.Status) store.Report {
	return store.Report{Connector: c.ID, ProviderID: providerID, Status: status, ReceivedAt: time.Now()}
}

// report delivers a report in a callback of its own.
func report(t testing.TB, w *world.World, c store.Connector, r store.Report) store.Reported {
	t.Helper()
	out, err := w.Store.Report(t.Context(), w.Org, arrival(c), r)
	require.NoError(t, err)
	return out
}

func received(c store.Connector, id, phone, text string) store.Received {
	return store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: c.Senders[0].Sender, ProviderID: id, Phone: phone, Name: "New Person",
		Kind: chat.KindText, Text: text, ReceivedAt: time.Now(), ProviderAt: time.Now(),
	}
}

func receive(t testing.TB, w *world.World, c store.Connector, r store.Received) store.CallbackEnd {
	t.Helper()
	end, err := w.Store.Receive(t.Context(), w.Org, arrival(c), r)
	require.NoError(t, err)
	return end
}

func callbackCounts(t testing.TB, w *world.World) map[store.Result]int {
	t.Helper()
	counts, err := w.Store.CallbackCounts(t.Context(), w.Org)
	require.NoError(t, err)
	return counts
}

// phone is the nth made-up number.
func phone(n int) string { return fmt.Sprintf("+1%d555%04d", 303+n/100, 100+n%100) }

// talk starts a conversation with a new lead.
func talk(t testing.TB, w *world.World, c store.Connector, n int) chat.Conversation {
	t.Helper()
	lead := w.NewLead(t, "Lead", fmt.Sprint(n), phone(n))
	out, err := w.Store.StartConversation(t.Context(), w.Sales, lead.ID, lead.Identifiers[0].ID, c.Senders[0].ID)
	require.NoError(t, err)
	return out
}
