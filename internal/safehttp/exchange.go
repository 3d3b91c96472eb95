package safehttp

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// idleTimeout is how long a connection waits for its next request. It is short: a
// provider that closes a waiting connection just as we write to it makes a message
// unsure that could have been sent.
const idleTimeout = 3 * time.Second

// newTransport makes a transport that speaks HTTP/1.1 only: for HTTP/2 the
// standard library has rules of its own for sending again.
func newTransport(o Options, reuse bool) *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		DialContext:            dialer{allowed: o.Allowed, resolver: o.Resolver}.dial,
		TLSClientConfig:        &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		Protocols:              &protocols,
		DisableKeepAlives:      !reuse,
		DisableCompression:     true, // limits then count the bytes that came
		MaxIdleConnsPerHost:    16,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: o.MaxHeader,
	}
}

// exchange makes one round trip. It reports whether the request's header was
// written on any connection: without that the other side cannot have heard it. The
// verdict is final when it returns, since on a failure the transport waits for the
// goroutine that writes.
func exchange(transport *http.Transport, req *http.Request) (resp *http.Response, heard bool, err error) {
	var wrote atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }}
	resp, err = transport.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	return resp, wrote.Load(), err
}

// prepare copies a request so that it can be changed, and checks what the
// transport would take but a caller cannot have meant.
func prepare(ctx context.Context, req *http.Request) (*http.Request, error) {
	switch {
	case req.URL == nil || req.URL.Host == "":
		return nil, fmt.Errorf("%w: it has no host", ErrRequest)
	case req.URL.Scheme != "http" && req.URL.Scheme != "https":
		return nil, fmt.Errorf("%w: its scheme is neither http nor https", ErrRequest)
	}
	out := req.Clone(ctx)
	out.RequestURI = ""
	if out.Header == nil {
		out.Header = http.Header{}
	}
	// As http.Client does, which is not used for its redirects.
	if user := out.URL.User; user != nil && out.Header.Get("Authorization") == "" {
		password, _ := user.Password()
		out.SetBasicAuth(user.Username(), password)
	}
	return out, nil
}

// discard closes an answer of which nothing more is wanted.
func discard(resp *http.Response) { _ = resp.Body.Close() }

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close() // the request failed already; a second error helps nobody
	}
}
