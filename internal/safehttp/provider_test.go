package safehttp_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
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

const (
	secretQuery    = "canary-query-7d1f"
	secretPassword = "canary-password-52ab"
	secretHeader   = "canary-header-c09e"
	secretPath     = "canary-path-8813"
)

// request carries a canary in every place that must not be seen in an error.
func request(t *testing.T, method, scheme, addr string) *http.Request {
	t.Helper()
	url := fmt.Sprintf("%s://account:%s@%s/v1/%s/messages?api_key=%s", scheme, secretPassword, addr, secretPath, secretQuery)
	req, err := http.NewRequestWithContext(context.Background(), method, url, strings.NewReader("to=%2B15550100&text=hello"))
	require.NoError(t, err)
	req.Header.Set("X-Api-Key", secretHeader)
	return req
}

func fail(t *testing.T, client *safehttp.Provider, req *http.Request) *safehttp.Error {
	t.Helper()
	resp, err := client.Do(req)
	require.Nil(t, resp)
	var failure *safehttp.Error
	require.ErrorAs(t, err, &failure)
	for _, canary := range []string{secretQuery, secretPassword, secretHeader, secretPath, "api_key", "account"} {
		require.NotContains(t, err.Error(), canary)
	}
	require.Contains(t, err.Error(), req.Method+" "+req.URL.Scheme+"://"+req.URL.Host+": ")
	return failure
}

// closedPort returns an address where nothing listens.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}

func TestFailuresBeforeTheRequestIsWrittenAreNotHeard(t *testing.T) {
	t.Parallel()
	certified := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(certified.Close)
	certified.Config.ErrorLog = discardLog()
	silent := serve(t, neverRead)
	plain := serve(t, func(c *connection) { _ = c.write("HTTP/1.1 400 Bad Request\r\n\r\n") })
	closing := serve(t, func(*connection) {})

	for name, c := range map[string]struct{ scheme, addr, says string }{
		"refused":                    {"http", closedPort(t), "connection refused"},
		"unknown host":               {"http", "no-such-host.invalid:80", "host name"},
		"address inside":             {"http", "192.168.0.1:80", "address is not allowed"},
		"unknown authority":          {"https", certified.Listener.Addr().String(), "certificate is signed by an unknown authority"},
		"handshake never answered":   {"https", silent.addr, "no answer in time"},
		"handshake answered in http": {"https", plain.addr, "TLS handshake failed"},
		"handshake closed":           {"https", closing.addr, "connection"},
		"not a web address":          {"ftp", closing.addr, "request cannot be sent"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newProvider(t, safehttp.Options{Timeout: 2 * time.Second})
			failure := fail(t, client, request(t, http.MethodPost, c.scheme, c.addr))
			require.False(t, failure.Heard)
			require.Contains(t, failure.Error(), c.says)
		})
	}
}

func TestCertificatesThatAreExpiredOrForAnotherHostAreNotHeard(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		host  string
		until time.Duration
		says  string
	}{
		"expired":    {"127.0.0.1", -time.Hour, "certificate has expired, or is not valid yet"},
		"wrong host": {"192.0.2.7", time.Hour, "certificate is for another host"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pair := testkit.Certificate(t, c.host, time.Now().Add(c.until))
			server := httptest.NewUnstartedServer(http.NotFoundHandler())
			server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
			server.Config.ErrorLog = discardLog()
			server.StartTLS()
			t.Cleanup(server.Close)
			client := newProvider(t, safehttp.Options{Roots: testkit.Trusting(pair)})
			failure := fail(t, client, request(t, http.MethodPost, "https", server.Listener.Addr().String()))
			require.False(t, failure.Heard)
			require.Contains(t, failure.Error(), c.says)
		})
	}
}

func TestFailuresAfterTheRequestIsWrittenMayHaveBeenHeard(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for name, act := range map[string]func(*connection){
		"read, then close":      func(c *connection) { c.next() },
		"read, then reset":      func(c *connection) { c.next(); _ = c.SetLinger(0) },
		"read, then hang":       hang,
		"never read":            neverRead,
		"half a header":         answer("HTTP/1.1 200 OK\r\nContent-Le"),
		"not http":              answer("220 mail.example.test ESMTP\r\n"),
		"half a body":           answer(ok + "Content-Length: 100\r\n\r\n{\"id\":"),
		"half a chunk":          answer(ok + "Transfer-Encoding: chunked\r\n\r\n40\r\n{\"id\":"),
		"body too large":        answer(ok + "\r\n" + strings.Repeat("x", 5000)),
		"header too large":      answer(ok + "X-Long: " + strings.Repeat("x", 10000) + "\r\n\r\n"),
		"header drop by drop":   headerDropByDrop,
		"body drop by drop":     dropByDrop,
		"request sent back":     sendBack,
		"secret as status line": answer("HTTP/1.1 " + secretHeader + " " + secretQuery + "\r\n\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, act)
			client := newProvider(t, safehttp.Options{Timeout: time.Second, MaxBody: 4000, MaxHeader: 4000})
			began := time.Now()
			failure := fail(t, client, request(t, http.MethodPost, "http", server.addr))
			require.True(t, failure.Heard)
			require.LessOrEqual(t, len(server.requests()), 1)
			require.Less(t, time.Since(began), 5*time.Second, "the deadline is for the whole exchange")
		})
	}
}

