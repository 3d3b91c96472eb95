package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit/world"
)

// fillEmbed puts a row into each table of embedding.
func fillEmbed(t testing.TB, w *world.World, name string) {
	t.Helper()
	_, err := w.Store.AddOrigin(t.Context(), w.Admin, "https://"+name+".example.com")
	require.NoError(t, err)
}
