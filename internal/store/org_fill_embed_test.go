package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// fillEmbed puts a row into each table of embedding, erasing and retention.
func fillEmbed(t testing.TB, w *world.World, name string) {
	t.Helper()
	_, err := w.Store.AddOrigin(t.Context(), w.Admin, "https://"+name+".example.com")
	require.NoError(t, err)
	lead := w.NewLead(t, name, "Leaves", phone(79))
	pool := owner(t, w)
	_, err = pool.Exec(t.Context(), "update identifiers set opted_out_at = now(), opt_out_source = 'reply' where org_id = $1 and lead_id = $2", w.Org, lead.ID)
	require.NoError(t, err)
	keyed, err := store.Open(t.Context(), store.Options{URL: w.URL, MaxConns: 2, SuppressionKeys: [][]byte{[]byte("key")}})
	require.NoError(t, err)
	defer keyed.Close()
	_, err = keyed.EraseLead(t.Context(), w.Admin, lead.ID, true)
	require.NoError(t, err)
	require.NoError(t, w.Store.SetRetention(t.Context(), w.Admin, chat.RetainCallbacks, 20))
}
