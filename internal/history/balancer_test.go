package history_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// balancer stands before the nodes at the one address that providers know. It goes
// round among the nodes that run, takes the next when one cannot be reached, and
// never says anything twice: what may have been heard is the provider's to repeat.
type balancer struct {
	URL   string
	nodes []*node

	server *http.Server
	client *http.Client
	begun  time.Time

	mu    sync.Mutex // guards what follows
	turn  int
	posts []post
}

// post is one webhook as a provider posted it, with the answer it got.
type post struct {
	At       time.Duration
	Body     []byte
	Hash     string
	Provider string
	// Node answered; empty when none was there.
	Node   string
	Status int
	Notice []notice
}

// OK reports whether the provider was told that we have it.
func (p post) OK() bool { return p.Status >= 200 && p.Status <= 299 }

// answerLimit is how long a provider's post waits for a node.
const answerLimit = 5 * time.Second

func newBalancer(t testing.TB, begun time.Time) *balancer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &balancer{URL: "http://" + listener.Addr().String(), begun: begun}
	// A connection each: a kept one that a dead node left behind would be another
	// fault than the one that is played.
	transport := &http.Transport{DisableKeepAlives: true, DialContext: (&net.Dialer{Timeout: time.Second}).DialContext}
	b.client = &http.Client{Transport: transport, Timeout: answerLimit}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /hooks/{provider}/{endpoint}", b.pass)
	b.server = &http.Server{Handler: mux, ReadHeaderTimeout: answerLimit}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = b.server.Serve(listener) // ends with Close
	}()
	t.Cleanup(func() {
		_ = b.server.Close()
		<-served
	})
	return b
}

func (b *balancer) pass(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	sum := sha256.Sum256(body)
	p := post{Body: body, Hash: hex.EncodeToString(sum[:8]), Provider: r.PathValue("provider")}
	p.Notice = read(p.Provider, body)
	var header http.Header
	p.Node, p.Status, header = b.forward(r, body)
	p.At = time.Since(b.begun)
	b.mu.Lock()
	b.posts = append(b.posts, p)
	b.mu.Unlock()
	maps.Copy(w.Header(), header)
	w.WriteHeader(p.Status)
}

// forward returns who answered, and what.
func (b *balancer) forward(r *http.Request, body []byte) (name string, status int, header http.Header) {
	for _, n := range b.inTurn() {
		url := n.address()
		if url == "" {
			continue
		}
		out, err := http.NewRequestWithContext(r.Context(), http.MethodPost, url+r.URL.Path, bytes.NewReader(body))
		if err != nil {
			return n.name, http.StatusInternalServerError, nil
		}
		out.Header = r.Header.Clone()
		answer, err := b.client.Do(out)
		if unreached(err) {
			continue
		}
		if err != nil {
			return n.name, http.StatusBadGateway, nil
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		answer.Header.Del("Content-Length")
		return n.name, answer.StatusCode, answer.Header
	}
	return "", http.StatusServiceUnavailable, nil
}

func (b *balancer) inTurn() []*node {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn++
	first := b.turn % len(b.nodes)
	return append(append([]*node{}, b.nodes[first:]...), b.nodes[:first]...)
}

// all returns the posts so far.
func (b *balancer) all() []post {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]post(nil), b.posts...)
}