// Whether the close or the request is first is chance; either way nothing was heard.
func TestAConnectionClosedAtOnceIsAFailure(t *testing.T) {
	t.Parallel()
	server := serve(t, func(*connection) {})
	fail(t, newProvider(t, safehttp.Options{}), request(t, http.MethodPost, "http", server.addr))
	require.Empty(t, server.requests())
}

func TestRedirectsAreAnswersAndAreNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{"/elsewhere", "http://192.0.2.1/", "::not a url::", ""} {
			t.Run(fmt.Sprint(status, location), func(t *testing.T) {
				t.Parallel()
				server := serve(t, answer(fmt.Sprintf("HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", status, location)))
				resp, err := newProvider(t, safehttp.Options{}).Do(request(t, http.MethodPost, "http", server.addr))
				require.NoError(t, err)
				resp.Body.Close()
				require.Equal(t, status, resp.StatusCode)
				require.Len(t, server.requests(), 1)
			})
		}
	}
}

func TestTheCallersEndIsAFailureLikeAnyOther(t *testing.T) {
	t.Parallel()
	client := newProvider(t, safehttp.Options{})
	t.Run("before the call", func(t *testing.T) {
		t.Parallel()
		server := serve(t, hang)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		failure := fail(t, client, request(t, http.MethodPost, "http", server.addr).WithContext(ctx))
		require.False(t, failure.Heard)
		require.ErrorIs(t, failure, context.Canceled)
		require.Empty(t, server.requests())
	})
	t.Run("during the call", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(context.Background())
		server := serve(t, func(c *connection) {
			c.next()
			cancel()
			<-c.provider.end
		})
		failure := fail(t, client, request(t, http.MethodPost, "http", server.addr).WithContext(ctx))
		require.True(t, failure.Heard)
		require.Contains(t, failure.Error(), "cancelled")
	})
}

// A verdict of "not heard" must hold whatever the moment at which time runs out.
func TestNotHeardIsNeverSaidOfARequestThatArrived(t *testing.T) {
	t.Parallel()
	server := serve(t, hang)
	client := newProvider(t, safehttp.Options{})
	notHeard := map[string]bool{}
	for n := range 400 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(n)*2*time.Microsecond)
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, fmt.Sprintf("http://%s/%d", server.addr, n), strings.NewReader("text=hello"))
		require.NoError(t, err)
		_, err = client.Do(req)
		cancel()
		var failure *safehttp.Error
		require.ErrorAs(t, err, &failure)
		if !failure.Heard {
			notHeard[req.URL.Path] = true
		}
	}
	arrived := server.requests()
	t.Logf("of 400 requests %d are said not to have been heard, %d arrived", len(notHeard), len(arrived))
	for _, path := range arrived {
		require.False(t, notHeard[path], path)
	}
}

func TestUserinfoBecomesBasicAuthentication(t *testing.T) {
	t.Parallel()
	var got atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		got.Store(user + ":" + password)
	}))
	t.Cleanup(server.Close)
	resp, err := newProvider(t, safehttp.Options{}).Do(request(t, http.MethodPost, "http", server.Listener.Addr().String()))
	require.NoError(t, err)
	resp.Body.Close()
	require.Equal(t, "account:"+secretPassword, got.Load())
}

func TestTheCallersRequestIsLeftAsItWas(t *testing.T) {
	t.Parallel()
	server := serve(t, answer("HTTP/1.1 204 No Content\r\n\r\n"))
	req := request(t, http.MethodPost, "http", server.addr)
	header := req.Header.Clone()
	resp, err := newProvider(t, safehttp.Options{}).Do(req)
	require.NoError(t, err)
	resp.Body.Close()
	require.Equal(t, header, req.Header)
	require.NotNil(t, req.GetBody)
	require.Same(t, req, resp.Request)
}
