package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

func TestSitesOfTheWidget(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	ctx := t.Context()
	const crm = "https://crm.example.com"
	for range 2 {
		added, err := w.Store.AddOrigin(ctx, w.Admin, crm)
		require.NoError(t, err)
		require.Equal(t, crm, added.Origin)
		require.Equal(t, w.Admin.Name, added.AddedByName)
		require.WithinDuration(t, time.Now(), added.AddedAt, time.Minute)
		require.Zero(t, added.SeenAt)
	}
	other := world.At(t, w.URL)
	_, err := other.Store.AddOrigin(ctx, other.Admin, crm)
	require.NoError(t, err, "two orgs may be on one site")
	all, err := w.Store.AllOrigins(ctx)
	require.NoError(t, err)
	require.ElementsMatch(t, []chat.OrgOrigin{{Org: w.Org, Origin: crm}, {Org: other.Org, Origin: crm}}, all)

	require.NoError(t, w.Store.SeeOrigins(ctx, []chat.OrgOrigin{{Org: w.Org, Origin: crm}, {Org: w.Org, Origin: "https://gone.example.com"}}))
	list, err := w.Store.Origins(ctx, w.Org)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.WithinDuration(t, time.Now(), list[0].SeenAt, time.Minute)
	theirs, err := other.Store.Origins(ctx, other.Org)
	require.NoError(t, err)
	require.Zero(t, theirs[0].SeenAt)

	require.NoError(t, w.Store.RemoveOrigin(ctx, w.Admin, crm))
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(w.Store.RemoveOrigin(ctx, w.Admin, crm)))
	list, err = w.Store.Origins(ctx, w.Org)
	require.NoError(t, err)
	require.Empty(t, list)
	entries, err := w.Store.AuditEntries(ctx, w.Org, store.AuditFilter{Action: "origin.", Most: 10})
	require.NoError(t, err)
	require.Len(t, entries, 2, "adding what is there is no change")
	require.Equal(t, "origin.removed", entries[0].Action)
	require.Equal(t, crm, entries[0].Detail)
}

func TestSitesOfTheWidgetHaveALimit(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	for i := range 100 {
		_, err := w.Store.AddOrigin(t.Context(), w.Admin, fmt.Sprintf("https://%d.example.com", i))
		require.NoError(t, err)
	}
	_, err := w.Store.AddOrigin(t.Context(), w.Admin, "https://one.example.com")
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err))
	_, err = w.Store.AddOrigin(t.Context(), w.Admin, "https://7.example.com")
	require.NoError(t, err)
	list, err := w.Store.Origins(t.Context(), w.Org)
	require.NoError(t, err)
	require.Len(t, list, 100)
}
