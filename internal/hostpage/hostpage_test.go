package hostpage_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/hostpage"
)

// setup is a CRM before a Converse that answers as it is told, and notes what it is asked.
func setup(t *testing.T, status int, answer string) (page *hostpage.Page, asked *[]string) {
	t.Helper()
	asked = &[]string{}
	converse := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*asked = append(*asked, r.URL.Path+" "+r.Header.Get("Authorization")+" "+string(body))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(converse.Close)
	return hostpage.New(hostpage.Config{
		Converse: converse.URL, Key: "cvk_secret", Users: []hostpage.User{{Name: "Mira <L>", Email: "mira@harbour.example"}},
		Log: slog.New(slog.DiscardHandler),
	}), asked
}

func get(page http.Handler, method, path, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	page.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w
}

func TestThePageIsStrictAndKeepsItsKey(t *testing.T) {
	t.Parallel()
	page, _ := setup(t, http.StatusOK, "{}")
	for _, path := range []string{"/host/", "/host/host.js", "/host/host.css"} {
		w := get(page, http.MethodGet, path, "")
		require.Equal(t, http.StatusOK, w.Code, path)
		require.NotContains(t, w.Body.String(), "cvk_", path)
		policy := w.Header().Get("Content-Security-Policy")
		require.Contains(t, policy, "default-src 'none'")
		require.Contains(t, policy, "style-src 'self';")
		require.NotContains(t, policy, "unsafe")
	}
	index := get(page, http.MethodGet, "/host/", "").Body.String()
	require.Contains(t, index, "Mira &lt;L&gt;")
	require.Contains(t, index, "/widget.js\"")
	require.NotContains(t, index, "style=")
}

func TestTokensAreAskedForWithTheKey(t *testing.T) {
	t.Parallel()
	page, asked := setup(t, http.StatusOK, `{"token":"cvw_1","expiresAt":"2030-01-01T00:00:00Z","user":{"id":"u"}}`)
	w := get(page, http.MethodPost, "/host/api/token", `{"email":"mira@harbour.example"}`)
	require.JSONEq(t, `{"token":"cvw_1","expiresAt":"2030-01-01T00:00:00Z"}`, w.Body.String())
	require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	require.Equal(t, []string{`/converse.v1.AuthService/CreateWidgetToken Bearer cvk_secret {"userEmail":"mira@harbour.example"}`}, *asked)
	require.Equal(t, http.StatusBadRequest, get(page, http.MethodPost, "/host/api/token", "nonsense").Code)
	require.Equal(t, http.StatusMethodNotAllowed, get(page, http.MethodGet, "/host/api/token", "").Code)
}

func TestAConverseThatSaysNoIsNotQuoted(t *testing.T) {
	t.Parallel()
	page, _ := setup(t, http.StatusForbidden, `{"message":"secret reason"}`)
	for _, w := range []*httptest.ResponseRecorder{
		get(page, http.MethodPost, "/host/api/token", `{}`), get(page, http.MethodGet, "/host/api/leads?q=asha", ""),
	} {
		require.Equal(t, http.StatusBadGateway, w.Code)
		require.NotContains(t, w.Body.String(), "secret reason")
	}
}
