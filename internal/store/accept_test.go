package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// TestI5SeqIsGapless writes to one conversation from many sides, some of which
// think better of it inside their transaction.
func TestI5SeqIsGapless(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	second := errors.New("no, rather not")
	const writers, each = 16, 12
	var mu sync.Mutex
	stored := 0
	together(writers, func(writer int) {
		random := rand.New(rand.NewPCG(uint64(writer), 1))
		for n := range each {
			key := fmt.Sprintf("%d-%d", writer, n)
			undo := random.IntN(4) == 0
			var err error
			if writer%2 == 0 {
				_, err = w.Store.AcceptMessage(t.Context(), w.Sales, newMessage(c, key, key), func(chat.Conversation, []chat.Media) error {
					if undo {
						return second
					}
					return nil
				})
			} else {
				_, err = w.Store.Receive(t.Context(), w.Org, arrival(w.WhatsApp), received(w.WhatsApp, key, "+12025550123", key))
				undo = false
			}
			require.Equal(t, undo, err != nil, "%v", err)
			if !undo {
				mu.Lock()
				stored++
				mu.Unlock()
			}
		}
	})
	messages, err := w.Store.Messages(t.Context(), w.Admin, c.ID, 0, 0, writers*each)
	require.NoError(t, err)
	require.Len(t, messages, stored)
	for i, m := range messages {
		require.Equal(t, i+1, m.Seq)
	}
	got, err := w.Store.Conversation(t.Context(), w.Sales, c.ID)
	require.NoError(t, err)
	require.Equal(t, stored, got.LastSeq)
	require.Equal(t, stored+1, got.Version)
	require.Equal(t, writers/2*each, got.InboundCount)
	require.Len(t, w.Events(), stored, "an event a message, none for what was undone")
}

func TestI5TheDatabaseRefusesAPlaceTwice(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	one, two := queue(t, w, c, "one"), queue(t, w, c, "two")
	_, err := owner(t, w).Exec(t.Context(), "update messages set seq = $2 where id = $1", two.ID, one.Seq)
	require.Error(t, err)
}

// TestAcceptingOnceHoweverOften is I2 of the outgoing side: one client id, one message.
func TestAcceptingOnceHoweverOften(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	ids := make([]chat.MessageID, 50)
	together(len(ids), func(n int) {
		m, err := w.Store.AcceptMessage(t.Context(), w.Sales, newMessage(c, "hello", "client-1"), fine)
		require.NoError(t, err)
		require.Equal(t, 1, m.Seq)
		ids[n] = m.ID
	})
	for _, id := range ids {
		require.Equal(t, ids[0], id)
	}
	pool := owner(t, w)
	require.Equal(t, 1, count(t, pool, "select count(*) from messages"))
	require.Equal(t, 1, count(t, pool, "select count(*) from send_jobs"))
	require.Len(t, w.Events(), 1)
}

// TestARepeatOnABusyConversationGetsTheFirstAnswer: between a message and its repeat
// somebody else writes, so that the repeat alone would be held as stale.
func TestARepeatOnABusyConversationGetsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	receive(t, w, w.WhatsApp, received(w.WhatsApp, "in-0", "+12025550123", "hi"))
	pool := owner(t, w)
	lock, err := pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = lock.Exec(t.Context(), "select 1 from conversations where id = $1 for update", c.ID)
	require.NoError(t, err)
	n := newMessage(c, "hello", "client-1")
	n.ViewedSeq = 1
	answers := make([]chat.Message, 2)
	errs := make([]error, 3)
	var wg sync.WaitGroup
	// They queue up behind the lock in this order.
	inLine := func(place int, run func()) {
		wg.Go(run)
		require.Eventually(t, func() bool {
			return count(t, pool, `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`) == place
		}, eventually, tick)
	}
	inLine(1, func() { answers[0], errs[0] = w.Store.AcceptMessage(t.Context(), w.Sales, n, fine) })
	inLine(2, func() {
		_, errs[1] = w.Store.Receive(t.Context(), w.Org, arrival(w.WhatsApp), received(w.WhatsApp, "in-1", "+12025550123", "wait"))
	})
	inLine(3, func() {
		again := n
		again.ID = chat.NewID[chat.MessageID]()
		answers[1], errs[2] = w.Store.AcceptMessage(t.Context(), w.Sales, again, fine)
	})
	require.NoError(t, lock.Commit(t.Context()))
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	require.Equal(t, answers[0].ID, answers[1].ID)
}

func TestAClientIDIsForOneMessage(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	first := accept(t, w, c, "hello", "client-1")
	for name, n := range map[string]store.NewMessage{
		"other content":      newMessage(c, "other", "client-1"),
		"other conversation": newMessage(w.Conversation(t, w.SMS), "hello", "client-1"),
	} {
		_, err := w.Store.AcceptMessage(t.Context(), w.Sales, n, fine)
		var e *chat.Error
		require.ErrorAs(t, err, &e, name)
		require.Equal(t, chat.CodeConflict, e.Code, name)
		require.Equal(t, chat.ReasonKeyReused, e.Reason, name)
		require.Equal(t, "clientId", e.Field, name)
	}
	colleague, err := w.Store.AcceptMessage(t.Context(), w.Admin, newMessage(c, "mine", "client-1"), fine)
	require.NoError(t, err, "another user's key is another key")
	require.NotEqual(t, first.ID, colleague.ID)
	other := world.At(t, w.URL)
	elsewhere := accept(t, other, other.Conversation(t, other.WhatsApp), "hello", "client-1")
	require.NotEqual(t, first.ID, elsewhere.ID)
}

func TestAStaleViewCountsTheMessagesOfOthersOnly(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	queue(t, w, c, "1: mine")
	receive(t, w, w.WhatsApp, received(w.WhatsApp, "in-1", "+12025550123", "2: the lead's"))
	queue(t, w, c, "3: mine")
	_, err := w.Store.AcceptMessage(t.Context(), w.Admin, newMessage(c, "4: a colleague's", "c-4"), fine)
	require.NoError(t, err)
	queue(t, w, c, "5: mine")
	for viewed, newer := range map[int]int{0: 0, 1: 2, 2: 1, 3: 1, 4: 0, 5: 0, 99: 0} {
		n := newMessage(c, "next", fmt.Sprintf("viewed-%d", viewed))
		n.ViewedSeq = viewed
		_, err := w.Store.AcceptMessage(t.Context(), w.Sales, n, fine)
		if newer == 0 {
			require.NoError(t, err, "viewed %d", viewed)
			continue
		}
		var e *chat.Error
		require.ErrorAs(t, err, &e, "viewed %d", viewed)
		require.Equal(t, chat.ReasonStaleView, e.Reason)
		require.Equal(t, newer, e.Newer, "viewed %d", viewed)
	}
}
