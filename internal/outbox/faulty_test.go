package outbox_test

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels/ctm"
	"converse/channels/gupshup"
	"converse/channels/ringcentral"
	"converse/channels/twilio"
	"converse/channels/whatsappcloud"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/exchange"
	"converse/internal/safehttp"
	"converse/internal/store"
)

// faulty is every provider there is, on one server that misbehaves, and beside them one
// that does not.
type faulty struct {
	*bundle
	talks map[string]chat.Conversation
	ids   map[string]chat.ConnectorID

	mu    sync.Mutex          // guards what follows
	heard map[string][]string // what came, by provider
	act   act
}

// act is what the server does with the nth call of a provider, whose name and body it is
// told.
type act func(n int, provider, body string, w http.ResponseWriter, r *http.Request)

func word() string { return strings.ToLower(rand.Text()) }

// accountsAt are connectors of all adapters, by their names.
func accountsAt() map[string]account.New {
	return map[string]account.New{
		"ctm": {
			Connector: store.Connector{Settings: map[string]string{"account_id": "500002"}},
			Secrets:   map[string]string{"access_key": word(), "secret_key": word(), "signing_secret": word()},
		},
		"ringcentral": {
			Connector: store.Connector{Settings: map[string]string{"client_id": "harbour"}},
			Secrets:   map[string]string{"client_secret": word(), "jwt": word() + "." + word() + "." + word(), "verification_token": word()},
		},
		"whatsapp_cloud": {
			Connector: store.Connector{Settings: map[string]string{"waba_id": "102290129340399"}},
			Secrets:   map[string]string{"access_token": word(), "app_secret": word(), "verify_token": word()},
		},
		"twilio": {
			Connector: store.Connector{Settings: map[string]string{"account_sid": "AC0123456789abcdef0123456789abcdef"}},
			Secrets:   map[string]string{"auth_token": strings.Repeat("0f", 16)},
		},
		"gupshup": {
			Connector: store.Connector{Settings: map[string]string{"app_name": "HarbourHomes", "app_id": "4005ef9e-581e-41f4-9b04-e0797e0463d2"}},
			Secrets:   map[string]string{"api_key": word(), "app_token": word(), "webhook_secret": word()},
		},
	}
}

// setupFaulty makes a connector of every adapter.
func setupFaulty(t *testing.T) *faulty {
	t.Helper()
	f := newFaulty(t)
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.connect(t, server.URL, safehttp.Options{})
	return f
}

func newFaulty(t *testing.T) *faulty {
	t.Helper()
	f := &faulty{heard: map[string][]string{}, talks: map[string]chat.Conversation{}, ids: map[string]chat.ConnectorID{}}
	f.bundle = setupWith(t, ctm.New(), whatsappcloud.New(), twilio.New(), gupshup.New(), ringcentral.New())
	f.exchanges = exchange.New(f.Store, exchange.Options{})
	f.provider.answer(func(_ int, w http.ResponseWriter) { _, _ = io.WriteString(w, `{"status":"processing"}`) })
	return f
}

