package safehttp

import (
	"bytes"
	"cmp"
	"context"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// Options says how far an exchange may go. Zero values mean the defaults.
type Options struct {
	// Timeout bounds the whole exchange, the answer's body included. Default 30 s for
	// Provider, 2 minutes for Fetch.
	Timeout time.Duration
	// MaxHeader and MaxBody bound the answer, in bytes. Default 64 KiB, and 1 MiB for
	// Provider, 100 MiB for Fetch.
	MaxHeader int64
	MaxBody   int64
	// Allowed names addresses of our own network that may be reached.
	Allowed Allowed
	// Roots replaces the system's certificate authorities, and Resolver its look-up of
	// names.
	Roots    *x509.CertPool
	Resolver *net.Resolver
}

func (o Options) withDefaults(timeout time.Duration, body int64) Options {
	o.Timeout = cmp.Or(o.Timeout, timeout)
	o.MaxHeader = cmp.Or(o.MaxHeader, 64<<10)
	o.MaxBody = cmp.Or(o.MaxBody, body)
	return o
}

// Provider calls providers' APIs. It follows no redirect and sends nothing twice.
type Provider struct {
	options Options
	// reusing keeps connections. fresh does not, for requests that the standard
	// library would send again on a kept connection that broke.
	reusing *http.Transport
	fresh   *http.Transport
}

// NewProvider makes a client. Close it after use.
func NewProvider(options Options) *Provider {
	options = options.withDefaults(30*time.Second, 1<<20)
	return &Provider{
		options: options,
		reusing: newTransport(options, true),
		fresh:   newTransport(options, false),
	}
}

// Do makes one exchange and reads the whole answer, so that reading its body
// cannot fail. Any status is an answer, a redirect too. Every error is an *Error.
func (p *Provider) Do(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), p.options.Timeout)
	defer cancel()
	out, err := prepare(ctx, req)
	if err != nil {
		closeBody(req)
		return nil, newError(req, false, err)
	}
	// Without it the standard library cannot send a body again.
	out.GetBody = nil
	transport := p.reusing
	if replayable(out) {
		transport = p.fresh
	}
	resp, heard, err := exchange(transport, out)
	if err != nil {
		return nil, newError(req, heard, err)
	}
	defer discard(resp)
	body, err := io.ReadAll(io.LimitReader(resp.Body, p.options.MaxBody+1))
	if err == nil && int64(len(body)) > p.options.MaxBody {
		err = ErrTooLarge
	}
	if err != nil {
		return nil, newError(req, true, err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.Request = req
	return resp, nil
}

// Close closes connections that wait for their next request.
func (p *Provider) Close() {
	p.reusing.CloseIdleConnections()
	p.fresh.CloseIdleConnections()
}

// replayable reports whether net/http might send the request again by itself: one
// without a body that is idempotent by its method, or by a header that net/http
// takes for a promise (golang/go #19943).
func replayable(req *http.Request) bool {
	for name := range req.Header {
		if strings.EqualFold(name, "Idempotency-Key") || strings.EqualFold(name, "X-Idempotency-Key") {
			return true
		}
	}
	return req.Body == nil || req.Body == http.NoBody
}
