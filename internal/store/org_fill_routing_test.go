package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/testkit/world"
)

// fillRouting puts a row into each table of routing and merging.
func fillRouting(t testing.TB, w *world.World, name string) {
	t.Helper()
	ctx := t.Context()
	_, err := w.Store.SetUserProperties(ctx, w.Admin, w.Sales.User, map[string]string{"city": name})
	require.NoError(t, err)
	_, err = w.Store.SaveRoutingRules(ctx, w.Admin, chat.RoutingRules{Rules: []chat.RoutingRule{
		{Name: name, Active: true, When: chat.RoutingConditions{Words: []string{"lonely" + name}}, Target: chat.RouteNobody},
	}})
	require.NoError(t, err)
	receive(t, w, w.SMS, received(w.SMS, "in-wait", phone(79), "I am lonely"+name))
	_, err = w.Store.SetPresence(ctx, []chat.PresenceMark{
		{Org: w.Org, User: w.Sales.User, Node: name, State: chat.PresenceOnline, Until: time.Now().Add(time.Hour)},
	})
	require.NoError(t, err)
	pool := owner(t, w)
	exec(t, pool, `insert into merges (org_id, id, parent_id, child_id, lead_id, merged_at, snapshot) values ($1, $2, $3, $2, $3, now(), '{}')`,
		w.Org, chat.NewID[chat.MergeID](), w.Lead.ID)
	exec(t, pool, "insert into merge_settings (org_id, automatic) values ($1, false)", w.Org)
}
