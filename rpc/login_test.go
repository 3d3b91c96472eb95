package rpc_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/argon2"

	"converse/internal/chat"
	"converse/rpc"
)

const email, password = "mira@example.com", "correct horse"

// account gives a colleague a password, hashed with parameters that cost nothing:
// they are the hash's own.
func (b *bundle) account(t testing.TB, like chat.Principal) chat.Principal {
	t.Helper()
	const memory, passes, lanes = 8, 1, 1
	salt := []byte("0123456789abcdef")
	key := argon2.IDKey([]byte(password), salt, passes, memory, lanes, 32)
	hash := fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", memory, passes, lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
	u := chat.User{ID: chat.NewID[chat.UserID](), Email: email, Name: "Mira", Role: like.Role}
	require.NoError(t, b.Store.CreateUser(context.Background(), b.Org, u, hash))
	return chat.Principal{Org: b.Org, User: u.ID, Name: u.Name, Role: u.Role}
}

func (b *bundle) logIn(t testing.TB, email, password string) answer {
	t.Helper()
	return b.post(t, "", "AuthService/LogIn", map[string]any{"email": email, "password": password})
}

func cookieOf(t testing.TB, a answer) *http.Cookie {
	t.Helper()
	cookies := (&http.Response{Header: a.header}).Cookies()
	require.Len(t, cookies, 1)
	return cookies[0]
}

func secure(_ *rpc.Rooms, o *rpc.Options) { o.Secure = true }

func TestABrowserGetsACookieThatScriptsCannotRead(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*rpc.Rooms, *rpc.Options){
		"converse": func(*rpc.Rooms, *rpc.Options) {}, "__Host-converse": secure,
	} {
		b := setup(t, change)
		b.account(t, b.Sales)
		in := b.logIn(t, email, password)
		require.Empty(t, in.code, in.raw)
		cookie := cookieOf(t, in)
		require.Equal(t, name, cookie.Name)
		require.Equal(t, in.body["token"], cookie.Value)
		require.True(t, cookie.HttpOnly)
		require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
		require.Equal(t, strings.HasPrefix(name, "__Host-"), cookie.Secure)
		require.Equal(t, "/", cookie.Path)
		require.Empty(t, cookie.Domain)

		with := func(name string) answer {
			return b.send(t, "AuthService/GetSession", strings.NewReader("{}"), func(r *http.Request) {
				r.AddCookie(&http.Cookie{Name: name, Value: cookie.Value})
			})
		}
		require.Empty(t, with(name).code, "the cookie alone signs in")
		require.Equal(t, "unauthenticated", with("session").code)

		out := b.send(t, "AuthService/LogOut", strings.NewReader("{}"), func(r *http.Request) { r.AddCookie(cookie) })
		require.Empty(t, out.code, out.raw)
		require.Empty(t, cookieOf(t, out).Value, "the browser forgets it")
		require.True(t, cookieOf(t, out).Expires.Before(cookie.Expires.Add(-24*time.Hour)))
		require.Equal(t, "unauthenticated", with(name).code, "and it is over here too")
	}
}

func TestACookieOfAnotherOriginsNameIsNotTaken(t *testing.T) {
	t.Parallel()
	b := setup(t, secure)
	token := b.token(t, b.Sales)
	// Without the prefix a neighbouring host could have set it.
	a := b.send(t, "AuthService/GetSession", strings.NewReader("{}"), func(r *http.Request) {
		r.AddCookie(&http.Cookie{Name: "converse", Value: token})
	})
	require.Equal(t, "unauthenticated", a.code)
}

func TestABearerTokenIsTakenInEverySpelling(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := b.token(t, b.Sales)
	for header, want := range map[string]string{
		"Bearer " + token: "", "bearer " + token: "", "Bearer  " + token + " ": "",
		token: "unauthenticated", "Bearer": "unauthenticated", "Bearer  ": "unauthenticated", "Basic " + token: "unauthenticated",
	} {
		a := b.send(t, "AuthService/GetSession", strings.NewReader("{}"), func(r *http.Request) { r.Header.Set("Authorization", header) })
		require.Equal(t, want, a.code, "%q", header)
	}
}

func TestAWrongPasswordAndAnUnknownUserAreAnsweredTheSame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, b.Sales)
	wrong, unknown := b.logIn(t, email, "wrong"), b.logIn(t, "nobody@example.com", "wrong")
	require.Equal(t, "unauthenticated", wrong.code)
	require.Equal(t, wrong.raw, unknown.raw)
	require.Empty(t, wrong.header.Values("Set-Cookie"))
}

func TestALongPasswordIsRefusedBeforeItCostsAnything(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, b.Sales)
	for range 25 { // more than wrong ones may be
		a := b.logIn(t, email, strings.Repeat("x", 257))
		require.Equal(t, "invalid_argument", a.code)
		require.Equal(t, "password", a.details[0].Field)
		require.NotContains(t, a.raw, "xxx")
	}
	require.Empty(t, b.logIn(t, email, password).code)
}

func TestWrongPasswordsInARowAreStopped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.account(t, b.Sales)
	var last answer
	for range 11 {
		last = b.logIn(t, email, "wrong")
	}
	require.Equal(t, "resource_exhausted", last.code, last.raw)
	require.Equal(t, "slow_down", last.details[0].Reason)
	require.Equal(t, "resource_exhausted", b.logIn(t, email, password).code, "the right one as well")
}

// TestOneGuesserLocksNobodyElseOut: behind a load balancer everybody comes from there.
func TestOneGuesserLocksNobodyElseOut(t *testing.T) {
	t.Parallel()
	b := setup(t, func(_ *rpc.Rooms, o *rpc.Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	b.account(t, b.Sales)
	from := func(address, password string) string {
		body, err := json.Marshal(map[string]string{"email": email, "password": password})
		require.NoError(t, err)
		return b.send(t, "AuthService/LogIn", bytes.NewReader(body), func(r *http.Request) { r.Header.Set("X-Forwarded-For", address) }).code
	}
	for range 10 {
		require.Equal(t, "unauthenticated", from("198.51.100.1", "wrong"))
	}
	require.Equal(t, "resource_exhausted", from("198.51.100.1", password))
	require.Equal(t, "resource_exhausted", from("203.0.113.5, 198.51.100.1", password), "whatever is put before it")
	require.Empty(t, from("198.51.100.2", password))
}

func TestATicketIsOfTheCallerAndWorksOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.Sales
	out := b.ok(t, b.token(t, p), "AuthService/CreateTicket", "{}")
	require.NotEmpty(t, out["expiresAt"])
	ticket := out["ticket"].(string)
	got, err := b.signIns.TakeTicket(t.Context(), ticket)
	require.NoError(t, err)
	require.Equal(t, p.User, got.User)
	_, err = b.signIns.TakeTicket(t.Context(), ticket)
	require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
}
