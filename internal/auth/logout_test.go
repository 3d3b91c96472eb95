package auth_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/testkit/world"
)

// TestARequestDuringTheLogOutIsForgottenToo looks the token up again while the log-out
// is being stored.
func TestARequestDuringTheLogOutIsForgottenToo(t *testing.T) {
	t.Parallel()
	kept := &slowEnd{shelf: newShelf()}
	s := auth.NewSignIns(kept, shared(), world.Vault(t))
	in, err := s.LogIn(t.Context(), email, password, "here")
	require.NoError(t, err)
	p, err := s.Authenticate(t.Context(), in.Token)
	require.NoError(t, err)
	kept.during = func() {
		_, err := s.Authenticate(t.Context(), in.Token)
		require.NoError(t, err, "it is not ended yet")
	}
	require.NoError(t, s.LogOut(t.Context(), p))
	_, err = s.Authenticate(t.Context(), in.Token)
	require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
}

type slowEnd struct {
	*shelf
	during func()
}

func (s *slowEnd) EndSignIn(ctx context.Context, p chat.Principal) error {
	s.during()
	return s.shelf.EndSignIn(ctx, p)
}
