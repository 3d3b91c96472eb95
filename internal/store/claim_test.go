package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// TestI3TwoNodesNeverGetTheSameJob drains a queue by many claimers: each message is
// handed out once, and those of a conversation in their order, one at a time.
func TestI3TwoNodesNeverGetTheSameJob(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	const conversations, each, claimers = 24, 5, 6
	seqs := map[chat.MessageID]chat.Message{}
	for n := range conversations {
		c := talk(t, w, []store.Connector{w.SMS, w.WhatsApp}[n%2], n)
		for range each {
			m := queue(t, w, c, "hello")
			seqs[m.ID] = m
		}
	}
	var mu sync.Mutex
	next := map[chat.ConversationID]int{}
	handed := 0
	together(claimers, func(n int) {
		node := fmt.Sprintf("n%d", n%2)
		for {
			mu.Lock()
			done := handed == conversations*each
			mu.Unlock()
			if done {
				return
			}
			jobs, err := w.Store.ClaimJobs(t.Context(), store.Claim{Node: node, Most: 3, PerConnector: 9, Lease: time.Minute})
			require.NoError(t, err)
			for _, job := range jobs {
				call, started, err := w.Store.StartCall(t.Context(), job, startOf(node))
				require.NoError(t, err)
				require.True(t, started)
				mu.Lock()
				m := seqs[job.Message]
				next[m.Conversation]++
				require.Equal(t, next[m.Conversation], m.Seq, "the next of its conversation")
				handed++
				mu.Unlock()
				require.NoError(t, w.Store.Accepted(t.Context(), call, string(job.Message), time.Now()))
			}
		}
	})
	require.Zero(t, count(t, owner(t, w), "select count(*) from send_jobs"))
	require.Equal(t, conversations*each, count(t, owner(t, w), "select count(*) from attempts where number = 1"))
}

func TestOnlyTheHeadOfAConversationIsClaimed(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	first, second := queue(t, w, c, "one"), queue(t, w, c, "two")
	jobs := claim(t, w, "n1")
	require.Len(t, jobs, 1)
	require.Equal(t, first.ID, jobs[0].Message)
	require.Empty(t, claim(t, w, "n2"), "one is in flight")
	call, _, err := w.Store.StartCall(t.Context(), jobs[0], startOf("n1"))
	require.NoError(t, err)
	require.Empty(t, claim(t, w, "n2"))
	// Put back for later, the first still holds up the second.
	require.NoError(t, w.Store.NotSent(t.Context(), call, store.Outcome{At: time.Now()}, time.Hour))
	require.Empty(t, claim(t, w, "n2"))
	exec(t, owner(t, w), "update send_jobs set due_at = now() where message_id = $1", first.ID)
	jobs = claim(t, w, "n2")
	require.Len(t, jobs, 1)
	require.Equal(t, first.ID, jobs[0].Message)
	require.Equal(t, 1, jobs[0].Attempts)
	call, _, err = w.Store.StartCall(t.Context(), jobs[0], startOf("n2"))
	require.NoError(t, err)
	require.NoError(t, w.Store.Accepted(t.Context(), call, "wamid.1", time.Now()))
	jobs = claim(t, w, "n1")
	require.Len(t, jobs, 1)
	require.Equal(t, second.ID, jobs[0].Message)
}

func TestLiveGoesBeforeBulk(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	lane := map[chat.MessageID]store.Lane{}
	for n := range 12 {
		m := newMessage(talk(t, w, w.SMS, n), "hello", "client-1"+fmt.Sprint(n))
		if n < 8 {
			m.Lane = store.LaneBulk
		}
		stored, err := w.Store.AcceptMessage(t.Context(), w.Sales, m, fine)
		require.NoError(t, err)
		lane[stored.ID] = m.Lane
	}
	for _, want := range []store.Lane{store.LaneLive, store.LaneBulk} {
		jobs, err := w.Store.ClaimJobs(t.Context(), store.Claim{Node: "n1", Most: 4, PerConnector: 100, Lease: time.Minute})
		require.NoError(t, err)
		require.Len(t, jobs, 4)
		for _, job := range jobs {
			require.Equal(t, want, lane[job.Message])
		}
	}
}

// TestI11ConnectorsTakeTurns: one connector with a long queue delays only itself,
// whatever its id and however few slots a node has free.
func TestI11ConnectorsTakeTurns(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	connectors := []store.Connector{w.SMS, w.WhatsApp}
	for n := range 40 {
		queue(t, w, talk(t, w, connectors[n%2], n), "hello")
	}
	got := map[chat.ConnectorID]int{}
	take := func(most int) {
		jobs, err := w.Store.ClaimJobs(t.Context(), store.Claim{Node: "n1", Most: most, PerConnector: 16, Lease: time.Minute})
		require.NoError(t, err)
		require.Len(t, jobs, most)
		for _, job := range jobs {
			got[job.Connector]++
		}
	}
	take(10)
	require.Equal(t, 5, got[w.SMS.ID])
	require.Equal(t, 5, got[w.WhatsApp.ID])
	for range 6 {
		take(1)
	}
	require.Equal(t, 8, got[w.SMS.ID])
	require.Equal(t, 8, got[w.WhatsApp.ID])
}

