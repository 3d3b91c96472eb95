package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// TestScreensAreToldWhatBecomesOfAConnector: who shows connectors learns of everything
// that changes the picture without asking every minute.
func TestScreensAreToldWhatBecomesOfAConnector(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	said := 0
	// told is what sessions heard since the last call.
	told := func() (states []string) {
		events := eventsTo(t, w, chat.OrgTopic(w.Org))
		for _, e := range events[said:] {
			require.Equal(t, string(w.WhatsApp.ID), e.GetConnectorChanged().GetConnectorId())
			states = append(states, e.GetConnectorChanged().GetState())
		}
		said = len(events)
		return states
	}
	told()

	require.NoError(t, w.Store.SwitchConnector(t.Context(), w.Admin, w.WhatsApp.ID, store.ConnectorPaused, "Paused by hand."))
	require.NoError(t, w.Store.SwitchConnector(t.Context(), w.Admin, w.WhatsApp.ID, store.ConnectorPaused, "Again."))
	require.NoError(t, w.Store.SwitchConnector(t.Context(), w.Admin, w.WhatsApp.ID, store.ConnectorActive, ""))
	require.Equal(t, []string{"paused", "active"}, told(), "what changes nothing is not told")

	other, err := w.Store.Connector(t.Context(), w.Org, w.WhatsApp.ID)
	require.NoError(t, err)
	other.Name = "Front desk"
	require.NoError(t, w.Store.ChangeConnector(t.Context(), w.Admin, other, nil))
	require.Equal(t, []string{"active"}, told(), "an administrator changed it")

	require.NoError(t, w.Store.Warn(t.Context(), w.Org, store.Notice{
		Connector: w.WhatsApp.ID, Kind: "account_update", Level: "stop", Text: "WhatsApp disabled the account.", ReceivedAt: time.Now(),
	}))
	notices, err := w.Store.Notices(t.Context(), w.Org, w.WhatsApp.ID, true, 10)
	require.NoError(t, err)
	require.NoError(t, w.Store.SettleNotice(t.Context(), w.Admin, notices[0].ID))
	require.Equal(t, []string{"noticed", "noticed"}, told())
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(w.Store.SettleNotice(t.Context(), w.Admin, chat.NewID[chat.NoticeID]())))

	gone, err := w.Store.Connector(t.Context(), w.Org, w.WhatsApp.ID)
	require.NoError(t, err)
	gone.EndpointHash = []byte("nowhere")
	_, err = w.Store.ArchiveConnector(t.Context(), w.Admin, gone)
	require.NoError(t, err)
	require.Equal(t, []string{"archived"}, told())
}
