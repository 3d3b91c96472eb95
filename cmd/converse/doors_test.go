package main_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/gen/converse/v1/conversev1connect"
	healthv1 "converse/internal/gen/grpc/health/v1"
	"converse/internal/gen/grpc/health/v1/healthv1connect"
)

// tick is how often to look for what must come.
const tick = 20 * time.Millisecond

func doors(t *testing.T, p *program) {
	t.Run("requests of other sites are refused", func(t *testing.T) { otherSites(t, p) })
	t.Run("pages are closed to others", func(t *testing.T) { pagesAreClosed(t, p) })
	t.Run("operators have a door of their own", func(t *testing.T) { operatorsDoor(t, p) })
	t.Run("gRPC needs no TLS", func(t *testing.T) { grpcIsSpoken(t, p) })
	t.Run("headers have a limit", func(t *testing.T) { headersAreBounded(t, p) })
}

// otherSites makes browsers' requests: to what changes something, and to a webhook.
func otherSites(t *testing.T, p *program) {
	call := func(url string, headers map[string]string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("{}"))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		for name, value := range headers {
			req.Header.Set(name, value)
		}
		status, _ := do(t, web(t), req)
		return status
	}
	here := p.ready.URL
	session := here + "/converse.v1.AuthService/GetSession"
	for name, c := range map[string]struct {
		headers map[string]string
		status  int
	}{
		"a program":                  {nil, http.StatusUnauthorized},
		"our own page":               {map[string]string{"Origin": here, "Sec-Fetch-Site": "same-origin"}, http.StatusUnauthorized},
		"by its other name":          {map[string]string{"Origin": strings.Replace(here, "127.0.0.1", "localhost", 1)}, http.StatusUnauthorized},
		"an old browser, our origin": {map[string]string{"Origin": here}, http.StatusUnauthorized},
		"another site":               {map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
		"a sibling":                  {map[string]string{"Sec-Fetch-Site": "same-site"}, http.StatusForbidden},
		"another site, old browser":  {map[string]string{"Origin": "https://evil.example"}, http.StatusForbidden},
		"a page without origin":      {map[string]string{"Origin": "null"}, http.StatusForbidden},
		"another port":               {map[string]string{"Origin": "http://127.0.0.1:1"}, http.StatusForbidden},
	} {
		require.Equal(t, c.status, call(session, c.headers), name)
	}
	require.Equal(t, http.StatusForbidden, call(here+"/converse.v1.AuthService/LogIn", map[string]string{"Sec-Fetch-Site": "cross-site"}),
		"nobody is signed in as somebody else")
	// A provider is a program.
	c := p.connector(t, "whatsapp_cloud")
	require.Equal(t, http.StatusOK, hook(t, c, "{}", signed(c, "{}")))
}

// pagesAreClosed holds with and without a built front end.
func pagesAreClosed(t *testing.T, p *program) {
	for _, path := range []string{"/", "/index.html", "/widget.js", "/leads/7", "/assets/none.js", "/nothing.txt", "/guides/twilio", "/guides/guide.css", "/guides/none"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.ready.URL+path, http.NoBody)
		require.NoError(t, err)
		resp, err := web(t).Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		h := resp.Header
		policy := h.Get("Content-Security-Policy")
		for _, rule := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			require.Contains(t, policy, rule, path)
		}
		require.NotContains(t, policy, "unsafe", path)
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
		require.Equal(t, "same-origin", h.Get("Referrer-Policy"), path)
		everyones := path == "/widget.js" || path == "/assets/none.js"
		require.Equal(t, map[bool]string{true: "*"}[everyones], h.Get("Access-Control-Allow-Origin"), path)
		require.Equal(t, map[bool]string{true: "cross-origin", false: "same-origin"}[everyones], h.Get("Cross-Origin-Resource-Policy"), path)
	}
	// A call that this version lacks is told from one that fails.
	status, _ := postJSONText(t, p.ready.URL+"/converse.v1.FutureService/Call")
	require.Equal(t, http.StatusNotFound, status)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.ready.URL+"/converse.v1.AuthService/GetSession", strings.NewReader("{}"))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	resp, err := web(t).Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"), "answers to calls as well")
}

func postJSONText(t testing.TB, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("{}"))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	return do(t, web(t), req)
}

func operatorsDoor(t *testing.T, p *program) {
	for _, url := range []string{p.ready.URL, p.ready.InternalURL} {
		for path, want := range map[string]string{"/healthz": "alive\n", "/readyz": "ready\n"} {
			status, text := get(t, url+path)
			require.Equal(t, http.StatusOK, status)
			require.Equal(t, want, text)
		}
	}
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/pprof/cmdline", "/debug/pprof/heap"} {
		status, text := get(t, p.ready.URL+path)
		if status == http.StatusOK { // the console's entry page
			require.Contains(t, text, "<html", path)
		}
		require.NotContains(t, text, "go_goroutines")
	}
	status, _ := get(t, p.ready.InternalURL+"/debug/pprof/cmdline")
	require.NotEqual(t, http.StatusOK, status, "a command line may hold secrets")
	status, text := get(t, p.ready.InternalURL+"/metrics")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, text, "go_goroutines")
}

func grpcIsSpoken(t *testing.T, p *program) {
	protocols := &http.Protocols{}
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: protocols}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport, Timeout: patience}
	_, err := conversev1connect.NewAuthServiceClient(client, p.ready.URL, connect.WithGRPC()).
		GetSession(t.Context(), &conversev1.GetSessionRequest{})
	require.Equal(t, connect.CodeUnauthenticated, connect.CodeOf(err))
	future := connect.NewClient[conversev1.GetSessionRequest, conversev1.GetSessionResponse](
		client, p.ready.URL+"/converse.v1.FutureService/Call", connect.WithGRPC())
	_, err = future.CallUnary(t.Context(), connect.NewRequest(&conversev1.GetSessionRequest{}))
	require.Equal(t, connect.CodeUnimplemented, connect.CodeOf(err))
	health, err := healthv1connect.NewHealthClient(client, p.ready.InternalURL, connect.WithGRPC()).
		Check(t.Context(), &healthv1.HealthCheckRequest{})
	require.NoError(t, err)
	require.Equal(t, healthv1.HealthCheckResponse_SERVING, health.GetStatus())
}

func headersAreBounded(t *testing.T, p *program) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.ready.URL+"/healthz", http.NoBody)
	require.NoError(t, err)
	req.Header.Set("X-Long", strings.Repeat("a", 64<<10))
	status, _ := do(t, web(t), req)
	require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, status)
}
