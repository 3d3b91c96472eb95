package rpc_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/safehttp"
	"converse/internal/testkit/world"
)

func TestSigningInByTheOrgsProvider(t *testing.T) {
	t.Parallel()
	b := setupSSO(t)
	p := b.account(t, b.Sales)
	to, cookies := b.signIn(t)
	require.Equal(t, "/", to)
	session := b.ok(t, cookies["converse"], "AuthService/GetSession", "{}")
	require.Equal(t, string(p.User), session["user"].(map[string]any)["id"])
	require.Empty(t, cookies["converse-sso"], "the attempt is over")

	a := b.post(t, "", "AuthService/StartSingleSignOn", map[string]any{"email": "mira@elsewhere.example"})
	require.Equal(t, "not_found", a.code)
	b.set(t, map[string]any{"enabled": false})
	require.Equal(t, "not_found", b.post(t, "", "AuthService/StartSingleSignOn", map[string]any{"email": email}).code)
}

// TestWhatAProviderSaysIsChecked changes one thing about each ID token.
func TestWhatAProviderSaysIsChecked(t *testing.T) {
	t.Parallel()
	b := setupSSO(t)
	b.account(t, b.Sales)
	claim := func(name string, value any) func() {
		return func() { b.idp.change = func(claims map[string]any) { claims[name] = value } }
	}
	other := newIssuer(t)
	for name, c := range map[string]struct {
		wrong func()
		want  string
	}{
		"another issuer":     {claim("iss", "https://login.example.com"), "sso_token"},
		"another audience":   {claim("aud", "another-client"), "sso_token"},
		"a second audience":  {claim("aud", []string{clientID, "another-client"}), "sso_token"},
		"another party":      {claim("azp", "another-client"), "sso_token"},
		"another nonce":      {claim("nonce", "of-another-attempt"), "sso_token"},
		"no nonce":           {claim("nonce", nil), "sso_token"},
		"expired":            {claim("exp", time.Now().Add(-time.Minute).Unix()), "sso_token"},
		"not verified":       {claim("email_verified", false), "sso_email"},
		"verified, unsaid":   {claim("email_verified", nil), "sso_email"},
		"no address":         {claim("email", ""), "sso_email"},
		"another domain":     {claim("email", "mira@elsewhere.example"), "sso_domain"},
		"a domain after two": {claim("email", "mira@example.com@elsewhere.example"), "sso_domain"},
		"a stranger":         {claim("email", "stranger@example.com"), "sso_nobody"},
		"signed by nobody": {func() {
			b.idp.sign = func(claims map[string]any) string {
				text, err := json.Marshal(claims)
				require.NoError(t, err)
				return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(text) + "."
			}
		}, "sso_token"},
		"signed with the client's secret": {func() {
			b.idp.sign = func(claims map[string]any) string {
				return b.idp.signed(jose.JSONWebKey{Key: []byte(clientSecret + clientSecret), KeyID: "k1", Algorithm: "HS256"}, claims)
			}
		}, "sso_token"},
		"signed by another": {func() {
			b.idp.sign = func(claims map[string]any) string {
				key := other.key
				key.KeyID = "k1"
				return b.idp.signed(key, claims)
			}
		}, "sso_token"},
	} {
		b.idp.mu.Lock()
		b.idp.change, b.idp.sign = nil, nil
		c.wrong()
		b.idp.mu.Unlock()
		to, cookies := b.signIn(t)
		require.Equal(t, "/login#sso="+c.want, to, name)
		require.Empty(t, cookies["converse"], name)
	}
	b.idp.mu.Lock()
	b.idp.change, b.idp.sign = nil, nil
	b.idp.mu.Unlock()
	to, _ := b.signIn(t)
	require.Equal(t, "/", to, "and nothing of it stays")
	require.NotContains(t, b.log.String(), clientSecret, "I12: not even where the provider repeats it")
}

