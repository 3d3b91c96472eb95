package inbox

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/crash"
	"converse/internal/metric"
	"converse/internal/store"
)

const (
	// DefaultMaxBody is the largest webhook body: Meta's, which is the largest of all
	// providers, is up to 3 MiB.
	DefaultMaxBody = 4 << 20
	// deadline bounds the work on one callback. Providers wait 10 to 15 seconds.
	deadline = 9 * time.Second
)

// Accounts finds connectors.
type Accounts interface {
	ByEndpoint(ctx context.Context, provider, endpoint string) (account.Open, error)
	ByID(ctx context.Context, org chat.OrgID, id chat.ConnectorID) (account.Open, error)
	Known(provider string) bool
	Authorize(ctx context.Context, doer channels.Doer, open account.Open) (account.Open, error)
	DropToken(ctx context.Context, open account.Open) error
}

// Options configure an Inbox. Zero values mean the defaults.
type Options struct {
	// MaxBody is the largest body taken, in bytes; DefaultMaxBody.
	MaxBody int64
	// Now is the clock.
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *metric.Metrics
}

// Inbox takes callbacks. It is an http.Handler for /hooks/{provider}/{endpoint}.
type Inbox struct {
	store    *store.Store
	accounts Accounts
	options  Options
}

// New returns an inbox.
func New(s *store.Store, accounts Accounts, o Options) *Inbox {
	if o.MaxBody == 0 {
		o.MaxBody = DefaultMaxBody
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Metrics == nil {
		o.Metrics = metric.New(nil)
	}
	return &Inbox{store: s, accounts: accounts, options: o}
}

// ServeHTTP takes one callback. Its answers: 2xx once it is stored, 401 when it is
// not signed by the provider, 404 for an unknown address, 413 when it is too large,
// 503 when it could not be stored and should come again.
func (i *Inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), deadline)
	defer cancel()
	provider := r.PathValue("provider")
	if !i.accounts.Known(provider) {
		i.refuse(w, "unknown", http.StatusNotFound)
		return
	}
	open, err := i.accounts.ByEndpoint(ctx, provider, r.PathValue("endpoint"))
	if chat.CodeOf(err) == chat.CodeNotFound {
		i.refuse(w, provider, http.StatusNotFound)
		return
	}
	if err != nil {
		i.comeAgain(w, "find connector", err)
		return
	}
	body, status := i.read(w, r)
	if status != 0 {
		i.refuse(w, provider, status)
		return
	}
	r.Header.Del(polledHeader)
	hook := &channels.Webhook{
		Method: r.Method, Header: r.Header, Query: r.URL.Query(), RawQuery: r.URL.RawQuery, Body: body, ReceivedAt: i.options.Now(),
	}
	switch r.Method {
	case http.MethodGet:
		i.challenge(w, open, hook)
	case http.MethodPost:
		i.take(ctx, w, open, hook, r.URL.RawQuery)
	default:
		w.Header().Set("Allow", "GET, POST")
		i.refuse(w, provider, http.StatusMethodNotAllowed)
	}
}

// read returns the whole body, or the status to refuse it with.
func (i *Inbox) read(w http.ResponseWriter, r *http.Request) ([]byte, int) {
	// A length that is declared too large is refused before a byte of it is kept.
	if r.ContentLength > i.options.MaxBody {
		i.hearOut(r)
		return nil, http.StatusRequestEntityTooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, i.options.MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		i.hearOut(r)
		return nil, http.StatusRequestEntityTooLarge
	case err != nil:
		return nil, http.StatusBadRequest
	}
	return body, 0
}

// hearOut reads on, within bounds, and keeps nothing. Many clients read no answer before
// they have sent everything: cut off, they take the refusal for a broken line and come
// again. A client that asks first (RFC 9110, section 10.1.1) is not told to go on.
func (i *Inbox) hearOut(r *http.Request) {
	if r.Header.Get("Expect") == "" {
		_, _ = io.CopyN(io.Discard, r.Body, 4*i.options.MaxBody) // it is refused whatever comes
	}
}

// challenge answers a provider's handshake.
func (i *Inbox) challenge(w http.ResponseWriter, open account.Open, hook *channels.Webhook) {
	provider := string(open.Adapter.Kind())
	challenger, ok := open.Adapter.(channels.Challenger)
	if !ok {
		i.refuse(w, provider, http.StatusMethodNotAllowed)
		return
	}
	reply, err := challenger.Challenge(open.Account, hook)
	if err != nil {
		i.refuse(w, provider, http.StatusForbidden)
		return
	}
	answer(w, reply)
}

// take verifies, stores and answers.
func (i *Inbox) take(ctx context.Context, w http.ResponseWriter, open account.Open, hook *channels.Webhook, query string) {
	provider := string(open.Adapter.Kind())
	if err := verify(open, hook); err != nil {
		i.refuse(w, provider, http.StatusUnauthorized)
		return
	}
	callback := store.Callback{
		ID: chat.NewID[chat.CallbackID](), Connector: open.Account.Connector, ReceivedAt: hook.ReceivedAt,
		Headers: keptHeaders(hook.Header), Query: query, Body: hook.Body,
	}
	end, reply, err := i.process(ctx, open, hook, store.Arrival{Callback: callback})
	if err != nil {
		i.comeAgain(w, "store callback", err)
		return
	}
	crash.At(crash.CallbackStored)
	i.options.Metrics.Received(provider, string(end.Result))
	if end.Result == store.ResultParked && end.Why != store.WaitingForMessage {
		i.options.Log.Warn("callback parked", "callback_id", callback.ID, "connector_id", callback.Connector)
	}
	answer(w, reply)
}

// verify asks the adapter, and takes a panic for a no.
func verify(open account.Open, hook *channels.Webhook) (err error) {
	defer func() {
		if recover() != nil {
			err = channels.ErrForged
		}
	}()
	return open.Adapter.Verify(open.Account, hook)
}

// refuse turns a callback away. Nothing of it is kept but a count.
func (i *Inbox) refuse(w http.ResponseWriter, provider string, status int) {
	i.options.Metrics.Refused(provider)
	http.Error(w, http.StatusText(status), status)
}

// comeAgain says that the callback was not stored and should be sent again.
func (i *Inbox) comeAgain(w http.ResponseWriter, doing string, err error) {
	i.options.Log.Warn("callback not taken", "doing", doing, "cause", err)
	w.Header().Set("Retry-After", strconv.Itoa(5))
	http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
}

func answer(w http.ResponseWriter, reply channels.Reply) {
	maps.Copy(w.Header(), reply.Header)
	if reply.ContentType != "" {
		w.Header().Set("Content-Type", reply.ContentType)
	}
	if reply.Status != 0 {
		w.WriteHeader(reply.Status)
	}
	_, _ = w.Write(reply.Body) // the provider has gone, and will ask again
}

// keptHeaders are those that parsing may need again. A signature is not kept: it
// has been checked, and a replay trusts what was stored.
func keptHeaders(h http.Header) map[string]string {
	out := map[string]string{}
	for _, name := range []string{"Content-Type", "Content-Encoding"} {
		if v := h.Get(name); v != "" {
			out[name] = v
		}
	}
	return out
}

// replayed is a stored callback as it came in.
func replayed(c store.StoredCallback) *channels.Webhook {
	hook := &channels.Webhook{Method: http.MethodPost, Header: http.Header{}, RawQuery: c.Query, Body: c.Body, ReceivedAt: c.ReceivedAt}
	for name, value := range c.Headers {
		hook.Header.Set(name, value)
	}
	hook.Query, _ = url.ParseQuery(c.Query) // what could be read when it came in
	return hook
}
