package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/testkit/world"
)

// fillTransfers puts a row into each table of imports and exports.
func fillTransfers(t testing.TB, w *world.World, name string) {
	t.Helper()
	i, err := w.Store.CreateImport(t.Context(), w.Admin, name+".csv")
	require.NoError(t, err)
	_, err = w.Store.CreateExport(t.Context(), w.Admin, chat.ExportSelection{})
	require.NoError(t, err)
	_, err = owner(t, w).Exec(t.Context(), "insert into import_rows (org_id, import_id, place, outcome, lead_id) values ($1, $2, 1, 'created', $3)", w.Org, i.ID, w.Lead.ID)
	require.NoError(t, err)
}
