package rpc_test

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/sso"
)

// ssoBundle is a bundle whose org signs in by a provider.
type ssoBundle struct {
	*bundle
	idp *issuer
}

func setupSSO(t *testing.T) *ssoBundle {
	t.Helper()
	b := &ssoBundle{bundle: setup(t), idp: newIssuer(t)}
	b.set(t, nil)
	return b
}

// set stores the org's provider, with some fields changed.
func (b *ssoBundle) set(t testing.TB, change map[string]any) {
	t.Helper()
	settings := map[string]any{
		"enabled": true, "issuer": b.idp.URL, "clientId": clientID, "domains": []string{"Example.com"},
	}
	maps.Copy(settings, change)
	b.ok(t, b.token(t, b.Admin), "AdminService/SetSingleSignOn", map[string]any{"singleSignOn": settings, "clientSecret": clientSecret})
}

// browser is one on its way: where it was sent, and its cookies.
type browser struct {
	url     string
	cookies []*http.Cookie
}

func (b *ssoBundle) start(t testing.TB) browser {
	t.Helper()
	a := b.post(t, "", "AuthService/StartSingleSignOn", map[string]any{"email": email})
	require.Empty(t, a.code, a.raw)
	return browser{url: a.body["url"].(string), cookies: (&http.Response{Header: a.header}).Cookies()}
}

// comeBack brings the browser back, and returns where it is sent on and its cookies.
func (b *ssoBundle) comeBack(t testing.TB, from browser, query url.Values) (string, map[string]string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.url+sso.CallbackPath+"?"+query.Encode(), http.NoBody)
	require.NoError(t, err)
	for _, c := range from.cookies {
		req.AddCookie(c)
	}
	client := *b.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	cookies := map[string]string{}
	for _, c := range resp.Cookies() {
		require.True(t, c.HttpOnly)
		cookies[c.Name] = c.Value
	}
	return resp.Header.Get("Location"), cookies
}

// signIn is the whole way, and where it ends.
func (b *ssoBundle) signIn(t testing.TB) (string, map[string]string) {
	t.Helper()
	from := b.start(t)
	return b.comeBack(t, from, b.idp.authorize(from.url))
}
