package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/sandbox"
)

func TestOtherHostsAndSitesAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *sandbox.Config) { c.Hosts = []string{"sandbox.internal"} })
	ask := func(method, path string, change func(*http.Request)) int {
		request := b.request(method, path, "application/json", strings.NewReader("{}"))
		change(request)
		return b.send(request).Status
	}
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	site := func(origin string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Origin", origin) }
	}
	require.Equal(t, http.StatusForbidden, ask(http.MethodGet, "/control/journal", host("evil.example")))
	require.Equal(t, http.StatusForbidden, ask(http.MethodPost, "/control/reset", host("evil.example:80")))
	require.Equal(t, http.StatusForbidden, ask(http.MethodGet, "/handset/", host("localhost.evil.example")))
	require.Equal(t, http.StatusForbidden, ask(http.MethodPost, "/control/reset", site("https://evil.example")))
	require.Equal(t, http.StatusForbidden, ask(http.MethodPost, "/control/reset", func(r *http.Request) {
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	}))
	for _, name := range []string{"localhost:99", "127.0.0.1", "[::1]:99", "handset.localhost", "sandbox.internal:99"} {
		require.Equal(t, http.StatusOK, ask(http.MethodPost, "/control/reset", host(name)), name)
	}
	require.Equal(t, http.StatusOK, ask(http.MethodPost, "/control/reset", site(b.url)))
	require.Equal(t, http.StatusUnauthorized, ask(http.MethodPost, "/api/v1/accounts/1/sms.json", host("hub.example")),
		"the providers' own doors have their own keys")
}

func TestPathsMayStartWithTheProvider(t *testing.T) {
	t.Parallel()
	b := setup(t)
	request := b.sms(map[string][]string{})
	request.URL.Path = "/ctm" + request.URL.Path
	require.Equal(t, http.StatusOK, b.send(request).Status)
	request = b.whatsapp(object{"text": object{"body": "x"}})
	request.URL.Path = "/whatsapp_cloud" + request.URL.Path
	require.Equal(t, http.StatusOK, b.send(request).Status)
	require.Equal(t, http.StatusNotFound, b.send(b.request(http.MethodGet, "/nothing/here", "", nil)).Status)
}

func TestHandsetPageIsServed(t *testing.T) {
	t.Parallel()
	built := setup(t, func(c *sandbox.Config) {
		c.Web = fstest.MapFS{
			"handset.html": {Data: []byte("<!doctype html>page")}, "assets/handset-1.js": {Data: []byte("1")},
			"index.html": {Data: []byte("the console")},
		}
	})
	get := func(b *bench, path string) answered { return b.send(b.request(http.MethodGet, path, "", nil)) }
	page := get(built, "/handset/")
	require.Equal(t, "<!doctype html>page", page.Body)
	require.Contains(t, page.Header.Get("Content-Security-Policy"), "default-src 'none'")
	require.Equal(t, http.StatusOK, get(built, "/assets/handset-1.js").Status)
	require.Equal(t, http.StatusNotFound, get(built, "/assets/").Status)
	require.Equal(t, "/handset/", get(built, "/").Header.Get("Location"))
	require.Equal(t, http.StatusNotFound, get(built, "/index.html").Status, "the console is not served here")

	bare := setup(t, func(c *sandbox.Config) { c.Web = fstest.MapFS{} })
	require.Equal(t, http.StatusServiceUnavailable, get(bare, "/handset/").Status)
}

func TestAccountsMayComeLater(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *sandbox.Config) { c.Accounts = nil })
	require.Equal(t, http.StatusUnauthorized, b.send(b.sms(map[string][]string{})).Status)
	account := sandbox.Account{
		Provider: "ctm", AccountID: ctmAccount, SigningSecret: ctmSecret,
		Credentials: sandbox.Credentials{AccessKey: "key", SecretKey: "secret"},
		Senders:     []sandbox.Sender{{Address: ctmNumber, Ref: ctmRef}},
	}
	require.NoError(t, b.AddAccount(account))
	got := b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "text": "x"})
	require.Equal(t, true, got["held"], "there is no webhook address yet")
	account.WebhookURL = b.hub.server.URL + "/hooks/ctm"
	require.NoError(t, b.AddAccount(account))
	b.send(b.sms(map[string][]string{}))
	b.hub.next(t)

	var problem *sandbox.Problem
	for field, change := range map[string]func(*sandbox.Account){
		"provider":           func(a *sandbox.Account) { a.Provider = "carrier_pigeon" },
		"accountId":          func(a *sandbox.Account) { a.AccountID = "" },
		"webhookUrl":         func(a *sandbox.Account) { a.WebhookURL = "not a link" },
		"senders":            func(a *sandbox.Account) { a.Senders = nil },
		"senders[0].address": func(a *sandbox.Account) { a.AccountID = "500002" },
	} {
		wrong := account
		change(&wrong)
		require.ErrorAs(t, b.AddAccount(wrong), &problem)
		require.Equal(t, field, problem.Field)
	}
}

func TestReadConfig(t *testing.T) {
	t.Parallel()
	config, err := sandbox.ReadConfig(strings.NewReader(`{
		"seed": 7, "delaysMs": {"sent": 10},
		"leads": [{"phone": "+12025550123", "name": "Ada", "hidePhone": true}],
		"accounts": [{"provider": "ctm", "accountId": "1", "webhookUrl": "http://localhost/hooks", "signingSecret": "s",
			"credentials": {"accessKey": "k", "secretKey": "s"}, "senders": [{"address": "+12025550100", "ref": "TPN1"}]}]
	}`))
	require.NoError(t, err)
	require.Equal(t, 10*time.Millisecond, config.DefaultDelays.Sent)
	require.Equal(t, "TPN1", config.Accounts[0].Senders[0].Ref)
	_, err = sandbox.ReadConfig(strings.NewReader(`{"acounts": []}`))
	require.ErrorContains(t, err, "acounts")
	_, err = sandbox.ReadConfig(strings.NewReader(`{"accounts": [{"provider": "ctm"}]}`))
	require.ErrorContains(t, err, "accounts[0].accountId")
}

func TestCloseLetsGoOfEverything(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *sandbox.Config) { c.WebhookRetryAfter = time.Hour })
	b.hub.answers(func(hook) int { return http.StatusServiceUnavailable })
	b.open() // its second try would come in an hour
	b.fault(object{"kind": "hang", "share": 1})
	request, ended := hello(b), make(chan error, 1)
	go func() {
		_, err := b.try(request)
		ended <- err
	}()
	require.Eventually(t, func() bool { return len(b.journal("")) == 1 }, patience, time.Millisecond)
	b.Close()
	b.Close()
	require.Error(t, <-ended)
	require.Equal(t, http.StatusServiceUnavailable, b.ask(http.MethodGet, "/control/journal", nil).Status)
}
