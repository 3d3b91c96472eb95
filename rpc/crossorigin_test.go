package rpc_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/testkit/world"
	"converse/rpc"
)

const (
	crmSite = "https://crm.example.com"
	ourPage = "https://chat.example.com"
)

// embeds allows orgs by site.
type embeds map[string]chat.OrgID

func (e embeds) Known(origin string) bool                  { _, ok := e[origin]; return ok }
func (e embeds) Allows(org chat.OrgID, origin string) bool { return e[origin] == org }

// embedding is the services behind the judgement of where a request is from. The org
// allows crmSite, another org allows "https://theirs.example.com".
func embedding(t *testing.T) (b *bundle, url string) {
	t.Helper()
	allowed := embeds{}
	b = setup(t, func(_ *rpc.Rooms, o *rpc.Options) { o.Origins, o.Embeds = []string{ourPage}, allowed })
	allowed[crmSite], allowed["https://theirs.example.com"] = b.Org, chat.NewID[chat.OrgID]()
	mux := http.NewServeMux()
	require.NoError(t, rpc.Register(mux, b.rooms, rpc.Options{PublicURL: ourPage, Origins: []string{ourPage}, Embeds: allowed, Log: slog.New(slog.DiscardHandler)}))
	mux.HandleFunc("GET /media/{word}", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "file "+r.Header.Get("Cookie"))
	})
	mux.HandleFunc("POST /hooks/x", func(http.ResponseWriter, *http.Request) {})
	mux.Handle("GET /embed.json", rpc.EmbedCheck([]string{ourPage}, allowed))
	handler, err := rpc.CrossOrigin(mux, []string{ourPage}, allowed)
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return b, server.URL
}

// asked is the answer to a browser's request.
func asked(t *testing.T, method, url string, headers map[string]string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader("{}"))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(text)
}

func TestAPageOfAnAllowedSiteCallsWithAToken(t *testing.T) {
	t.Parallel()
	b, url := embedding(t)
	token, key := b.token(t, b.Sales), "Bearer "
	session := url + "/converse.v1.AuthService/GetSession"
	for name, c := range map[string]struct {
		headers map[string]string
		status  int
		// readable: the page may read the answer.
		readable bool
	}{
		"an allowed site with a token":         {map[string]string{"Origin": crmSite, "Sec-Fetch-Site": "cross-site", "Authorization": key + token}, 200, true},
		"an allowed site without one":          {map[string]string{"Origin": crmSite, "Sec-Fetch-Site": "cross-site"}, 401, true},
		"an allowed site with the cookie":      {map[string]string{"Origin": crmSite, "Sec-Fetch-Site": "cross-site", "Cookie": "converse=" + token}, 401, true},
		"an allowed sibling with the cookie":   {map[string]string{"Origin": crmSite, "Sec-Fetch-Site": "same-site", "Cookie": "converse=" + token}, 401, true},
		"a site that another org allows":       {map[string]string{"Origin": "https://theirs.example.com", "Authorization": key + token}, 403, true},
		"a site that nobody allows":            {map[string]string{"Origin": "https://evil.example", "Authorization": key + token}, 403, false},
		"a page without an origin":             {map[string]string{"Origin": "null", "Authorization": key + token}, 403, false},
		"a site that looks like it":            {map[string]string{"Origin": crmSite + ".evil.example", "Authorization": key + token}, 403, false},
		"its other scheme":                     {map[string]string{"Origin": "http://crm.example.com", "Authorization": key + token}, 403, false},
		"another site with the cookie":         {map[string]string{"Origin": "https://evil.example", "Cookie": "converse=" + token}, 403, false},
		"no origin, and the browser says so":   {map[string]string{"Sec-Fetch-Site": "cross-site", "Cookie": "converse=" + token}, 403, false},
		"our own page with the cookie":         {map[string]string{"Origin": ourPage, "Sec-Fetch-Site": "same-origin", "Cookie": "converse=" + token}, 200, false},
		"our page in an old browser":           {map[string]string{"Origin": ourPage, "Cookie": "converse=" + token}, 200, false},
		"our page behind a proxy":              {map[string]string{"Origin": "http://localhost:5173", "Sec-Fetch-Site": "same-origin", "Cookie": "converse=" + token}, 200, false},
		"a program":                            {map[string]string{"Authorization": key + token}, 200, false},
		"an allowed site that was signed out":  {map[string]string{"Origin": crmSite, "Authorization": key + "nonsense"}, 401, true},
		"an allowed site, cookie beside token": {map[string]string{"Origin": crmSite, "Authorization": key + "nonsense", "Cookie": "converse=" + token}, 401, true},
	} {
		resp, text := asked(t, http.MethodPost, session, c.headers)
		require.Equal(t, c.status, resp.StatusCode, "%s: %s", name, text)
		want := ""
		if c.readable {
			want = c.headers["Origin"]
		}
		require.Equal(t, want, resp.Header.Get("Access-Control-Allow-Origin"), name)
		require.Empty(t, resp.Header.Get("Access-Control-Allow-Credentials"), name)
		require.Contains(t, resp.Header.Values("Vary"), "Origin", name)
	}
	_, text := asked(t, http.MethodPost, session, map[string]string{"Origin": "https://theirs.example.com", "Authorization": key + token})
	require.Contains(t, text, chat.ReasonOrigin, "the page says why")
	require.Contains(t, text, "Embedding")
}

