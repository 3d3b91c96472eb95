package auth_test

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/testkit/world"
)

// TestAUseIsWrittenOnceAMinute: however often a sign-in is used, and away from the
// requests that use it.
func TestAUseIsWrittenOnceAMinute(t *testing.T) {
	t.Parallel()
	shared()
	synctest.Test(t, func(t *testing.T) {
		kept := newShelf()
		s := auth.NewSignIns(kept, shared(), world.Vault(t))
		in, err := s.LogIn(t.Context(), email, password, "here")
		require.NoError(t, err)
		for range 300 { // five minutes
			_, err := s.Authenticate(t.Context(), in.Token)
			require.NoError(t, err)
			time.Sleep(time.Second)
			s.WriteSeen(t.Context(), slog.New(slog.DiscardHandler))
		}
		require.LessOrEqual(t, len(kept.used), 5)
		require.GreaterOrEqual(t, len(kept.used), 4)
	})
}
