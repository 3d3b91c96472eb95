package safehttp_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/safehttp"
	"converse/internal/testkit"
)

func newFetch(t *testing.T, options safehttp.Options) *safehttp.Fetch {
	t.Helper()
	options.Allowed = loopback(t)
	if options.Timeout == 0 {
		options.Timeout = 20 * time.Second
	}
	client := safehttp.NewFetch(options)
	t.Cleanup(client.Close)
	return client
}

func get(t *testing.T, url string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+secretHeader)
	req.Header.Set("X-Api-Key", secretHeader)
	req.Header.Set("Cookie", "session="+secretHeader)
	req.Header.Set("Accept", "image/*")
	return req
}

// site is a web server, by https if secure.
func site(t *testing.T, secure bool, handle http.HandlerFunc) (*httptest.Server, *x509.CertPool) {
	t.Helper()
	server := httptest.NewUnstartedServer(handle)
	server.Config.ErrorLog = discardLog()
	var roots *x509.CertPool
	if secure {
		pair := testkit.Certificate(t, "127.0.0.1", time.Now().Add(time.Hour))
		roots = testkit.Trusting(pair)
		server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server, roots
}

func TestFetchFollowsToHTTPSWithoutCredentials(t *testing.T) {
	t.Parallel()
	header := make(chan http.Header, 1)
	store, roots := site(t, true, func(w http.ResponseWriter, r *http.Request) {
		header <- r.Header
		_, _ = io.WriteString(w, "picture")
	})
	api, _ := site(t, false, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, store.URL+"/file?signature=abc", http.StatusFound)
	})
	resp, err := newFetch(t, safehttp.Options{Roots: roots}).Do(get(t, api.URL+"/media/1"))
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, "picture", string(body))
	got := <-header
	for _, name := range []string{"Authorization", "X-Api-Key", "Cookie"} {
		require.Empty(t, got.Get(name), name)
	}
	require.Equal(t, "image/*", got.Get("Accept"))
}

func TestFetchKeepsCredentialsWithinTheHost(t *testing.T) {
	t.Parallel()
	api, _ := site(t, false, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/media/1" {
			http.Redirect(w, r, "/file", http.StatusTemporaryRedirect)
			return
		}
		_, _ = io.WriteString(w, r.Header.Get("Authorization"))
	})
	resp, err := newFetch(t, safehttp.Options{}).Do(get(t, api.URL+"/media/1"))
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, "Bearer "+secretHeader, string(body))
}

func TestFetchRefusesOtherRedirects(t *testing.T) {
	t.Parallel()
	target, _ := site(t, false, func(http.ResponseWriter, *http.Request) { t.Error("it was followed") })
	for name, c := range map[string]struct {
		location string
		want     error
	}{
		"to http on another host": {target.URL, safehttp.ErrRedirect},
		"to itself for ever":      {"/again", safehttp.ErrRedirect},
		"to nowhere":              {"", safehttp.ErrRedirect},
		"to another scheme":       {"file:///etc/passwd", safehttp.ErrRedirect},
		"to something unreadable": {"https://%zz", safehttp.ErrRedirect},
		"with credentials":        {"https://user:password@files.example.test/", safehttp.ErrRedirect},
		"to a private address":    {"https://10.0.0.1/", safehttp.ErrAddress},
		"to the metadata service": {"https://169.254.169.254/latest/meta-data/", safehttp.ErrAddress},
		"to the database's port":  {"https://192.168.0.1:5432/", safehttp.ErrAddress},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var hops atomic.Int64
			api, _ := site(t, false, func(w http.ResponseWriter, _ *http.Request) {
				hops.Add(1)
				w.Header()["Location"] = []string{c.location}
				w.WriteHeader(http.StatusFound)
			})
			_, err := newFetch(t, safehttp.Options{}).Do(get(t, api.URL+"/media/1"))
			require.ErrorIs(t, err, c.want)
			require.LessOrEqual(t, hops.Load(), int64(4))
		})
	}
}

func TestFetchDoesNotFallBackFromHTTPS(t *testing.T) {
	t.Parallel()
	var api *httptest.Server
	api, roots := site(t, true, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, strings.Replace(api.URL, "https:", "http:", 1), http.StatusFound)
	})
	_, err := newFetch(t, safehttp.Options{Roots: roots}).Do(get(t, api.URL+"/media/1"))
	require.ErrorIs(t, err, safehttp.ErrRedirect)
}

func TestFetchBoundsTheBody(t *testing.T) {
	t.Parallel()
	const limit = 1000
	for size, want := range map[int]error{0: nil, limit - 1: nil, limit: nil, limit + 1: safehttp.ErrTooLarge, 100 * limit: safehttp.ErrTooLarge} {
		for _, announced := range []bool{true, false} {
			t.Run(fmt.Sprint(size, announced), func(t *testing.T) {
				t.Parallel()
				server := serve(t, func(c *connection) {
					c.next()
					length := ""
					if announced {
						length = fmt.Sprintf("Content-Length: %d\r\n", size)
					}
					_ = c.write("HTTP/1.1 200 OK\r\n" + length + "\r\n" + strings.Repeat("x", size))
				})
				resp, err := newFetch(t, safehttp.Options{MaxBody: limit}).Do(get(t, "http://"+server.addr+"/"))
				if err == nil {
					var body []byte
					body, err = io.ReadAll(resp.Body)
					require.LessOrEqual(t, len(body), limit)
					require.NoError(t, resp.Body.Close())
				}
				require.ErrorIs(t, err, want)
			})
		}
	}
}

func TestFetchBoundsTheTimeOfTheBody(t *testing.T) {
	t.Parallel()
	server := serve(t, dropByDrop)
	resp, err := newFetch(t, safehttp.Options{Timeout: 500 * time.Millisecond}).Do(get(t, "http://"+server.addr+"/?token="+secretQuery))
	require.NoError(t, err)
	defer resp.Body.Close()
	_, err = io.ReadAll(resp.Body)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	var failure *safehttp.Error
	require.ErrorAs(t, err, &failure)
	require.True(t, failure.Timeout())
	require.NotContains(t, err.Error(), secretQuery)
}

func TestFetchSaysWhenTheBodyIsCut(t *testing.T) {
	t.Parallel()
	server := serve(t, answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"))
	resp, err := newFetch(t, safehttp.Options{}).Do(get(t, "http://"+server.addr+"/"))
	require.NoError(t, err)
	defer resp.Body.Close()
	_, err = io.ReadAll(resp.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

func TestFetchOnlyReads(t *testing.T) {
	t.Parallel()
	server := serve(t, hang)
	client := newFetch(t, safehttp.Options{})
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodGet} {
		req, err := http.NewRequestWithContext(context.Background(), method, "http://"+server.addr+"/", strings.NewReader("x"))
		require.NoError(t, err)
		_, err = client.Do(req)
		require.ErrorIs(t, err, safehttp.ErrRequest, method)
	}
	require.Empty(t, server.requests())
}
