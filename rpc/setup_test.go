package rpc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
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
	"converse/internal/account"
	"converse/internal/approval"
	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/conversation"
	"converse/internal/crm"
	"converse/internal/exchange"
	"converse/internal/files"
	"converse/internal/inbox"
	"converse/internal/outbox"
	"converse/internal/people"
	"converse/internal/routing"
	"converse/internal/testkit/world"
	"converse/internal/transfer"
	"converse/media"
	"converse/rpc"
)

// passwords makes one hasher for all tests: making it costs a hash.
var passwords = sync.OnceValue(func() *auth.Passwords {
	p, err := auth.NewPasswords()
	if err != nil {
		panic(err)
	}
	return p
})

// bundle is every service over real HTTP, on a world of its own.
type bundle struct {
	*world.World
	signIns *auth.SignIns
	outbox  *outbox.Outbox
	// exchanges is the log of what is said to providers.
	exchanges *exchange.Log
	rooms     rpc.Rooms
	log       *lines
	url       string
	client    *http.Client
}

// setup serves the rooms; each change may put something else in their place.
func setup(t *testing.T, changes ...func(*rpc.Rooms, *rpc.Options)) *bundle {
	t.Helper()
	w := world.Narrow(t)
	b := &bundle{World: w, signIns: auth.NewSignIns(w.Store, passwords(), world.Vault(t)), log: &lines{}}
	book := account.NewBook(w.Store, world.Vault(t), "https://hub.example.com", []channels.Adapter{playedMeta{Adapter: whatsappcloud.New()}, ctm.New()})
	b.exchanges = exchange.New(w.Store, exchange.Options{})
	// Never started: what is accepted stays queued.
	b.outbox = outbox.New(w.Store, book, nil, outbox.Options{Node: "n1"})
	b.rooms = rpc.Rooms{
		SignIns: b.signIns, Leads: crm.New(w.Store), Routing: routing.New(w.Store), Conversations: conversation.New(w.Store), Outbox: b.outbox,
		Inbox: inbox.New(w.Store, book, inbox.Options{}), Accounts: book, Callbacks: w.Store, Connectors: w.Store, Trials: b.exchanges.Calls(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}), Approval: approval.New(w.Store, book, nil, approval.Options{}), Media: uploads(t, w, book), Audit: w.Store, Origins: sites{w}, Forgetting: w.Store,
		Keys: auth.NewKeys(w.Store), Security: w.Store,
		People:       people.New(w.Store, passwords(), b.signIns),
		SingleSignOn: singleSignOn(t, w, b.signIns, b.log),
	}
	objects, err := media.OpenFolder(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(objects.Close)
	b.rooms.Files, b.rooms.Transfers = objects, transfer.New(w.Store, objects, crm.Canonical, slog.New(slog.DiscardHandler))
	options := rpc.Options{PublicURL: "https://chat.example.com", Log: slog.New(slog.NewJSONHandler(b.log, nil))}
	for _, change := range changes {
		change(&b.rooms, &options)
	}
	mux := http.NewServeMux()
	require.NoError(t, rpc.Register(mux, b.rooms, options))
	server := httptest.NewUnstartedServer(mux)
	server.Config.Protocols = &http.Protocols{}
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	t.Cleanup(server.Close)
	b.url, b.client = server.URL, server.Client()
	b.client.Timeout = time.Minute // a call that is never answered fails the test
	return b
}

// uploads is the room for files, on a folder of its own.
func uploads(t *testing.T, w *world.World, book *account.Book) *files.Service {
	t.Helper()
	objects, err := media.OpenFolder(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(objects.Close)
	signer, err := media.NewSigner(make([]byte, 32))
	require.NoError(t, err)
	return files.New(w.Store, book, objects, signer, files.Options{PublicURL: "https://chat.example.com"})
}

// sites are kept; no node has a list of its own here.
type sites struct{ *world.World }

func (s sites) Origins(ctx context.Context, org chat.OrgID) ([]chat.Origin, error) {
	return s.Store.Origins(ctx, org)
}

func (s sites) AddOrigin(ctx context.Context, p chat.Principal, origin string) (chat.Origin, error) {
	return s.Store.AddOrigin(ctx, p, origin)
}

func (s sites) RemoveOrigin(ctx context.Context, p chat.Principal, origin string) error {
	return s.Store.RemoveOrigin(ctx, p, origin)
}

func (s sites) Refresh(context.Context) error { return nil }

// lines keeps what was logged.
type lines struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// token signs a principal in on a device of its own.
func (b *bundle) token(t testing.TB, p chat.Principal) string {
	t.Helper()
	p.SignIn = chat.NewID[chat.SignInID]()
	token := "token-of-" + string(p.SignIn)
	require.NoError(t, b.Store.CreateSignIn(t.Context(), p, hashOf(token), time.Now().Add(time.Hour)))
	return token
}

// answer is what a call over plain JSON came to.
type answer struct {
	status int
	header http.Header
	raw    string
	// code and message are the error's; empty when it went well.
	code, message string
	details       []detail
	body          map[string]any
}

// detail is an ErrorDetail in the JSON form that Connect gives beside the binary one.
type detail struct {
	Reason    string `json:"reason"`
	Field     string `json:"field"`
	Newer     int    `json:"newer"`
	Reference string `json:"reference"`
	RetryAt   string `json:"retryAt"`
}

// post makes a call as any JSON client does.
func (b *bundle) post(t testing.TB, token, procedure string, body any) answer {
	t.Helper()
	text, ok := body.(string)
	if !ok {
		encoded, err := json.Marshal(body)
		require.NoError(t, err)
		text = string(encoded)
	}
	return b.send(t, procedure, strings.NewReader(text), func(r *http.Request) {
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
	})
}

// send makes a call and lets the test change the request.
func (b *bundle) send(t testing.TB, procedure string, body io.Reader, change func(*http.Request)) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/converse.v1."+procedure, body)
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	if change != nil {
		change(req)
	}
	resp, err := b.client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return read(t, resp, text)
}

func read(t testing.TB, resp *http.Response, text []byte) answer {
	t.Helper()
	a := answer{status: resp.StatusCode, header: resp.Header, raw: string(text)}
	if resp.StatusCode == http.StatusOK {
		require.NoError(t, json.Unmarshal(text, &a.body), a.raw)
		return a
	}
	var failed struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Details []struct {
			Debug detail `json:"debug"`
		} `json:"details"`
	}
	require.NoError(t, json.Unmarshal(text, &failed), "%d %s", resp.StatusCode, text)
	a.code, a.message = failed.Code, failed.Message
	for _, d := range failed.Details {
		a.details = append(a.details, d.Debug)
	}
	return a
}

// ok insists that a call went well and returns its answer.
func (b *bundle) ok(t testing.TB, token, procedure string, body any) map[string]any {
	t.Helper()
	a := b.post(t, token, procedure, body)
	require.Empty(t, a.code, "%s: %s", procedure, a.raw)
	return a.body
}
