package outbox_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/channels/whatsappcloud"
	"converse/internal/bus"
	"converse/internal/chat"
	"converse/internal/outbox"
	"converse/internal/store"
)

// limited is CTM with a rate.
type limited struct {
	channels.Adapter
	rate channels.Rate
}

func (l limited) Capabilities(a channels.Account) channels.Capabilities {
	can := l.Adapter.Capabilities(a)
	can.Rate = l.rate
	return can
}

// TestARateIsKeptByAllNodesAndNoMessageIsLost: as many leave as may, the rest wait without
// an attempt, in their order, and another connector goes on.
func TestARateIsKeptByAllNodesAndNoMessageIsLost(t *testing.T) {
	t.Parallel()
	b := setupWith(t, limited{ctm.New(), channels.Rate{Calls: 3, Per: 2 * time.Second}}, whatsappcloud.New())
	b.provider.answer(func(_ int, w http.ResponseWriter) { _, _ = io.WriteString(w, `{"status":"processing"}`) })
	rates := bus.NewMemory(bus.Limits{})
	var sent []chat.Message
	for n := range 5 {
		lead := b.NewLead(t, "Lead", fmt.Sprint(n), fmt.Sprint("+1202555310", n))
		c, err := b.Store.StartConversation(t.Context(), b.Sales, lead.ID, lead.Identifiers[0].ID, b.accounts.CTM.Senders[0].ID)
		require.NoError(t, err)
		sent = append(sent, b.send(t, c, fmt.Sprint("message ", n)))
	}
	begun := time.Now()
	for _, node := range []string{"n1", "n2"} {
		o := outbox.New(b.Store, b.accounts, b.doer(t), outbox.Options{Node: node, Poll: 20 * time.Millisecond, Rates: rates})
		o.Start(t.Context())
		t.Cleanup(func() { o.Stop(context.Background()) })
	}
	for _, m := range sent {
		b.becomes(t, m.ID, chat.StatusSent)
		require.Equal(t, "queued sending sent", b.outcomes(t, m.ID), "waiting is no attempt")
	}
	require.GreaterOrEqual(t, time.Since(begun), 2*time.Second, "the fourth waits for the first to be long enough ago")
	require.Equal(t, 5, b.provider.count())
}

// TestBulkWaitsAndLiveGoesOn: a hold of the bulk lane lets what people wait for pass.
func TestBulkWaitsAndLiveGoesOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.NoError(t, b.Store.HoldConnector(t.Context(), b.Org, b.accounts.CTM.ID, store.Hold{After: time.Hour, Bulk: true, Why: store.HoldRate}))
	lead := b.NewLead(t, "Bulk", "Lead", "+12025553200")
	c, err := b.Store.StartConversation(t.Context(), b.Sales, lead.ID, lead.Identifiers[0].ID, b.accounts.CTM.Senders[0].ID)
	require.NoError(t, err)
	_, err = b.Store.AcceptMessage(t.Context(), b.Sales, store.NewMessage{
		ID: chat.NewID[chat.MessageID](), Conversation: c.ID, ClientID: "bulk", ContentHash: []byte("x"), Kind: chat.KindText, Text: "bulk", At: time.Now(),
		Patience: time.Hour, Lane: store.LaneBulk,
	}, func(chat.Conversation, []chat.Media) error { return nil })
	require.NoError(t, err)
	live := b.send(t, b.sms, "live")
	jobs, err := b.Store.ClaimJobs(t.Context(), store.Claim{Node: "n1", Most: 10, PerConnector: 10, Lease: time.Minute})
	require.NoError(t, err)
	require.Len(t, jobs, 1)
	require.Equal(t, live.ID, jobs[0].Message)
}
