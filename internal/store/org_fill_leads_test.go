package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/testkit/world"
)

// fillLeads puts a row into each table of custom fields, lists and the history of leads.
func fillLeads(t testing.TB, w *world.World, name string) {
	t.Helper()
	pool := owner(t, w)
	field, list := chat.NewID[chat.FieldID](), chat.NewID[chat.LeadListID]()
	for _, insert := range []struct {
		statement string
		args      []any
	}{
		{"insert into lead_fields (org_id, id, key, label, type) values ($1, $2, 'city', $3, 'text')", []any{w.Org, field, name}},
		{"insert into lead_values (org_id, lead_id, field_id, term) values ($1, $2, $3, $4)", []any{w.Org, w.Lead.ID, field, name}},
		{"insert into lead_lists (org_id, id, name, kind) values ($1, $2, $3, 'static')", []any{w.Org, list, name}},
		{"insert into lead_list_members (org_id, list_id, lead_id) values ($1, $2, $3)", []any{w.Org, list, w.Lead.ID}},
		{"insert into lead_reindexes (org_id) values ($1)", []any{w.Org}},
	} {
		_, err := pool.Exec(t.Context(), insert.statement, insert.args...)
		require.NoError(t, err)
	}
}
