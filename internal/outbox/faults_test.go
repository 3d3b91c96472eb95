package outbox_test

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net"
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
	"converse/internal/safehttp"
	"converse/internal/store"
)

// faulty is every provider there is, on one server that misbehaves, and beside them one
// that does not.
type faulty struct {
	*bundle
	server *httptest.Server
	talks  map[string]chat.Conversation
	ids    map[string]chat.ConnectorID

	mu    sync.Mutex // guards what follows
	calls map[string]int
	act   func(n int, w http.ResponseWriter, r *http.Request)
}

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

// setupFaulty makes a connector of every adapter. Calls are given up after a second and a
// half.
func setupFaulty(t *testing.T) *faulty {
	t.Helper()
	f := &faulty{calls: map[string]int{}, talks: map[string]chat.Conversation{}, ids: map[string]chat.ConnectorID{}}
	f.bundle = setupWith(t, ctm.New(), whatsappcloud.New(), twilio.New(), gupshup.New(), ringcentral.New())
	f.provider.answer(func(_ int, w http.ResponseWriter) { _, _ = io.WriteString(w, `{"status":"processing"}`) })
	f.server = httptest.NewServer(f)
	t.Cleanup(f.server.Close)
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
		a.Org, a.ID, a.Provider, a.Name, a.BaseURL, a.Endpoint = f.Org, chat.NewID[chat.ConnectorID](), provider, provider, f.server.URL+"/"+provider, word()
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
	allowed, err := safehttp.ParseAllowed([]string{"127.0.0.0/8"})
	require.NoError(t, err)
	client := safehttp.NewProvider(safehttp.Options{Allowed: allowed, Timeout: 1500 * time.Millisecond})
	t.Cleanup(client.Close)
	f.outbox = f.newOutbox(t, "n1", client)
	f.outbox.Start(t.Context())
	return f
}

// ServeHTTP grants tokens, and does with everything else what it is told.
func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	provider, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if strings.HasSuffix(rest, "oauth/token") {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"access_token":"%s","token_type":"bearer","expires_in":3600}`, base64.StdEncoding.EncodeToString([]byte(word())))
		return
	}
	_, _ = io.Copy(io.Discard, r.Body)
	f.mu.Lock()
	f.calls[provider]++
	n, act := f.calls[provider], f.act
	f.mu.Unlock()
	act(n, w, r)
}

func (f *faulty) count(provider string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[provider]
}

func (f *faulty) does(act func(n int, w http.ResponseWriter, r *http.Request)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.act = act
	f.calls = map[string]int{}
}

// each sends a message over every faulty provider, shows that others go on meanwhile, and
// judges each.
func (f *faulty) each(t *testing.T, judge func(t *testing.T, provider string, id chat.MessageID)) {
	t.Helper()
	sent := map[string]chat.MessageID{}
	for provider, talk := range f.talks {
		sent[provider] = f.send(t, talk, "hello").ID
	}
	f.becomes(t, f.send(t, f.sms, "another connector goes on").ID, chat.StatusSent)
	for provider, id := range sent {
		t.Run(provider, func(t *testing.T) { judge(t, provider, id) })
	}
}

// unsureOnce: it may have been heard, so it was called once and nobody sends it again.
func (f *faulty) unsureOnce(t *testing.T, provider string, id chat.MessageID) {
	t.Helper()
	f.becomes(t, id, chat.StatusUnsure)
	require.Equal(t, 1, f.count(provider), f.outcomes(t, id))
}

func (f *faulty) health(t *testing.T, provider string) store.Health {
	t.Helper()
	all, err := f.Store.Healths(t.Context(), f.Org)
	require.NoError(t, err)
	return all[f.ids[provider]]
}

func answerWith(status int, body string) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// TestF1TooManyRequests: the message waits, and with it its whole connector.
func TestF1TooManyRequests(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	f.does(func(_ int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	f.each(t, func(t *testing.T, provider string, id chat.MessageID) {
		require.Eventually(t, func() bool { return f.health(t, provider).HeldWhy == store.HoldThrottled }, eventually, tick)
		require.WithinDuration(t, time.Now().Add(time.Minute), f.health(t, provider).HeldUntil, 20*time.Second)
		require.Equal(t, 1, f.count(provider))
		f.becomes(t, id, chat.StatusSending)
	})
}

// TestF1TooManyRequestsWithoutATime: it is tried again, soon at first, or after the time
// that the provider's pages say.
func TestF1TooManyRequestsWithoutATime(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	f.does(answerWith(http.StatusTooManyRequests, `{}`))
	f.each(t, func(t *testing.T, provider string, id chat.MessageID) {
		require.Eventually(t, func() bool {
			return f.count(provider) > 1 || time.Until(f.health(t, provider).HeldUntil) > 10*time.Second
		}, eventually, tick)
		f.becomes(t, id, chat.StatusSending)
	})
}

func TestF2ServerErrors(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	for _, status := range []int{500, 502, 504} {
		f.does(answerWith(status, `{}`))
		f.each(t, f.unsureOnce)
	}
}

func TestF3TakenAndNeverAnswered(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	f.does(func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	f.each(t, f.unsureOnce)
}

// TestF4AReusedConnectionIsClosed after the second request on it was read.
func TestF4AReusedConnectionIsClosed(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	f.does(answerWith(http.StatusInternalServerError, `{}`)) // leaves a connection to be used again
	f.each(t, f.unsureOnce)
	f.does(func(n int, w http.ResponseWriter, _ *http.Request) { cut(n, w) })
	f.each(t, f.unsureOnce)
}

func TestF5AnswersThatAreNone(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	for name, act := range map[string]func(int, http.ResponseWriter, *http.Request){
		"a page":   answerWith(200, `<html>Welcome</html>`),
		"bad JSON": answerWith(200, `{"messages":[{"id":`),
		"10 MB":    answerWith(200, strings.Repeat(" ", 10<<20)),
		"cut in the middle": func(_ int, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"messages":`)
		},
	} {
		f.does(act)
		t.Run(name, func(t *testing.T) { f.each(t, f.unsureOnce) })
	}
}

