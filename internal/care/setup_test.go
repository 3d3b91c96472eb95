package care_test

import (
	"context"
	"encoding/json"
	"fmt"
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
	"converse/internal/care"
	"converse/internal/chat"
	"converse/internal/inbox"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// adapter is CTM that is also asked what happened, and whose webhooks we order. A page and
// a webhook are a list of messages.
type adapter struct {
	channels.Adapter
	mu        sync.Mutex // guards what follows
	pages     [][]told
	asked     []channels.PollQuery
	fail      error
	kept      []string // ids that were given
	keep      channels.Subscription
	keepFails error
}

type told struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// echoed is a message of ours, as a provider's list tells it.
const echoed = "echo "

func (*adapter) Verify(channels.Account, *channels.Webhook) error { return nil }

func (a *adapter) Parse(account channels.Account, hook *channels.Webhook) ([]channels.Event, channels.Reply, error) {
	events, err := a.ParsePolled(account, hook.Body)
	return events, channels.Reply{}, err
}

func (*adapter) ParsePolled(account channels.Account, body []byte) ([]channels.Event, error) {
	var list []told
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	var out []channels.Event
	for _, m := range list {
		if m.ID == "" {
			out = append(out, channels.Malformed{Why: "no id"})
			continue
		}
		if status, ours := strings.CutPrefix(m.Text, echoed); ours {
			out = append(out, channels.Echo{
				ProviderID: m.ID, Sender: account.Senders[0].ID, To: channels.Party{Phone: "+12025550123"}, Kind: chat.KindText, Text: "ours",
				Status: chat.Status(status), At: time.Now(),
			})
			continue
		}
		out = append(out, channels.Received{
			ProviderID: m.ID, Sender: account.Senders[0].ID, From: channels.Party{Phone: "+12025550123"}, Kind: chat.KindText, Text: m.Text,
		})
	}
	return out, nil
}

func (a *adapter) Poll(_ context.Context, _ channels.Doer, _ channels.Account, q channels.PollQuery) (channels.Polled, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, q)
	if a.fail != nil {
		return channels.Polled{}, a.fail
	}
	n := 0
	if q.Cursor != "" {
		if _, err := fmt.Sscan(q.Cursor, &n); err != nil {
			return channels.Polled{}, err
		}
	}
	if n >= len(a.pages) {
		return channels.Polled{Body: []byte("[]"), Cursor: q.Cursor}, nil
	}
	body, err := json.Marshal(a.pages[n])
	return channels.Polled{Body: body, Cursor: fmt.Sprint(n + 1), More: n+1 < len(a.pages)}, err
}

func (*adapter) PollEvery(channels.Account) time.Duration { return time.Hour }

func (a *adapter) KeepSubscription(_ context.Context, _ channels.Doer, _ channels.Account, id string) (channels.Subscription, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kept = append(a.kept, id)
	return a.keep, a.keepFails
}

func (a *adapter) set(change func(*adapter)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(a)
}

func (a *adapter) asks() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.asked)
}

type bundle struct {
	*world.World
	*adapter
	accounts *world.Accounts
	inbox    *inbox.Inbox
	care     *care.Service
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{World: world.New(t), adapter: &adapter{Adapter: ctm.New(), keep: channels.Subscription{ID: "sub-1", Lifetime: time.Hour}}}
	b.accounts = b.NewAccounts(t, "https://api.example.test", b.adapter, whatsappcloud.New())
	b.inbox = inbox.New(b.Store, b.accounts, inbox.Options{})
	b.care = care.New(care.Options{Store: b.Store, Accounts: b.accounts, Inbox: b.inbox})
	return b
}

func (b *bundle) look(t *testing.T) {
	t.Helper()
	require.NoError(t, b.care.Look(t.Context(), b.Org, b.accounts.CTM.ID))
}

// soon has everything looked after now.
func (b *bundle) soon(t *testing.T) {
	t.Helper()
	require.NoError(t, b.Store.CareSoon(t.Context(), b.Org, b.accounts.CTM.ID))
	b.look(t)
}

func (b *bundle) state(t *testing.T) store.Care {
	t.Helper()
	c, err := b.Store.Care(t.Context(), b.Org, b.accounts.CTM.ID)
	require.NoError(t, err)
	return c
}

// webhook delivers messages as the provider does.
func (b *bundle) webhook(t *testing.T, list ...told) int {
	body, err := json.Marshal(list)
	if err != nil {
		t.Error(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/hooks/ctm/x", strings.NewReader(string(body)))
	r.SetPathValue("provider", "ctm")
	r.SetPathValue("endpoint", b.accounts.CTMEndpoint)
	r.Header.Set("X-Converse-Polled", "1") // from outside this means nothing
	w := httptest.NewRecorder()
	b.inbox.ServeHTTP(w, r)
	return w.Code
}

// texts are the messages that are shown.
func (b *bundle) texts(t *testing.T) []string {
	t.Helper()
	list, err := b.Store.Messages(t.Context(), b.Admin, b.Conversation(t, b.accounts.CTM).ID, 0, 0, 100)
	require.NoError(t, err)
	var out []string
	for _, m := range list {
		out = append(out, m.Text)
	}
	return out
}

// counts are how callbacks ended.
func (b *bundle) counts(t *testing.T) map[store.Result]int {
	t.Helper()
	counts, err := b.Store.CallbackCounts(t.Context(), b.Org)
	require.NoError(t, err)
	return counts
}
