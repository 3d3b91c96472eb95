package auth_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/chat"
)

// phone is a user's program that shows codes.
type phone struct {
	*stored
	user     chat.Principal
	secret   string
	recovery []string
}

// enrolled is a user with a second factor. No code of it has been shown but the one
// before last, by which it was confirmed: the others are left for the test.
func enrolled(t *testing.T) *phone {
	t.Helper()
	s := setup(t)
	_, p := s.logIn(t)
	p.Address = "here"
	made, err := s.Enrol(t.Context(), p, email)
	require.NoError(t, err)
	out := &phone{stored: s, user: p, secret: made.Secret}
	on, err := s.ConfirmEnrolment(t.Context(), p, auth.Code{Code: out.code(t, -1), From: "here"})
	require.NoError(t, err)
	require.Empty(t, on.Token, "a sign-in that was full already goes on")
	out.recovery = on.RecoveryCodes
	return out
}

// code is what the program shows now, or so many steps from now.
func (p *phone) code(t testing.TB, steps int) string {
	t.Helper()
	code, err := totp.GenerateCode(p.secret, time.Now().Add(time.Duration(steps)*30*time.Second))
	require.NoError(t, err)
	return code
}

// wrong is a code that is not right now, nor near.
func (p *phone) wrong(t testing.TB) string {
	t.Helper()
	for n := range 10 {
		code := fmt.Sprintf("%06d", n)
		if code != p.code(t, -1) && code != p.code(t, 0) && code != p.code(t, 1) && code != p.code(t, 2) {
			return code
		}
	}
	panic("ten numbers and four codes")
}

// challenge is the first step of signing in.
func (p *phone) challenge(t testing.TB) string {
	t.Helper()
	in, err := p.LogIn(t.Context(), email, password, "here")
	require.NoError(t, err)
	require.Empty(t, in.Token, "the password alone signs nobody in")
	require.NotEmpty(t, in.Challenge)
	return in.Challenge
}

func (p *phone) verify(t testing.TB, challenge, code string) (auth.SignedIn, error) {
	t.Helper()
	return p.VerifyCode(t.Context(), challenge, auth.Code{Code: code, From: "here"})
}

func (p *phone) count(t testing.TB, query string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, p.owner.QueryRow(t.Context(), query, args...).Scan(&n))
	return n
}

func reasonOf(err error) string {
	known, ok := err.(*chat.Error) //nolint:errorlint // what callers meet is not wrapped
	if !ok {
		return ""
	}
	return known.Reason
}

// race answers challenges all at once and counts those that sign in.
func (p *phone) race(t testing.TB, challenges []string, shown func(challenge string) auth.Code) int {
	t.Helper()
	var mu sync.Mutex
	in := 0
	var wg sync.WaitGroup
	start := make(chan struct{})
	for _, challenge := range challenges {
		wg.Go(func() {
			<-start
			if _, err := p.VerifyCode(t.Context(), challenge, shown(challenge)); err == nil {
				mu.Lock()
				defer mu.Unlock()
				in++
			}
		})
	}
	close(start)
	wg.Wait()
	return in
}
