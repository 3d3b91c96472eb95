package auth_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/chat"
)

// embedded is a world with an API key that may make widget tokens.
type embedded struct {
	*stored
	key chat.Principal
}

func embed(t *testing.T) *embedded {
	t.Helper()
	s := setup(t)
	word, _ := s.newKey(t, chat.KeyWidget)
	key, err := s.Authenticate(t.Context(), word)
	require.NoError(t, err)
	return &embedded{stored: s, key: key}
}

func (e *embedded) token(t testing.TB) (string, chat.Principal) {
	t.Helper()
	made, err := e.CreateWidgetToken(t.Context(), e.key, "", " Mira@Example.com ")
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(auth.WidgetLife), made.Expires, 10*time.Second)
	p, err := e.Authenticate(t.Context(), made.Token)
	require.NoError(t, err)
	return made.Token, p
}

func (e *embedded) ended(t testing.TB, p chat.Principal) bool {
	t.Helper()
	fallen, err := e.Fallen(t.Context(), e.Org, []chat.Standing{{SignIn: p.SignIn, AccessVersion: p.AccessVersion}})
	require.NoError(t, err)
	return len(fallen) > 0
}

func TestAWidgetTokenIsOfTheUserItNames(t *testing.T) {
	t.Parallel()
	e := embed(t)
	token, p := e.token(t)
	require.Regexp(t, `^cvw_`, token)
	require.Equal(t, chat.ViaWidget, p.Via)
	require.Equal(t, chat.RoleSalesUser, p.Role)
	require.Equal(t, "Mira", p.Name)
	byID, err := e.CreateWidgetToken(t.Context(), e.key, p.User, "")
	require.NoError(t, err)
	require.Equal(t, p.User, byID.User.ID)

	ticket, _, err := e.CreateTicket(t.Context(), p)
	require.NoError(t, err)
	taken, err := e.TakeTicket(t.Context(), ticket)
	require.NoError(t, err)
	require.Equal(t, p, taken)

	for _, who := range [][2]string{{"", ""}, {string(p.User), email}} {
		_, err = e.CreateWidgetToken(t.Context(), e.key, chat.UserID(who[0]), who[1])
		require.Equal(t, chat.CodeInvalid, chat.CodeOf(err))
	}
	_, err = e.CreateWidgetToken(t.Context(), e.key, "", "nobody@example.com")
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
}

// TestAnotherTokenKeepsTheSession: a widget that is open for hours asks for a token
// every few minutes, and its socket stays.
func TestAnotherTokenKeepsTheSession(t *testing.T) {
	t.Parallel()
	e := embed(t)
	first, p := e.token(t)
	e.exec(t, "update sign_ins set expires_at = now() + interval '1 second' where id = $1", p.SignIn)
	e.exec(t, "update widget_tokens set expires_at = now()")
	second, again := e.token(t)
	require.Equal(t, p.SignIn, again.SignIn)
	require.NotEqual(t, first, second)
	require.False(t, e.ended(t, p))
	_, err := e.fresh().Authenticate(t.Context(), first)
	require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err), "the token before ends at its own time")

	e.exec(t, "update sign_ins set expires_at = now() where id = $1", p.SignIn)
	require.True(t, e.ended(t, p), "nobody asked in time")
	_, err = e.fresh().Authenticate(t.Context(), second)
	require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
}

func TestWhatEndsAWidget(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*embedded, chat.Principal){
		"the key is revoked": func(e *embedded, _ chat.Principal) {
			require.NoError(t, auth.NewKeys(e.Store).Revoke(t.Context(), e.Admin, e.key.Key))
		},
		"the user is deactivated": func(e *embedded, p chat.Principal) {
			e.exec(t, "update users set active = false where id = $1", p.User)
		},
		"it is signed out": func(e *embedded, p chat.Principal) { require.NoError(t, e.LogOut(t.Context(), p)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := embed(t)
			token, p := e.token(t)
			ticket, _, err := e.CreateTicket(t.Context(), p)
			require.NoError(t, err)
			end(e, p)
			require.True(t, e.ended(t, p), "its sockets close")
			_, err = e.fresh().Authenticate(t.Context(), token)
			require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
			_, err = e.TakeTicket(t.Context(), ticket)
			require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
			made, err := e.CreateWidgetToken(t.Context(), e.key, p.User, "")
			if name == "it is signed out" {
				require.NoError(t, err)
				back, err := e.Authenticate(t.Context(), made.Token)
				require.NoError(t, err)
				require.NotEqual(t, p.SignIn, back.SignIn, "what was signed out stays so")
				return
			}
			require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "nor is there another token")
		})
	}
}

// TestAWidgetDoesNotOutliveItsKey: a key that is about to expire vouches for no longer.
func TestAWidgetDoesNotOutliveItsKey(t *testing.T) {
	t.Parallel()
	e := embed(t)
	e.exec(t, "update api_keys set expires_at = now() + interval '1 minute' where id = $1", e.key.Key)
	made, err := e.CreateWidgetToken(t.Context(), e.key, "", email)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(time.Minute), made.Expires, 10*time.Second)
}

// TestManyPagesOfOneUserAreOneSignIn: they open at once, each with a token of its own.
func TestManyPagesOfOneUserAreOneSignIn(t *testing.T) {
	t.Parallel()
	e := embed(t)
	var mu sync.Mutex
	signIns := map[chat.SignInID]bool{}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, p := e.token(t)
			mu.Lock()
			defer mu.Unlock()
			signIns[p.SignIn] = true
		})
	}
	wg.Wait()
	require.Len(t, signIns, 1)
}
