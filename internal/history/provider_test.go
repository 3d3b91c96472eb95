package history_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox"
	"converse/internal/sandbox/fault"
)

// provider is the other side: the sandbox in this process, so that it outlives every
// node, at an address that stays the same when it is down for a while.
type provider struct {
	URL     string
	t       testing.TB
	address string
	sandbox *sandbox.Sandbox
	server  *http.Server
	served  chan struct{}
	client  *http.Client
	// asked is what it told when it was asked.
	asked asked
}

func newProvider(t testing.TB, seed uint64) *provider {
	t.Helper()
	p := &provider{t: t, address: "127.0.0.1:0", client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}}
	p.sandbox = sandbox.New(sandbox.Config{
		Seed: seed, WebhookRetryAfter: 250 * time.Millisecond, WebhookTimeout: 2 * answerLimit,
		DefaultDelays: sandbox.Delays{Sent: 100 * time.Millisecond, Delivered: 250 * time.Millisecond, Read: 500 * time.Millisecond},
	})
	p.up()
	t.Cleanup(func() {
		p.sandbox.Close() // first: it lets go what hangs on purpose
		p.down()
		p.client.CloseIdleConnections()
	})
	return p
}

// up lets the provider be reached.
func (p *provider) up() {
	p.t.Helper()
	listener, err := net.Listen("tcp", p.address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.address = listener.Addr().String()
	p.URL = "http://" + p.address
	p.sandbox.SetBaseURL(p.URL)
	server, served := &http.Server{Handler: p.asked.keep(p.sandbox.Handler()), ReadHeaderTimeout: answerLimit}, make(chan struct{})
	p.server, p.served = server, served
	go func() {
		defer close(served)
		_ = server.Serve(listener) // ends with Close
	}()
}

// down refuses connections from now on.
func (p *provider) down() {
	_ = p.server.Close()
	<-p.served
}

// letter is something a lead writes; see the sandbox's control API.
type letter struct {
	To    string `json:"to"`
	From  string `json:"from"`
	Text  string `json:"text"`
	ID    string `json:"providerMessageId,omitempty"`
	Name  string `json:"name,omitempty"`
	Times int    `json:"times,omitempty"`
}

// tally is how the hub took what the sandbox was told to post.
type tally struct {
	ID         string `json:"id"`
	Delivered  int    `json:"delivered"`
	Deliveries []int  `json:"deliveries"`
}

func (p *provider) write(ctx context.Context, l letter) (tally, error) {
	var out tally
	return out, p.ask(ctx, http.MethodPost, "/control/reply", l, &out)
}

// receipt posts a receipt on a message that was sent.
func (p *provider) receipt(ctx context.Context, reference string, status chat.Status) (tally, error) {
	var out tally
	return out, p.ask(ctx, http.MethodPost, "/control/receipt", map[string]any{"reference": reference, "status": status}, &out)
}

// faulty puts rules in force beside those that are.
func (p *provider) faulty(rules ...fault.Rule) {
	p.t.Helper()
	for _, rule := range rules {
		if err := p.ask(p.t.Context(), http.MethodPut, "/control/faults", rule, nil); err != nil {
			p.t.Fatal(err)
		}
	}
}

// well ends every fault.
func (p *provider) well() {
	p.t.Helper()
	if err := p.ask(p.t.Context(), http.MethodDelete, "/control/faults", nil, nil); err != nil {
		p.t.Fatal(err)
	}
}

// reads makes a phone open every message by itself.
func (p *provider) reads(phone string) {
	p.t.Helper()
	err := p.ask(p.t.Context(), http.MethodPost, "/handset/api/handsets", map[string]any{"phone": phone}, nil)
	if err == nil {
		err = p.ask(p.t.Context(), http.MethodPatch, "/handset/api/handsets/"+phone, map[string]any{"autoRead": true}, nil)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// call is one line of the sandbox's journal: a send call, taken or not.
type call struct {
	Seq       int             `json:"seq"`
	Time      time.Time       `json:"time"`
	Provider  string          `json:"provider"`
	To        string          `json:"to"`
	Reference string          `json:"reference"`
	Text      string          `json:"text"`
	Status    json.RawMessage `json:"status"`
	Accepted  bool            `json:"accepted"`
	ID        string          `json:"id"`
}

// clean reports whether the provider answered the call as one does that is well.
func (c call) clean() bool { return string(c.Status) == "200" }

// journal lists the send calls of all nodes, in order.
func (p *provider) journal() []call {
	p.t.Helper()
	var out struct {
		Calls []call `json:"calls"`
	}
	if err := p.ask(p.t.Context(), http.MethodGet, "/control/journal", nil, &out); err != nil {
		p.t.Fatal(err)
	}
	return out.Calls
}

// outstanding is how many receipts and messages the sandbox has yet to post.
func (p *provider) outstanding() int {
	p.t.Helper()
	var out struct {
		Outstanding int `json:"outstanding"`
	}
	if err := p.ask(p.t.Context(), http.MethodGet, "/control/webhooks?limit=1", nil, &out); err != nil {
		p.t.Fatal(err)
	}
	return out.Outstanding
}

func (p *provider) ask(ctx context.Context, method, path string, body, out any) error {
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, p.URL+path, reader)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := p.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %d %s", method, path, response.StatusCode, text)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}
