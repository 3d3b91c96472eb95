package outbox_test

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/safehttp"
	"converse/internal/store"
	"converse/internal/testkit"
)

// providersHost is the name that all faulty providers have where it matters.
const providersHost = "api.providers.test"

// road leads to the providers: their name has addresses, and there a certificate is shown.
type road struct {
	good, expired, elsewhere, unknown tls.Certificate

	mu        sync.Mutex // guards what follows
	addresses []netip.Addr
	shown     tls.Certificate
}

func newRoad(t *testing.T) *road {
	t.Helper()
	later := time.Now().Add(time.Hour)
	return &road{
		good:      testkit.Certificate(t, providersHost, later),
		expired:   testkit.Certificate(t, providersHost, time.Now().Add(-time.Minute)),
		elsewhere: testkit.Certificate(t, "www.providers.test", later),
		unknown:   testkit.Certificate(t, providersHost, later),
	}
}

func (r *road) set(shown tls.Certificate, addresses ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shown, r.addresses = shown, nil
	for _, a := range addresses {
		r.addresses = append(r.addresses, netip.MustParseAddr(a))
	}
}

func (r *road) mend() { r.set(r.good, "127.0.0.1") }

func (r *road) look() []netip.Addr {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.addresses
}

func (r *road) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	shown := r.shown
	return &shown, nil
}

// setupRoad makes a connector of every adapter, whose API is reached by a name and over TLS,
// with a connection for each call. The providers take every message that gets there.
func setupRoad(t *testing.T) (*faulty, *road) {
	t.Helper()
	f, r := newFaulty(t), newRoad(t)
	r.mend()
	server := httptest.NewUnstartedServer(f)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.SetKeepAlivesEnabled(false)
	server.TLS = &tls.Config{GetCertificate: r.certificate}
	server.StartTLS()
	t.Cleanup(server.Close)
	f.does(func(_ int, provider, _ string, w http.ResponseWriter, _ *http.Request) {
		status, body := taken(provider)
		answer(w, status, body)
	})
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	f.connect(t, "https://"+net.JoinHostPort(providersHost, port), safehttp.Options{
		Resolver: testkit.Resolver(t, r.look), Roots: testkit.Trusting(r.good, r.expired, r.elsewhere),
	})
	return f, r
}

// blocked are roads that lead to nobody who is the provider, and what is said of each.
var blocked = map[string]struct {
	block func(*road)
	says  string
}{
	"the name is unknown":       {func(r *road) { r.set(r.good) }, "host name is not known"},
	"nobody listens":            {func(r *road) { r.set(r.good, "127.0.0.9") }, "connection refused"},
	"certificate has expired":   {func(r *road) { r.set(r.expired, "127.0.0.1") }, "certificate has expired, or is not valid yet"},
	"certificate of another":    {func(r *road) { r.set(r.elsewhere, "127.0.0.1") }, "certificate is for another host"},
	"certificate of a stranger": {func(r *road) { r.set(r.unknown, "127.0.0.1") }, "certificate is signed by an unknown authority"},
}

// TestF8WhatWasNeverReachedIsTriedAgain, with pauses, and goes out once when the road is
// mended. Until then nothing is said to whoever is there, and the message and the log of
// the connector say what is wrong.
func TestF8WhatWasNeverReachedIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range blocked {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, r := setupRoad(t)
			f.each(t, []string{word()}, func(t *testing.T, _ string, m chat.Message) { f.becomes(t, m.ID, chat.StatusSent) })
			c.block(r)
			waiting := map[string]chat.Message{}
			f.each(t, []string{word()}, func(t *testing.T, provider string, m chat.Message) {
				waiting[provider] = m
				f.triedAgain(t, m, c.says)
				require.Zero(t, f.count(provider, m.Text))
				require.Contains(t, f.calls(t, provider, chat.PurposeSend), c.says)
			})
			r.mend()
			for provider, m := range waiting {
				f.becomes(t, m.ID, chat.StatusSent)
				require.Equal(t, 1, f.count(provider, m.Text), f.outcomes(t, m.ID))
			}
			f.nothingLeft(t)
		})
	}
}

// triedAgain waits until a message was tried twice in vain, and shows that each try says
// why, and that there is a pause between them.
func (f *faulty) triedAgain(t *testing.T, m chat.Message, why string) {
	t.Helper()
	var tries []chat.TimelineEntry
	require.Eventually(t, func() bool {
		entries, err := f.Store.Timeline(t.Context(), f.Admin, m.ID)
		tries = entries[min(1, len(entries)):] // the first is that it was queued
		return err == nil && len(tries) >= 4
	}, eventually, tick)
	for i, e := range tries {
		switch {
		case i%2 == 1:
			require.Equal(t, chat.StatusQueued, e.Status)
			require.Contains(t, e.Detail, why)
		case i > 0:
			require.Greater(t, e.At.Sub(tries[i-1].At), 100*time.Millisecond)
		}
	}
	now, err := f.Store.Message(t.Context(), f.Admin, m.ID)
	require.NoError(t, err)
	require.Equal(t, chat.StatusSending, now.Status, "still a clock on screen")
	require.Nil(t, now.Failure)
}

// calls are the errors of the calls to a provider that got no answer.
func (f *faulty) calls(t *testing.T, provider string, purpose chat.ExchangePurpose) string {
	t.Helper()
	f.exchanges.Flush(t.Context())
	list, err := f.Store.ExchangesOfConnector(t.Context(), f.Org, f.ids[provider], "", 100)
	require.NoError(t, err)
	var out []string
	for _, x := range list {
		if x.Purpose == purpose && x.Status == 0 {
			out = append(out, x.Error)
		}
	}
	return strings.Join(out, ", ")
}

// TestF8WhereNoTokenIsToBeHad: the call that asks for one meets the same, before anything
// is said of a message.
func TestF8WhereNoTokenIsToBeHad(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"the name is unknown", "certificate has expired"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, r := setupRoad(t)
			c := blocked[name]
			c.block(r)
			m := f.send(t, f.talks["ringcentral"], word())
			require.Eventually(t, func() bool { return f.health(t, "ringcentral").HeldWhy == store.HoldUnreachable }, eventually, tick)
			require.Contains(t, f.calls(t, "ringcentral", chat.PurposeToken), c.says)
			require.Equal(t, "queued", f.outcomes(t, m.ID), "no try was made")
			r.mend()
			f.becomes(t, m.ID, chat.StatusSent)
			require.Equal(t, 1, f.count("ringcentral", m.Text))
		})
	}
}