// connect makes a connector of every adapter, with its API below an address, and an outbox
// that reaches it. Calls are given up after a second and a half.
func (f *faulty) connect(t *testing.T, base string, options safehttp.Options) {
	t.Helper()
	n := 0
	for provider, a := range accountsAt() {
		n++
		channel, ref := chat.ChannelSMS, fmt.Sprint("40731000", n)
		if provider == "whatsapp_cloud" || provider == "gupshup" {
			channel = chat.ChannelWhatsApp
		}
		switch provider {
		case "ctm":
			ref = "TPN77"
		case "twilio":
			ref = ""
		}
		a.Org, a.ID, a.Provider, a.Name, a.BaseURL, a.Endpoint = f.Org, chat.NewID[chat.ConnectorID](), provider, provider, base+"/"+provider, word()
		a.Senders = []store.ConnectorSender{{Ref: ref, Sender: chat.Sender{
			ID: chat.NewID[chat.SenderID](), Connector: a.ID, Provider: provider, Channel: channel, Address: fmt.Sprint("+1202555015", n),
		}}}
		require.NoError(t, f.accounts.Create(t.Context(), a), provider)
		f.ids[provider] = a.ID
		f.talks[provider] = f.Conversation(t, a.Connector)
		_, err := f.Store.Receive(t.Context(), f.Org, store.Arrival{Stored: true}, store.Received{
			ID: chat.NewID[chat.MessageID](), Sender: a.Senders[0].Sender, ProviderID: "in-" + provider,
			Phone: "+12025550123", Kind: chat.KindText, Text: "hello", ProviderAt: time.Now(), ReceivedAt: time.Now(),
		})
		require.NoError(t, err)
	}
	var err error
	options.Allowed, err = safehttp.ParseAllowed([]string{"127.0.0.0/8"})
	require.NoError(t, err)
	options.Timeout = 1500 * time.Millisecond
	client := safehttp.NewProvider(options)
	t.Cleanup(client.Close)
	f.outbox = f.newOutbox(t, "n1", client)
	f.outbox.Start(t.Context())
}

// ServeHTTP grants tokens, and does with everything else what it is told.
func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	provider, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if strings.HasSuffix(rest, "oauth/token") {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"access_token":"%s","token_type":"bearer","expires_in":3600}`, base64.StdEncoding.EncodeToString([]byte(word())))
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	f.mu.Lock()
	f.heard[provider] = append(f.heard[provider], string(body))
	n, act := len(f.heard[provider]), f.act
	f.mu.Unlock()
	act(n, provider, string(body), w, r)
}

// count is how often a provider heard a text, which is a word.
func (f *faulty) count(provider, text string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, body := range f.heard[provider] {
		if strings.Contains(body, text) {
			n++
		}
	}
	return n
}

func (f *faulty) does(act act) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.act = act
	f.heard = map[string][]string{}
}

// each sends texts over every faulty provider, shows that others go on meanwhile, and
// judges what became of each message.
func (f *faulty) each(t *testing.T, texts []string, judge func(t *testing.T, provider string, m chat.Message)) {
	t.Helper()
	sent := map[string][]chat.Message{}
	for provider, talk := range f.talks {
		for _, text := range texts {
			sent[provider] = append(sent[provider], f.send(t, talk, text))
		}
	}
	f.becomes(t, f.send(t, f.sms, "another connector goes on").ID, chat.StatusSent)
	for provider, list := range sent {
		t.Run(provider, func(t *testing.T) {
			for _, m := range list {
				judge(t, provider, m)
			}
		})
	}
}

// unsureOnce: it may have been heard, so it was called once and nobody sends it again.
func (f *faulty) unsureOnce(t *testing.T, provider string, m chat.Message) {
	t.Helper()
	m = f.becomes(t, m.ID, chat.StatusUnsure)
	require.Equal(t, 1, f.count(provider, m.Text), f.outcomes(t, m.ID))
	require.NotEmpty(t, m.Failure.Text)
	require.NotEmpty(t, m.Failure.Next)
}

// nothingLeft shows that there is nothing that anybody would send.
func (f *faulty) nothingLeft(t *testing.T) {
	t.Helper()
	f.outbox.Stop(t.Context())
	jobs, err := f.Store.ClaimJobs(t.Context(), store.Claim{Node: "other", Most: 1000, PerConnector: 1000, Lease: time.Minute})
	require.NoError(t, err)
	require.Empty(t, jobs)
}

func (f *faulty) health(t *testing.T, provider string) store.Health {
	t.Helper()
	all, err := f.Store.Healths(t.Context(), f.Org)
	require.NoError(t, err)
	return all[f.ids[provider]]
}

func answerWith(status int, body string) act {
	return func(_ int, _, _ string, w http.ResponseWriter, _ *http.Request) { answer(w, status, body) }
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}
