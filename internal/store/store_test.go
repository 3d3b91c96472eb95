package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

func TestAcceptSendReceiveRead(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	ctx := t.Context()
	c := w.Conversation(t, w.WhatsApp)
	m := accept(t, w, c, "hello", "client-1")
	require.Equal(t, 1, m.Seq)
	again := accept(t, w, c, "hello", "client-1")
	require.Equal(t, m.ID, again.ID)
	_, err := w.Store.AcceptMessage(ctx, w.Sales, newMessage(c, "other", "client-1"), func(chat.Conversation, []chat.Media) error { return nil })
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err))

	jobs, err := w.Store.ClaimJobs(ctx, store.Claim{Node: "n1", Most: 10, PerConnector: 4, Lease: time.Minute})
	require.NoError(t, err)
	require.Len(t, jobs, 1)
	call, started, err := w.Store.StartCall(ctx, jobs[0], store.Start{Node: "n1", Lease: time.Minute, At: time.Now(), Refuse: func(store.Call) *chat.Failure { return nil }})
	require.NoError(t, err)
	require.True(t, started)
	require.Equal(t, "hello", call.Text)
	require.NoError(t, w.Store.Accepted(ctx, call, "wamid.1", time.Now()))
	got, err := w.Store.Message(ctx, w.Admin, m.ID)
	require.NoError(t, err)
	require.Equal(t, chat.StatusSent, got.Status)

	report := store.Report{Connector: w.WhatsApp.ID, ProviderID: "wamid.1", Status: chat.StatusRead, ReceivedAt: time.Now()}
	reported, err := w.Store.Report(ctx, w.Org, arrival(w.WhatsApp), report)
	require.NoError(t, err)
	require.Equal(t, store.ResultShown, reported.End.Result)
	report.Status = chat.StatusDelivered
	reported, err = w.Store.Report(ctx, w.Org, arrival(w.WhatsApp), report)
	require.NoError(t, err)
	require.False(t, reported.Raised)

	end, err := w.Store.Receive(ctx, w.Org, arrival(w.WhatsApp), received(w.WhatsApp, "in-1", "+12025550123", "hi"))
	require.NoError(t, err)
	require.Equal(t, store.ResultShown, end.Result)
	end, err = w.Store.Receive(ctx, w.Org, arrival(w.WhatsApp), received(w.WhatsApp, "in-1", "+12025550123", "hi"))
	require.NoError(t, err)
	require.Equal(t, store.ResultIgnored, end.Result)

	page, err := w.Store.Conversations(ctx, w.Sales, store.ConversationFilter{Most: 10})
	require.NoError(t, err)
	require.Len(t, page.Conversations, 1)
	require.Equal(t, 1, page.Conversations[0].Unread())
	require.Equal(t, "hi", page.Conversations[0].LastMessage.Text)
	require.True(t, page.Conversations[0].WindowOpen(time.Now()))
	unread, err := w.Store.MarkRead(ctx, w.Sales, c.ID, 2)
	require.NoError(t, err)
	require.Zero(t, unread)
	counts, err := w.Store.CallbackCounts(ctx, w.Org)
	require.NoError(t, err)
	require.Equal(t, map[store.Result]int{store.ResultShown: 3, store.ResultIgnored: 1}, counts)
	for _, e := range w.Events() {
		require.NotZero(t, e.ID)
	}
}

func TestUnknownSendersBecomeOneLeadEachInTurn(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	const people, copies = 20, 5
	var wg sync.WaitGroup
	for p := range people {
		for n := range copies {
			wg.Go(func() {
				r := received(w.SMS, fmt.Sprintf("m-%d-%d", p, n), fmt.Sprintf("+1202555%04d", 2000+p), "hello")
				_, err := w.Store.Receive(context.WithoutCancel(t.Context()), w.Org, arrival(w.SMS), r)
				require.NoError(t, err)
			})
		}
	}
	wg.Wait()
	page, err := w.Store.Conversations(t.Context(), w.Admin, store.ConversationFilter{Most: 100, Kind: store.ListMine})
	require.NoError(t, err)
	require.Len(t, page.Conversations, people)
	for _, c := range page.Conversations {
		require.Equal(t, copies, c.LastSeq)
		messages, err := w.Store.Messages(t.Context(), w.Admin, c.ID, 0, 0, 50)
		require.NoError(t, err)
		for i, m := range messages {
			require.Equal(t, i+1, m.Seq)
		}
	}
}