func TestAConnectorsCallsInFlightAreBoundedOverAllNodes(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	for n := range 40 {
		queue(t, w, talk(t, w, w.SMS, n), "hello")
	}
	// One node is claiming and has not committed yet when another one asks.
	pool := owner(t, w)
	claiming, err := pool.Begin(t.Context())
	require.NoError(t, err)
	tag, err := claiming.Exec(t.Context(), "select * from door_claim_jobs('n1', 10, 3, '1 minute')")
	require.NoError(t, err)
	require.EqualValues(t, 3, tag.RowsAffected())
	done := make(chan struct{})
	var jobs []store.Job
	var claimErr error
	go func() {
		defer close(done)
		jobs, claimErr = w.Store.ClaimJobs(t.Context(), store.Claim{Node: "n2", Most: 10, PerConnector: 3, Lease: time.Minute})
	}()
	waitForLock(t, pool, done)
	require.NoError(t, claiming.Commit(t.Context()))
	<-done
	require.NoError(t, claimErr)
	require.Empty(t, jobs)
	require.Equal(t, 3, count(t, pool, "select count(*) from send_jobs where state <> 'waiting'"))
}

func TestAPausedConnectorKeepsItsMessagesWaiting(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	queue(t, w, w.Conversation(t, w.SMS), "hello")
	waiting := queue(t, w, w.Conversation(t, w.WhatsApp), "hello")
	changed, err := w.Store.SetConnectorState(t.Context(), w.Org, w.WhatsApp.ID, store.ConnectorPaused, "the token has expired")
	require.NoError(t, err)
	require.True(t, changed)
	jobs := claim(t, w, "n1")
	require.Len(t, jobs, 1)
	require.Equal(t, w.SMS.ID, jobs[0].Connector)
	changed, err = w.Store.SetConnectorState(t.Context(), w.Org, w.WhatsApp.ID, store.ConnectorPaused, "another reason")
	require.NoError(t, err)
	require.False(t, changed)
	kept, err := w.Store.Connector(t.Context(), w.Org, w.WhatsApp.ID)
	require.NoError(t, err)
	require.Equal(t, "the token has expired", kept.StateReason, "the first reason stays")
	_, err = w.Store.SetConnectorState(t.Context(), w.Org, w.WhatsApp.ID, store.ConnectorActive, "")
	require.NoError(t, err)
	jobs = claim(t, w, "n1")
	require.Len(t, jobs, 1)
	require.Equal(t, waiting.ID, jobs[0].Message)
}

// TestI7AConnectorOfTheSameIDInAnotherOrgIsAnotherConnector: ids are unique in an org
// alone, say after a copy of one was restored as a second.
func TestI7AConnectorOfTheSameIDInAnotherOrgIsAnotherConnector(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	other := world.At(t, w.URL)
	twin := w.SMS
	twin.Org, twin.EndpointHash = other.Org, []byte("twin")
	twin.Senders = append([]store.ConnectorSender(nil), w.SMS.Senders...)
	twin.Senders[0].ID = chat.NewID[chat.SenderID]()
	require.NoError(t, other.Store.CreateConnector(t.Context(), twin))
	for n := range 3 {
		queue(t, w, talk(t, w, w.SMS, n), "paused")
		queue(t, other, talk(t, other, twin, n), "active")
	}
	_, err := w.Store.SetConnectorState(t.Context(), w.Org, w.SMS.ID, store.ConnectorPaused, "paused")
	require.NoError(t, err)
	jobs, err := w.Store.ClaimJobs(t.Context(), store.Claim{Node: "n1", Most: 10, PerConnector: 2, Lease: time.Minute})
	require.NoError(t, err)
	require.Len(t, jobs, 2)
	for _, job := range jobs {
		require.Equal(t, other.Org, job.Org)
	}
	_, err = w.Store.SetConnectorState(t.Context(), w.Org, w.SMS.ID, store.ConnectorActive, "")
	require.NoError(t, err)
	jobs, err = w.Store.ClaimJobs(t.Context(), store.Claim{Node: "n1", Most: 10, PerConnector: 2, Lease: time.Minute})
	require.NoError(t, err)
	require.Len(t, jobs, 2, "its own calls are counted alone")
}