func TestAStateIsGoodOnceInTheBrowserThatBegan(t *testing.T) {
	t.Parallel()
	b := setupSSO(t)
	b.account(t, b.Sales)
	from := b.start(t)
	query := b.idp.authorize(from.url)
	to, _ := b.comeBack(t, browser{}, query)
	require.Equal(t, "/login#sso=sso_expired", to, "without the cookie")
	to, _ = b.comeBack(t, from, query)
	require.Equal(t, "/login#sso=sso_expired", to, "who tried has used it up")

	from = b.start(t)
	query = b.idp.authorize(from.url)
	to, _ = b.comeBack(t, from, query)
	require.Equal(t, "/", to)
	to, _ = b.comeBack(t, from, query)
	require.Equal(t, "/login#sso=sso_expired", to, "again")

	mine, theirs := b.start(t), b.start(t)
	to, _ = b.comeBack(t, mine, b.idp.authorize(theirs.url))
	require.Equal(t, "/login#sso=sso_expired", to, "of another browser")
	to, _ = b.comeBack(t, mine, url.Values{"state": {"unknown"}, "code": {"x"}})
	require.Equal(t, "/login#sso=sso_expired", to)
	from = b.start(t)
	state, err := url.Parse(from.url)
	require.NoError(t, err)
	to, _ = b.comeBack(t, from, url.Values{"state": {state.Query().Get("state")}, "error": {"access_denied"}})
	require.Equal(t, "/login#sso=sso_refused", to)
}

func TestAProvidersNewKeyIsFetched(t *testing.T) {
	t.Parallel()
	b := setupSSO(t)
	b.account(t, b.Sales)
	to, _ := b.signIn(t)
	require.Equal(t, "/", to)
	b.idp.rotate("k2")
	to, _ = b.signIn(t)
	require.Equal(t, "/", to)
}

func TestWhoSignsInForTheFirstTimeMayBecomeAUser(t *testing.T) {
	t.Parallel()
	b := setupSSO(t)
	to, _ := b.signIn(t)
	require.Equal(t, "/login#sso=sso_nobody", to)
	b.set(t, map[string]any{"newRole": "sales_user"})
	to, cookies := b.signIn(t)
	require.Equal(t, "/", to)
	user := b.ok(t, cookies["converse"], "AuthService/GetSession", "{}")["user"].(map[string]any)
	require.Equal(t, "sales_user", user["role"])
	require.Equal(t, "Mira Lindqvist", user["name"])
	require.Equal(t, "unauthenticated", b.logIn(t, email, "x").code, "there is no password")
	again, cookies := b.signIn(t)
	require.Equal(t, "/", again)
	require.Equal(t, user["id"], b.ok(t, cookies["converse"], "AuthService/GetSession", "{}")["user"].(map[string]any)["id"])

	pool, err := pgxpool.New(t.Context(), b.World.URL)
	require.NoError(t, err)
	defer pool.Close()
	_, err = pool.Exec(t.Context(), "update users set active = false where id = $1", user["id"])
	require.NoError(t, err)
	to, _ = b.signIn(t)
	require.Equal(t, "/login#sso=sso_nobody", to, "nor does it bring back who was deactivated")
}

// TestI8WhoComesBySingleSignOnIsRestrictedToo: by the templates of the role they get.
func TestI8WhoComesBySingleSignOnIsRestrictedToo(t *testing.T) {
	t.Parallel()
	b := setupSSO(t)
	template := chat.PermissionTemplate{
		ID: chat.NewID[chat.PermissionTemplateID](), Name: "Phones", Masks: map[chat.LeadField]chat.Mask{chat.FieldPhone: chat.MaskEnds},
	}
	require.NoError(t, b.Store.SavePermissionTemplate(t.Context(), b.Admin, template, true, true))
	require.NoError(t, b.Store.SetAssignments(t.Context(), b.Admin, template.ID, []chat.Assignment{{Role: chat.RoleSalesUser}}, true))
	b.set(t, map[string]any{"newRole": "sales_user"})
	to, cookies := b.signIn(t)
	require.Equal(t, "/", to)
	p, err := b.signIns.Authenticate(t.Context(), cookies["converse"])
	require.NoError(t, err)
	require.True(t, p.Rights().Hides())
}

func TestAProviderThatIsNotTrustedLeavesTheSecondFactor(t *testing.T) {
	t.Parallel()
	b := setupSSO(t)
	p := b.account(t, b.Sales)
	token := b.token(t, p)
	secret := b.ok(t, token, "AuthService/BeginSecondFactor", "{}")["secret"].(string)
	b.ok(t, token, "AuthService/ConfirmSecondFactor", map[string]any{"code": codeOf(t, secret, -1)})
	to, cookies := b.signIn(t)
	challenge, ok := strings.CutPrefix(to, "/login#challenge=")
	require.True(t, ok, to)
	require.Empty(t, cookies["converse"])
	b.ok(t, "", "AuthService/VerifyCode", map[string]any{"challenge": challenge, "code": codeOf(t, secret, 0)})

	b.set(t, map[string]any{"trusted": true})
	to, cookies = b.signIn(t)
	require.Equal(t, "/", to)
	require.NotEmpty(t, cookies["converse"])
}

