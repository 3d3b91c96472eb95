package store_test

import (
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/testkit/world"
)

// fillPeople puts a row into each table of invitations and passwords.
func fillPeople(t testing.TB, w *world.World, name string) {
	t.Helper()
	u := chat.User{ID: chat.NewID[chat.UserID](), Name: name, Email: name + "@invited.example", Role: chat.RoleSalesUser}
	_, err := w.Store.Invite(t.Context(), w.Admin, u, nil, sha256.Sum256([]byte("link of "+name)))
	require.NoError(t, err)
	require.NoError(t, w.Store.ChangePassword(t.Context(), w.Admin, "another of "+name))
}
