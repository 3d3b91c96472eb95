package rpc_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

// codeOf is what a phone with that secret shows now, or so many steps from now.
func codeOf(t testing.TB, secret string, steps int) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(steps)*30*time.Second))
	require.NoError(t, err)
	return code
}

// enrolCalls are what one may do who must set up a second factor first.
var enrolCalls = []string{
	"AuthService/LogOut", "AuthService/GetSession", "AuthService/GetSecondFactor", "AuthService/BeginSecondFactor", "AuthService/ConfirmSecondFactor",
}

// TestWhoMustEnrolCanDoNothingElse is made from the protocol's descriptors.
func TestWhoMustEnrolCanDoNothingElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own := stock(t, b.World, b.outbox)
	p := b.Admin
	p.Via = chat.ViaEnrol
	for _, method := range methods() {
		name := string(method.Parent().Name()) + "/" + string(method.Name())
		r := rules[name]
		if r.open {
			continue
		}
		a := b.post(t, b.token(t, p), name, r.request(own, ""))
		if slices.Contains(enrolCalls, name) {
			require.Equal(t, r.answers, a.code, "%s: %s", name, a.raw)
			continue
		}
		require.Equal(t, "permission_denied", a.code, "%s: %s", name, a.raw)
		require.Equal(t, "must_enrol", a.details[0].Reason)
	}
	session := b.ok(t, b.token(t, p), "AuthService/GetSession", map[string]any{})
	require.Equal(t, true, session["mustEnrol"])
	require.Empty(t, session["colleagues"])
}

// TestAnAdministratorIsLedToEnrol is the whole way in a browser, whose cookie speaks.
func TestAnAdministratorIsLedToEnrol(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.NoError(t, b.Store.SetSecondFactorPolicy(t.Context(), b.Admin, chat.SecondFactorRoles()))
	b.account(t, b.Admin)
	in := b.logIn(t, email, password)
	require.Empty(t, in.code, in.raw)
	require.Equal(t, true, in.body["mustEnrol"])
	cookie := cookieOf(t, in)
	call := func(name, body string) answer {
		a := b.send(t, name, strings.NewReader(body), func(r *http.Request) { r.AddCookie(cookie) })
		require.Empty(t, a.code, a.raw)
		return a
	}
	made := call("AuthService/BeginSecondFactor", "{}").body
	secret := made["secret"].(string)
	require.Contains(t, made["address"], "otpauth://totp/Converse:mira@example.com?")
	require.Contains(t, made["address"], "secret="+secret)
	require.Contains(t, made["picture"], "<svg ")
	on := call("AuthService/ConfirmSecondFactor", `{"code":"`+codeOf(t, secret, -1)+`"}`)
	recovery := on.body["recoveryCodes"].([]any)
	require.Len(t, recovery, 10)
	cookie = cookieOf(t, on)
	require.Equal(t, on.body["token"], cookie.Value)
	call("AdminService/ListAudit", "{}")

	in = b.logIn(t, email, password)
	require.Equal(t, true, in.body["secondFactorRequired"])
	require.Empty(t, in.body["token"])
	require.Nil(t, in.body["user"])
	require.Empty(t, in.header.Values("Set-Cookie"))
	challenge := in.body["challenge"].(string)
	done := b.post(t, "", "AuthService/VerifyCode", map[string]any{"challenge": challenge, "recoveryCode": recovery[0]})
	require.Empty(t, done.code, done.raw)
	require.Equal(t, done.body["token"], cookieOf(t, done).Value)
	require.Equal(t, email, done.body["user"].(map[string]any)["email"])

	for _, secret := range []string{secret, challenge, recovery[0].(string), recovery[1].(string), cookie.Value} {
		require.NotContains(t, b.log.String(), secret)
	}
}

func TestALockSaysUntilWhen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.account(t, b.Sales)
	token := b.token(t, p)
	secret := b.ok(t, token, "AuthService/BeginSecondFactor", "{}")["secret"].(string)
	b.ok(t, token, "AuthService/ConfirmSecondFactor", map[string]any{"code": codeOf(t, secret, 0)})
	challenge := b.logIn(t, email, password).body["challenge"]
	var last answer
	for range 3 {
		last = b.post(t, "", "AuthService/VerifyCode", map[string]any{"challenge": challenge, "code": "wrong"})
	}
	require.Equal(t, "resource_exhausted", last.code, last.raw)
	require.Equal(t, "second_factor_locked", last.details[0].Reason)
	until, err := time.Parse(time.RFC3339, last.details[0].RetryAt)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(30*time.Minute), until, 10*time.Second)

	admin := b.token(t, b.Admin)
	listed := b.post(t, admin, "AdminService/ListSecondFactors", "{}")
	require.Contains(t, listed.raw, "lockedUntil")
	b.ok(t, admin, "AdminService/UnlockSecondFactor", map[string]any{"userId": p.User})
	challenge = b.logIn(t, email, password).body["challenge"]
	b.ok(t, "", "AuthService/VerifyCode", map[string]any{"challenge": challenge, "code": codeOf(t, secret, 1)})
}
