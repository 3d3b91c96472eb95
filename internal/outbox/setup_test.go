package outbox_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
	"converse/internal/exchange"
	"converse/internal/outbox"
	"converse/internal/safehttp"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// How long to wait for what must come, and how often to look.
const (
	eventually = 20 * time.Second
	tick       = 10 * time.Millisecond
)

// bundle is an outbox with real adapters and a provider that a test plays.
type bundle struct {
	*world.World
	accounts *world.Accounts
	outbox   *outbox.Outbox
	// exchanges, when set, is told of the calls of outboxes that are made afterwards.
	exchanges *exchange.Log
	provider  *provider
	whatsApp  chat.Conversation
	sms       chat.Conversation
}

// provider is the other side: it counts calls and answers as it is told.
type provider struct {
	*httptest.Server
	mu    sync.Mutex
	calls []string // bodies, in order
	act   func(n int, w http.ResponseWriter)
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	p.mu.Lock()
	p.calls = append(p.calls, string(body))
	n, act := len(p.calls), p.act
	p.mu.Unlock()
	act(n, w)
}

func (p *provider) answer(act func(n int, w http.ResponseWriter)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.act = act
}

func (p *provider) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.calls)
}

// accept is WhatsApp's answer that it took the message.
func accept(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"messaging_product":"whatsapp","contacts":[{"input":"+12025550123","wa_id":"12025550123"}],`+
		`"messages":[{"id":"wamid.`+string(chat.NewID[chat.MessageID]())+`"}]}`)
}

func status(code int, body string) func(int, http.ResponseWriter) {
	return func(_ int, w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

func graphError(code string) string {
	return `{"error":{"message":"(#` + code + `) said so","type":"OAuthException","code":` + code + `,"error_data":{"details":"Details."}}}`
}

// cut closes the connection after the request was read.
func cut(_ int, w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

func setup(t *testing.T) *bundle {
	t.Helper()
	return setupWith(t, whatsappcloud.New(), ctm.New())
}

// setupWith is setup with adapters of whatsapp_cloud and ctm.
func setupWith(t *testing.T, adapters ...channels.Adapter) *bundle {
	t.Helper()
	b := &bundle{World: world.New(t), provider: &provider{act: func(_ int, w http.ResponseWriter) { accept(w) }}}
	b.provider.Server = httptest.NewServer(b.provider)
	t.Cleanup(b.provider.Close)
	b.accounts = b.NewAccounts(t, b.provider.URL, adapters...)
	b.outbox = b.newOutbox(t, "n1", b.doer(t))
	b.whatsApp = b.Conversation(t, b.accounts.WhatsApp)
	b.sms = b.Conversation(t, b.accounts.CTM)
	b.openWindow(t)
	return b
}

func (b *bundle) doer(t *testing.T) channels.Doer {
	t.Helper()
	allowed, err := safehttp.ParseAllowed([]string{"127.0.0.0/8"})
	require.NoError(t, err)
	client := safehttp.NewProvider(safehttp.Options{Allowed: allowed, Timeout: 5 * time.Second})
	t.Cleanup(client.Close)
	return client
}

func (b *bundle) newOutbox(t *testing.T, node string, doer channels.Doer) *outbox.Outbox {
	t.Helper()
	o := outbox.New(b.Store, b.accounts, doer, outbox.Options{Node: node, Poll: 20 * time.Millisecond, Exchanges: b.exchanges})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), eventually)
		defer cancel()
		o.Stop(ctx)
	})
	return o
}

// openWindow lets the lead write over WhatsApp.
func (b *bundle) openWindow(t *testing.T) {
	t.Helper()
	_, err := b.Store.Receive(t.Context(), b.Org, store.Arrival{Stored: true}, store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: b.accounts.WhatsApp.Senders[0].Sender, ProviderID: "in-1",
		Phone: "+12025550123", Kind: chat.KindText, Text: "hello", ProviderAt: time.Now(), ReceivedAt: time.Now(),
	})
	require.NoError(t, err)
}

func (b *bundle) send(t *testing.T, c chat.Conversation, text string) chat.Message {
	t.Helper()
	m, err := b.outbox.Accept(t.Context(), b.Sales, outbox.Draft{Conversation: c.ID, ClientID: string(chat.NewID[chat.MessageID]()), Text: text})
	require.NoError(t, err)
	require.Equal(t, chat.StatusQueued, m.Status)
	return m
}

// becomes waits for a message to have a status, and returns it.
func (b *bundle) becomes(t *testing.T, id chat.MessageID, want chat.Status) chat.Message {
	t.Helper()
	var m chat.Message
	require.Eventually(t, func() bool {
		var err error
		m, err = b.Store.Message(t.Context(), b.Admin, id)
		return err == nil && m.Status == want
	}, eventually, tick, "message never became %s", want)
	return m
}

// outcomes are how the attempts of a message ended, from its timeline.
func (b *bundle) outcomes(t *testing.T, id chat.MessageID) string {
	t.Helper()
	entries, err := b.Store.Timeline(t.Context(), b.Admin, id)
	require.NoError(t, err)
	var out bytes.Buffer
	for _, e := range entries {
		out.WriteString(string(e.Status) + " ")
	}
	return strings.TrimSpace(out.String())
}
