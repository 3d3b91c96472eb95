package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/store"
	"converse/internal/testkit/world"
)

// fillLife puts a row into each table of a connector's life.
func fillLife(t testing.TB, w *world.World, name string) {
	t.Helper()
	grant := store.Grant{Org: w.Org, Connector: w.WhatsApp.ID, Fingerprint: []byte(name), Node: name, Lease: time.Minute, Most: 1}
	begun, err := w.Store.BeginGrant(t.Context(), grant)
	require.NoError(t, err)
	require.True(t, begun.Ask)
	_, err = w.Store.StoreToken(t.Context(), grant, store.Token{Sealed: []byte(name), RenewIn: time.Minute, ExpiresIn: time.Hour})
	require.NoError(t, err)
	_, err = w.Store.Unreachable(t.Context(), w.Org, w.WhatsApp.ID)
	require.NoError(t, err)
	_, err = owner(t, w).Exec(t.Context(), `insert into exchanges (org_id, id, connector_id, message_id, purpose, at, took_ms, method, url)
		select org_id, id, connector_id, id, 'send', now(), 1, 'POST', $2 from messages where org_id = $1 and direction = 'outbound' limit 1`, w.Org, name)
	require.NoError(t, err)
}
