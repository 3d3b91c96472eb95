package auth_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/chat"
)

// shared makes one hasher for all tests: making it costs a hash.
var shared = sync.OnceValue(func() *auth.Passwords {
	p, err := auth.NewPasswords()
	if err != nil {
		panic(err)
	}
	return p
})

func TestAHashIsArgon2idWithTheParametersOfTheDay(t *testing.T) {
	t.Parallel()
	p := shared()
	one, err := p.Hash(t.Context(), "correct horse")
	require.NoError(t, err)
	// OWASP's floor for argon2id: 19 MiB, two passes, one lane; 16 bytes of salt, 32 of key.
	require.Regexp(t, `^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`, one)
	two, err := p.Hash(t.Context(), "correct horse")
	require.NoError(t, err)
	require.NotEqual(t, one, two, "salted")
	for _, c := range []struct {
		password, hash string
		want           bool
	}{
		{"correct horse", one, true},
		{"correct horse", two, true},
		{"correct horse ", one, false},
		{"", one, false},
		{"correct horse", "", false}, // nobody
		// The parameters are the hash's own: an older, cheaper one still opens.
		{"password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b27WzTA9CrJXp4Lra2cKDPRe64", false},
	} {
		got, err := p.Matches(t.Context(), c.password, c.hash)
		require.NoError(t, err)
		require.Equal(t, c.want, got, "%q against %q", c.password, c.hash)
	}
}

func TestAHashThatCannotBeReadMatchesNothing(t *testing.T) {
	t.Parallel()
	p := shared()
	good, err := p.Hash(t.Context(), "x")
	require.NoError(t, err)
	for _, hash := range []string{
		"none", "$2a$10$abcdefghijklmnopqrstuv", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "t=2", "t=0", 1), strings.Replace(good, "p=1", "p=0", 1), strings.Replace(good, "p=1", "p=256", 1),
		strings.Replace(good, "m=19456", "m=", 1), good + "$", good[:len(good)-2] + "!!", strings.Replace(good, "t=2", "t=-1", 1),
	} {
		require.NotPanics(t, func() {
			ok, err := p.Matches(t.Context(), "x", hash)
			require.False(t, ok, hash)
			require.Error(t, err, hash)
		})
	}
}

func TestALongPasswordIsNotHashed(t *testing.T) {
	t.Parallel()
	p := shared()
	long := strings.Repeat("x", auth.LongestPassword+1)
	_, err := p.Hash(t.Context(), long)
	require.Error(t, err)
	hash, err := p.Hash(t.Context(), long[1:])
	require.NoError(t, err)
	require.True(t, p.Check(t.Context(), long[1:], hash))
	for _, known := range []string{hash, ""} {
		ok, err := p.Matches(t.Context(), long, known)
		require.NoError(t, err, "it is a wrong password, not a fault")
		require.False(t, ok)
	}
}

// TestTheQueueForHashingIsBounded: whoever signs in during a flood is told to come
// again, instead of waiting behind all of it.
func TestTheQueueForHashingIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, err := auth.NewPasswords()
		require.NoError(t, err)
		for range 2 { // and there is room again
			release := p.Occupy()
			answers := make(chan error, auth.MostWaiting)
			for range auth.MostWaiting {
				go func() {
					_, err := p.Matches(t.Context(), "x", "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA")
					answers <- err
				}()
			}
			synctest.Wait()
			_, err = p.Matches(t.Context(), "x", "")
			require.Equal(t, chat.CodeTooMany, chat.CodeOf(err))
			release()
			for range auth.MostWaiting {
				require.NoError(t, <-answers, "who waited in time is served")
			}
		}
	})
}

func TestHashingIsBoundedAndGivesUpWithItsCaller(t *testing.T) {
	t.Parallel()
	p, err := auth.NewPasswords()
	require.NoError(t, err)
	require.Positive(t, p.Slots())
	release := p.Occupy()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = p.Hash(ctx, "x")
	require.ErrorIs(t, err, context.Canceled)
	_, err = p.Matches(ctx, "x", "")
	require.ErrorIs(t, err, context.Canceled)
	release()
	_, err = p.Hash(t.Context(), "x")
	require.NoError(t, err)
}
