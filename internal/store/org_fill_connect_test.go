package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit/world"
)

// fillConnect puts a row into the table of readings of templates.
func fillConnect(t testing.TB, w *world.World) {
	t.Helper()
	require.NoError(t, w.Store.BeginTemplateSync(t.Context(), w.Admin, w.Org, w.WhatsApp.ID))
}