// TestF6ASlowAnswer comes a byte at a time: the whole call has one deadline.
func TestF6ASlowAnswer(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	f.does(func(_ int, w http.ResponseWriter, r *http.Request) {
		ticker := time.NewTicker(200 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-r.Context().Done():
				return
			case <-ticker.C:
				_, _ = io.WriteString(w, " ")
				_ = http.NewResponseController(w).Flush()
			}
		}
	})
	f.each(t, f.unsureOnce)
}

func TestF7RedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	for _, status := range []int{301, 302, 307, 308} {
		f.does(func(_ int, w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", r.URL.Path+"/elsewhere")
			w.WriteHeader(status)
		})
		f.each(t, f.unsureOnce)
	}
}

// TestF8WhatWasNeverReachedIsTriedAgain: a closed door, and a certificate of somebody else.
// Nothing was heard, so it is safe; after some failures the connector holds.
func TestF8WhatWasNeverReachedIsTriedAgain(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	f := setupFaulty(t)
	untrusted := httptest.NewUnstartedServer(f)
	untrusted.Config.ErrorLog = nil
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	for name, base := range map[string]string{"refused": "http://" + closed.Addr().String(), "certificate": untrusted.URL} {
		t.Run(name, func(t *testing.T) {
			for provider, id := range f.ids {
				require.NoError(t, f.Store.MoveConnector(t.Context(), f.Org, id, base+"/"+provider))
				// Nodes look at a connector again after some seconds.
				require.Eventually(t, func() bool {
					open, err := f.accounts.ByID(t.Context(), f.Org, id)
					return err == nil && open.Account.BaseURL == base+"/"+provider
				}, eventually, tick)
			}
			f.does(answerWith(200, `{}`))
			f.each(t, func(t *testing.T, provider string, id chat.MessageID) {
				m, err := f.Store.Message(t.Context(), f.Admin, id)
				require.NoError(t, err)
				require.Contains(t, []chat.Status{chat.StatusQueued, chat.StatusSending}, m.Status)
				require.Zero(t, f.count(provider), "nothing was said over it")
			})
		})
	}
}

// TestABreakerOpensTriesOneAtATimeAndShuts, for every message of the connector.
func TestABreakerOpensTriesOneAtATimeAndShuts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 5 {
		_, err := b.Store.Unreachable(t.Context(), b.Org, b.accounts.WhatsApp.ID)
		require.NoError(t, err)
	}
	health := func() store.Health {
		all, err := b.Store.Healths(t.Context(), b.Org)
		require.NoError(t, err)
		return all[b.accounts.WhatsApp.ID]
	}
	require.Equal(t, store.HoldUnreachable, health().HeldWhy)
	m := b.send(t, b.whatsApp, "hello")
	claim := store.Claim{Node: "other", Most: 10, PerConnector: 10, Lease: time.Minute}
	jobs, err := b.Store.ClaimJobs(t.Context(), claim)
	require.NoError(t, err)
	require.Empty(t, jobs, "nothing leaves while it is open")
	b.outbox.Start(t.Context())
	b.becomes(t, m.ID, chat.StatusSent)
	require.Equal(t, 1, b.provider.count())
	require.Empty(t, health().HeldWhy)
	_, err = b.Store.Unreachable(t.Context(), b.Org, b.accounts.WhatsApp.ID)
	require.NoError(t, err)
	require.Empty(t, health().HeldWhy, "it counts from the beginning again")
}
