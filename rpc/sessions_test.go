package rpc_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

// logInFrom signs a colleague in with a browser's User-Agent.
func (b *bundle) logInFrom(t testing.TB, p chat.Principal, agent string) string {
	t.Helper()
	body := strings.NewReader(`{"email":"` + string(p.User) + `@example.com","password":"` + colleaguesPassword + `"}`)
	a := b.send(t, "AuthService/LogIn", body, func(r *http.Request) { r.Header.Set("User-Agent", agent) })
	require.Empty(t, a.code, a.raw)
	return a.body["token"].(string)
}

const (
	chromeOnWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
	safariOnIPhone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)

func TestSessionsAreToldApartAndEnded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := colleague(t, b.World, chat.RoleSalesUser)
	desk, phone := b.logInFrom(t, p, chromeOnWindows), b.logInFrom(t, p, safariOnIPhone)
	b.logInFrom(t, p, strings.Repeat("é", 1000)) // as long as it likes
	byDevice := map[string]map[string]any{}
	for _, s := range b.ok(t, desk, "AuthService/ListSessions", "{}")["sessions"].([]any) {
		s := s.(map[string]any)
		byDevice[s["device"].(string)] = s
		require.Equal(t, "127.0.0.1", s["address"])
		require.NotEmpty(t, s["lastSeenAt"])
	}
	require.Len(t, byDevice, 3)
	require.Equal(t, true, byDevice["Chrome on Windows"]["current"])
	require.Equal(t, false, byDevice["Safari on iPhone"]["current"])

	stranger, _ := b.person(t, chat.RoleSalesManager)
	theirs := map[string]any{"sessionId": byDevice["Safari on iPhone"]["id"]}
	require.Equal(t, "not_found", b.post(t, b.token(t, stranger), "AuthService/RevokeSession", theirs).code)
	b.ok(t, desk, "AuthService/RevokeSession", theirs)
	require.Equal(t, "unauthenticated", b.post(t, phone, "AuthService/GetSession", "{}").code, "here at once")
	require.Equal(t, "not_found", b.post(t, desk, "AuthService/RevokeSession", theirs).code, "it is gone")
	require.EqualValues(t, 1, b.ok(t, desk, "AuthService/RevokeAllOthers", "{}")["ended"])
	require.Len(t, b.live(t, p), 1)

	admin := b.token(t, b.Admin)
	require.Len(t, b.ok(t, admin, "AuthService/ListSessions", map[string]any{"userId": p.User})["sessions"], 1)
	require.EqualValues(t, 1, b.ok(t, admin, "AdminService/SignOutUser", map[string]any{"userId": p.User})["ended"])
	require.Empty(t, b.live(t, p))
}
