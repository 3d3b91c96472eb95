package account_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ringcentral"
	"converse/channels/whatsappcloud"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/exchange"
	"converse/internal/sandbox"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// granted remembers the access tokens that were shown to the provider, which says them back.
type granted struct {
	http.RoundTripper
	mu     sync.Mutex // guards tokens
	tokens []string
}

func (g *granted) Do(r *http.Request) (*http.Response, error) {
	response, err := g.RoundTrip(r)
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && err == nil {
		g.mu.Lock()
		g.tokens = append(g.tokens, token)
		g.mu.Unlock()
		response.Header.Set("X-Said", token)
	}
	return response, err
}

// TestATrialIsKeptWithItsTokenTakenOut: the token is asked for within the trial, and is a
// secret of the calls that follow it.
func TestATrialIsKeptWithItsTokenTakenOut(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	played := sandbox.New(sandbox.Config{Seed: 1, Accounts: []sandbox.Account{{
		Provider: "ringcentral", AccountID: "6298930001", SigningSecret: "verification-word",
		Credentials: sandbox.Credentials{AccessKey: "harbour", SecretKey: "client-secret-of-ours", AccessToken: "one.two.three-of-ours"},
		Senders:     []sandbox.Sender{{Address: "+12025550166", Ref: "1"}},
	}}})
	t.Cleanup(played.Close)
	server := httptest.NewServer(played.Handler())
	t.Cleanup(server.Close)
	played.SetBaseURL(server.URL)

	book := account.NewBook(w.Store, world.Vault(t), "https://hub.example.com", []channels.Adapter{ringcentral.New(), whatsappcloud.New()})
	n := account.New{
		Connector: store.Connector{
			Org: w.Org, Provider: "ringcentral", Name: "Texts", BaseURL: server.URL, Settings: map[string]string{"client_id": "harbour"},
		},
		Secrets: map[string]string{"client_secret": "client-secret-of-ours", "jwt": "one.two.three-of-ours", "verification_token": "verification-word"},
	}
	n.Senders = []store.ConnectorSender{{Ref: "1", Sender: chat.Sender{
		ID: chat.NewID[chat.SenderID](), Provider: "ringcentral", Channel: chat.ChannelSMS, Address: "+12025550166",
	}}}
	doer := &granted{RoundTripper: &http.Transport{DisableKeepAlives: true}}
	registry := prometheus.NewRegistry()
	log := exchange.New(w.Store, exchange.Options{Metrics: registry})
	try := func(n account.New) {
		trial, err := book.Try(t.Context(), log.Calls(doer), n)
		require.NoError(t, err)
		require.Nil(t, trial.Failure, "%+v", trial)
	}
	try(n) // it has no log yet, and is in nobody's way

	n.ID = chat.NewID[chat.ConnectorID]()
	n.Senders[0].Connector = n.ID
	require.NoError(t, book.Create(t.Context(), n))
	try(account.New{Connector: store.Connector{Org: w.Org, ID: n.ID}})
	log.Flush(t.Context())
	list, err := w.Store.ExchangesOfConnector(t.Context(), w.Org, n.ID, "", 100)
	require.NoError(t, err)
	purposes := map[chat.ExchangePurpose]bool{}
	secrets := append([]string{"client-secret-of-ours", "three-of-ours", "verification-word"}, doer.tokens...)
	for _, x := range list {
		purposes[x.Purpose] = true
		require.Equal(t, 200, x.Status)
		for _, text := range []string{x.URL, x.RequestHead, x.RequestBody, x.AnswerHead, x.AnswerBody} {
			require.False(t, slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(text, s) }), text)
		}
	}
	require.Equal(t, map[chat.ExchangePurpose]bool{chat.PurposeToken: true, chat.PurposeCheck: true}, purposes)
	families, err := registry.Gather()
	require.NoError(t, err)
	for _, f := range families {
		require.Zero(t, f.GetMetric()[0].GetCounter().GetValue(), "%s: nothing was to be kept of the first trial", f.GetName())
	}
}