func TestAProviderInsideOurNetworkIsNotReached(t *testing.T) {
	t.Parallel()
	b := &ssoBundle{bundle: setup(t), idp: newIssuer(t)}
	strict := singleSignOnFrom(t, b.World, b.signIns, b.log, safehttp.Options{})
	steps, err := strict.Test(t.Context(), b.idp.URL)
	require.NoError(t, err)
	require.Len(t, steps, 1)
	require.False(t, steps[0].OK)
	require.Contains(t, steps[0].Text, "not allowed")
	open := singleSignOn(t, b.World, b.signIns, b.log)
	steps, err = open.Test(t.Context(), b.idp.URL)
	require.NoError(t, err)
	require.Len(t, steps, 2)
	require.True(t, steps[0].OK && steps[1].OK, "%v", steps)
	steps, err = open.Test(t.Context(), strings.Replace(b.idp.URL, "127.0.0.1", "127.0.0.2", 1))
	require.NoError(t, err)
	require.False(t, steps[0].OK, "it calls itself otherwise")
}

// TestI12AClientSecretIsWrittenOnly: it is sealed, and shown to nobody.
func TestI12AClientSecretIsWrittenOnly(t *testing.T) {
	t.Parallel()
	b := setupSSO(t)
	admin := b.token(t, b.Admin)
	shown := b.post(t, admin, "AdminService/GetSingleSignOn", "{}")
	require.Contains(t, shown.raw, `"secretSet":true`)
	require.Contains(t, shown.raw, "https://chat.example.com/sso/callback")
	from := b.start(t)
	pool, err := pgxpool.New(t.Context(), b.World.URL)
	require.NoError(t, err)
	defer pool.Close()
	var dump bytes.Buffer
	for _, table := range []string{"single_sign_ons", "single_sign_on_attempts", "audit_entries"} {
		var rows string
		require.NoError(t, pool.QueryRow(t.Context(), "select string_agg(x::text, ' ') from "+table+" x").Scan(&rows))
		dump.WriteString(rows)
	}
	sent, err := url.Parse(from.url)
	require.NoError(t, err)
	for _, secret := range []string{clientSecret, from.cookies[0].Value, sent.Query().Get("state"), sent.Query().Get("nonce")} {
		require.NotEmpty(t, secret)
		require.NotContains(t, shown.raw+dump.String()+b.log.String(), secret)
	}
	// Another issuer does not get the secret of the one before.
	a := b.post(t, admin, "AdminService/SetSingleSignOn", map[string]any{"singleSignOn": map[string]any{
		"enabled": true, "issuer": newIssuer(t).URL, "clientId": clientID, "domains": []string{"example.com"},
	}})
	require.Equal(t, "invalid_argument", a.code, a.raw)
	require.Equal(t, "clientSecret", a.details[0].Field)
}

func TestADomainSignsInAtOneOrg(t *testing.T) {
	t.Parallel()
	b := setupSSO(t)
	require.NotEmpty(t, b.start(t).url)
	w := world.At(t, b.World.URL)
	other := &bundle{World: w, signIns: auth.NewSignIns(w.Store, passwords(), world.Vault(t)), url: b.url, client: b.client}
	a := other.post(t, other.token(t, other.Admin), "AdminService/SetSingleSignOn", map[string]any{"singleSignOn": map[string]any{
		"enabled": true, "issuer": b.idp.URL, "clientId": clientID, "domains": []string{"example.com"},
	}, "clientSecret": "x"})
	require.Equal(t, "aborted", a.code, a.raw)
	require.Equal(t, "domains", a.details[0].Field)

	// A user of another org is not signed in by this one's provider.
	u := chat.User{ID: chat.NewID[chat.UserID](), Email: email, Name: "Mira", Role: chat.RoleSalesUser}
	require.NoError(t, other.Store.CreateUser(t.Context(), other.Org, u, "none"))
	b.set(t, map[string]any{"newRole": "sales_user"})
	to, _ := b.signIn(t)
	require.Equal(t, "/login#sso=sso_nobody", to)
}