func TestNobodySignsInOnAnotherSitesPage(t *testing.T) {
	t.Parallel()
	_, url := embedding(t)
	for call, r := range rules {
		if !r.open {
			continue
		}
		resp, text := asked(t, http.MethodPost, url+"/converse.v1."+call, map[string]string{"Origin": crmSite})
		require.Equal(t, http.StatusForbidden, resp.StatusCode, "%s: %s", call, text)
		require.Empty(t, resp.Header.Get("Set-Cookie"), call)
	}
}

func TestABrowserAsksFirst(t *testing.T) {
	t.Parallel()
	_, url := embedding(t)
	ask := func(from, path, method, headers string) *http.Response {
		resp, _ := asked(t, http.MethodOptions, url+path, map[string]string{
			"Origin": from, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers,
		})
		return resp
	}
	const call, wanted = "/converse.v1.LeadService/GetLead", "authorization,connect-protocol-version,content-type"
	allowed := ask(crmSite, call, "POST", wanted)
	require.Equal(t, crmSite, allowed.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, wanted, allowed.Header.Get("Access-Control-Allow-Headers"))
	require.Equal(t, "7200", allowed.Header.Get("Access-Control-Max-Age"))
	require.Empty(t, allowed.Header.Get("Access-Control-Allow-Credentials"))
	require.Equal(t, crmSite, ask(crmSite, call, "POST", "connect-protocol-version,content-type,x-grpc-web").Header.Get("Access-Control-Allow-Origin"), "gRPC-Web")
	require.Equal(t, crmSite, ask(crmSite, "/media/word", "GET", "").Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, crmSite, ask(crmSite, "/uploads/word", "PUT", "content-type").Header.Get("Access-Control-Allow-Origin"))
	for name, refused := range map[string]*http.Response{
		"a file of a site that nobody allows": ask("https://evil.example", "/uploads/word", "PUT", ""),
		"a site that nobody allows":           ask("https://evil.example", call, "POST", wanted),
		"no origin":                           ask("null", call, "POST", wanted),
		"a header of ours":                    ask(crmSite, call, "POST", "x-forwarded-for"),
		"a method we have not":                ask(crmSite, call, "DELETE", wanted),
		"a webhook":                           ask(crmSite, "/hooks/x", "POST", "content-type"),
	} {
		require.Empty(t, refused.Header.Get("Access-Control-Allow-Origin"), name)
	}
	resp, _ := asked(t, http.MethodPost, url+"/hooks/x", map[string]string{"Origin": crmSite})
	require.Equal(t, http.StatusForbidden, resp.StatusCode, "an allowed site is no provider")
}

func TestFilesAreReadByAllowedSites(t *testing.T) {
	t.Parallel()
	_, url := embedding(t)
	resp, text := asked(t, http.MethodGet, url+"/media/word", map[string]string{"Origin": crmSite, "Cookie": "converse=x"})
	require.Equal(t, crmSite, resp.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "file ", text, "without its cookies")
	require.Contains(t, resp.Header.Values("Vary"), "Origin")
	resp, _ = asked(t, http.MethodGet, url+"/media/word", map[string]string{"Origin": "https://evil.example"})
	require.Empty(t, resp.Header.Get("Access-Control-Allow-Origin"))
}

func TestAPageIsToldWhetherItMayBeThere(t *testing.T) {
	t.Parallel()
	_, url := embedding(t)
	for from, want := range map[string]string{crmSite: "true", "https://evil.example": "false", ourPage: "true"} {
		resp, text := asked(t, http.MethodGet, url+"/embed.json", map[string]string{"Origin": from, "Cookie": "converse=x"})
		require.JSONEq(t, `{"allowed":`+want+`}`, text)
		require.Equal(t, "*", resp.Header.Get("Access-Control-Allow-Origin"))
		require.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
	}
}

func TestSitesAreManagedByAdministrators(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := world.At(t, b.URL)
	token := b.token(t, b.Admin)
	a := b.post(t, token, "AdminService/AddOrigin", map[string]any{"origin": "http://crm.example.com"})
	require.Equal(t, "invalid_argument", a.code)
	require.Equal(t, "origin", a.details[0].Field)
	added := b.ok(t, token, "AdminService/AddOrigin", map[string]any{"origin": "https://CRM.example.com:443/"})
	require.Equal(t, crmSite, added["origin"].(map[string]any)["origin"])
	list := b.ok(t, token, "AdminService/ListOrigins", "{}")["origins"].([]any)
	require.Len(t, list, 1)
	require.Equal(t, b.Admin.Name, list[0].(map[string]any)["addedByName"])
	foreign := b.token(t, other.Admin)
	require.Empty(t, b.ok(t, foreign, "AdminService/ListOrigins", "{}")["origins"])
	require.Equal(t, "not_found", b.post(t, foreign, "AdminService/RemoveOrigin", map[string]any{"origin": crmSite}).code)
	b.ok(t, token, "AdminService/RemoveOrigin", map[string]any{"origin": crmSite})
	require.Empty(t, b.ok(t, token, "AdminService/ListOrigins", "{}")["origins"])
}
