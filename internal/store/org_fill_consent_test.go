package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/store"
	"converse/internal/testkit/world"
)

// fillConsents puts a row into each table of aliases and notices.
func fillConsents(t testing.TB, w *world.World, name string) {
	t.Helper()
	r := store.Report{Connector: w.WhatsApp.ID, ProviderID: "wamid.of." + name, Alias: "alias of " + name, ReceivedAt: time.Now()}
	report(t, w, w.WhatsApp, r)
	_, err := w.Store.Notice(t.Context(), w.Org, arrival(w.WhatsApp), store.Notice{
		Connector: w.WhatsApp.ID, Sender: w.WhatsApp.Senders[0].ID, Kind: "quality", Level: "warning", Text: name, ReceivedAt: time.Now(),
	})
	require.NoError(t, err)
}
