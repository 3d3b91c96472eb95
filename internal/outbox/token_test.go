package outbox_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
	"converse/internal/store"
)

// tokened is WhatsApp with access tokens that are granted: the nth is "token n".
type tokened struct {
	channels.Adapter
	mu    sync.Mutex // guards asked and fail
	asked int
	fail  error
}

func (a *tokened) GrantToken(context.Context, channels.Doer, channels.Account) (channels.Token, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked++
	return channels.Token{Value: fmt.Sprintf("token %d", a.asked), Lifetime: time.Hour}, a.fail
}

// Send answers with ReasonTokenExpired what the provider answers with 401.
func (a *tokened) Send(ctx context.Context, doer channels.Doer, account channels.Account, out channels.Outgoing) (channels.Receipt, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, account.BaseURL+"/send?"+out.Text, http.NoBody)
	if err != nil {
		return channels.Receipt{}, err
	}
	request.Header.Set("Authorization", account.Token)
	response, err := doer.Do(request)
	if err != nil {
		return channels.Receipt{}, err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusUnauthorized {
		return channels.Receipt{}, &channels.Error{Reason: channels.ReasonTokenExpired}
	}
	return channels.Receipt{ProviderID: "taken-" + string(out.Reference)}, nil
}

func (a *tokened) set(fail error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fail = fail
}

func setupTokened(t *testing.T) (*bundle, *tokened) {
	t.Helper()
	adapter := &tokened{Adapter: whatsappcloud.New()}
	return setupWith(t, adapter, ctm.New()), adapter
}

// TestATokenThatRanOutIsRenewedAndTheMessageGoesOnAtOnce: it costs the message a try, no
// more, and it is called once with each token.
func TestATokenThatRanOutIsRenewedAndTheMessageGoesOnAtOnce(t *testing.T) {
	t.Parallel()
	b, adapter := setupTokened(t)
	b.provider.answer(func(n int, w http.ResponseWriter) {
		if n == 1 {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	b.outbox.Start(t.Context())
	begun := time.Now()
	m := b.becomes(t, b.send(t, b.whatsApp, "hello").ID, chat.StatusSent)
	require.Less(t, time.Since(begun), 10*time.Second)
	require.Equal(t, 2, b.provider.count(), b.outcomes(t, m.ID))
	require.Equal(t, 2, adapter.asked)
}

// TestNoMessageIsTriedWithoutAToken: no attempt is made while there is none, and none is
// lost. Credentials that are refused pause the connector.
func TestNoMessageIsTriedWithoutAToken(t *testing.T) {
	t.Parallel()
	b, adapter := setupTokened(t)
	adapter.set(&channels.Error{Reason: channels.ReasonBadCredentials, Text: "no such key"})
	b.outbox.Start(t.Context())
	m := b.send(t, b.whatsApp, "hello")
	require.Eventually(t, func() bool {
		c, err := b.Store.Connector(t.Context(), b.Org, b.accounts.WhatsApp.ID)
		return err == nil && c.State == store.ConnectorPaused
	}, eventually, tick)
	require.Equal(t, "queued", b.outcomes(t, m.ID))
	require.Zero(t, b.provider.count())
	var told bool
	for _, e := range b.Events() {
		told = told || e.Topic == chat.OrgTopic(b.Org) && len(e.Payload) > 0
	}
	require.True(t, told)

	adapter.set(nil)
	_, err := b.Store.SetConnectorState(t.Context(), b.Org, b.accounts.WhatsApp.ID, store.ConnectorActive, "")
	require.NoError(t, err)
	b.becomes(t, m.ID, chat.StatusSent)
	require.Equal(t, 1, b.provider.count())
}
