package rpc_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestABodyOverTheLimitIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := b.token(t, b.Sales)
	text := `{"query":"` + strings.Repeat("a", 1<<20) + `"}`
	for name, body := range map[string]io.Reader{"declared": strings.NewReader(text), "chunked": io.MultiReader(strings.NewReader(text))} {
		a := b.send(t, "LeadService/SearchLeads", body, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) })
		require.Equal(t, "resource_exhausted", a.code, "%s: %s", name, a.raw)
	}
}

// TestABombIsRefusedBeforeItBursts is not parallel: it counts what the process
// allocates.
func TestABombIsRefusedBeforeItBursts(t *testing.T) {
	b := setup(t)
	var member bytes.Buffer
	w := gzip.NewWriter(&member)
	_, err := w.Write(make([]byte, 1<<20))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	// Members in a row are one stream (RFC 1952, 2.2).
	bomb := bytes.NewReader(bytes.Repeat(member.Bytes(), 256))
	require.Less(t, bomb.Len(), 1<<20, "it passes every limit but one on what comes out of it")

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a := b.send(t, "AuthService/LogIn", bomb, func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") })
	runtime.ReadMemStats(&after)
	require.Equal(t, "resource_exhausted", a.code, a.raw)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(32<<20), "of 256 MiB")
}

func TestWhatIsNotACallIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := b.token(t, b.Sales)
	for name, body := range map[string]string{"no JSON": `{"query`, "no object": `[]`, "wrong type": `{"query":7}`, "not UTF-8": "{\"query\":\"\xff\"}"} {
		a := b.post(t, token, "LeadService/SearchLeads", body)
		require.Equal(t, "invalid_argument", a.code, "%s: %s", name, a.raw)
	}
	for name, want := range map[string]int{http.MethodGet: 405, http.MethodPut: 405, http.MethodDelete: 405} {
		req, err := http.NewRequestWithContext(t.Context(), name, b.url+"/converse.v1.AuthService/LogOut", http.NoBody)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := b.client.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, want, resp.StatusCode, name)
	}
	// What a form of another site can send without asking first is no call.
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/converse.v1.AuthService/LogOut", strings.NewReader("{}"))
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Content-Type", kind)
		resp, err := b.client.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusUnsupportedMediaType, resp.StatusCode, "%q", kind)
	}
	require.Empty(t, b.post(t, token, "AuthService/GetSession", "{}").code, "none of these signed out")
}

func TestNobodyKeepsAnAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for token, want := range map[string]int{b.token(t, b.Sales): http.StatusOK, "": http.StatusUnauthorized} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/converse.v1.LeadService/SearchLeads", strings.NewReader(`{"query":"asha"}`))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := b.client.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, want, resp.StatusCode)
		require.Equal(t, "no-store", resp.Header.Get("Cache-Control"), "%d", want)
	}
}
