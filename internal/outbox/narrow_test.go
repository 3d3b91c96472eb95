package outbox_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels/ctm"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
	"converse/internal/outbox"
	"converse/internal/testkit/world"
)

// TestAcceptingAMessageTakesOneConnection: were it two, as many senders as there are
// connections would wait for each other as soon as an account has to be opened.
func TestAcceptingAMessageTakesOneConnection(t *testing.T) {
	t.Parallel()
	w := world.Narrow(t)
	accounts := w.NewAccounts(t, "http://127.0.0.1:1", whatsappcloud.New(), ctm.New())
	o := outbox.New(w.Store, accounts, nil, outbox.Options{Node: "n1"})
	c := w.Conversation(t, accounts.CTM)
	ctx, cancel := context.WithTimeout(t.Context(), eventually)
	defer cancel()
	_, err := o.Accept(ctx, w.Sales, outbox.Draft{Conversation: c.ID, ClientID: string(chat.NewID[chat.MessageID]()), Text: "hello"})
	require.NoError(t, err)
}
