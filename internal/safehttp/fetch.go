package safehttp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// maxRedirects is how many times Fetch is sent on.
const maxRedirects = 3

// Fetch downloads files from addresses that a provider named.
type Fetch struct {
	options   Options
	transport *http.Transport
}

// NewFetch makes a client. Close it after use.
func NewFetch(options Options) *Fetch {
	options = options.withDefaults(2*time.Minute, 100<<20)
	return &Fetch{options: options, transport: newTransport(options, false)}
}

// Do makes a GET or HEAD request and follows up to three redirects, to https or
// within the host. Credentials do not go along to another host. The body is read
// as it comes, inside the client's time and size; the caller closes it. Every
// error is an *Error, reading the body included.
func (f *Fetch) Do(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), f.options.Timeout)
	resp, err := f.follow(ctx, req)
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = &limitedBody{body: resp.Body, left: f.options.MaxBody, cancel: cancel, req: req}
	resp.Request = req
	return resp, nil
}

// Close closes connections that wait for their next request.
func (f *Fetch) Close() { f.transport.CloseIdleConnections() }

func (f *Fetch) follow(ctx context.Context, req *http.Request) (*http.Response, error) {
	if req.Method != "" && req.Method != http.MethodGet && req.Method != http.MethodHead || req.Body != nil && req.Body != http.NoBody {
		closeBody(req)
		return nil, newError(req, false, fmt.Errorf("%w: only GET and HEAD without a body", ErrRequest))
	}
	out, err := prepare(ctx, req)
	if err != nil {
		return nil, newError(req, false, err)
	}
	for hop := 0; ; hop++ {
		resp, heard, err := exchange(f.transport, out)
		if err != nil {
			return nil, newError(req, heard || hop > 0, err)
		}
		if !redirects(resp) {
			if resp.ContentLength > f.options.MaxBody && out.Method != http.MethodHead {
				discard(resp)
				return nil, newError(req, true, ErrTooLarge)
			}
			return resp, nil
		}
		discard(resp)
		location := resp.Header.Get("Location")
		target, err := out.URL.Parse(location)
		if err != nil || location == "" || hop == maxRedirects || !mayFollow(out.URL, target) {
			return nil, newError(req, true, ErrRedirect)
		}
		out = sendOn(out, target)
	}
}

func redirects(resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// mayFollow allows a redirect to https anywhere, and within a host that was not
// reached by https in the first place.
func mayFollow(from, to *url.URL) bool {
	if to.User != nil || to.Host == "" {
		return false
	}
	return to.Scheme == "https" || to.Scheme == "http" && from.Scheme == "http" && to.Host == from.Host
}

// sendOn makes the next request. Another host, port or scheme gets none of the
// caller's headers but the ones that say what is asked for.
func sendOn(req *http.Request, target *url.URL) *http.Request {
	next := req.Clone(req.Context())
	next.URL, next.Host = target, ""
	if target.Host == req.URL.Host && target.Scheme == req.URL.Scheme {
		return next
	}
	next.Header = http.Header{}
	for _, name := range []string{"Accept", "User-Agent", "Range"} {
		if values, ok := req.Header[name]; ok {
			next.Header[name] = values
		}
	}
	return next
}

// limitedBody fails when there is more than the limit, instead of ending early.
type limitedBody struct {
	body   io.ReadCloser
	left   int64
	cancel context.CancelFunc
	req    *http.Request
	// err is what an earlier Read ended with.
	err error
}

func (b *limitedBody) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	// One byte more than is left tells a body that ends here from one that goes on.
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	if int64(n) > b.left {
		n, err = int(b.left), ErrTooLarge
	}
	b.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		err = newError(b.req, true, err)
	}
	b.err = err
	return n, err
}

func (b *limitedBody) Close() error {
	defer b.cancel()
	return b.body.Close()
}
