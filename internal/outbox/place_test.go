package outbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
)

// pier is a place.
func pier() *chat.Place {
	return &chat.Place{Latitude: 53.5413, Longitude: -9.9841, Name: "Pier 3", Address: "12 Quay Street, Harbour"}
}

// TestThePlaceOverATemplateIsOnThePhone sends one at each provider, and sends it again.
func TestThePlaceOverATemplateIsOnThePhone(t *testing.T) {
	t.Parallel()
	b := newTemplates(t)
	for name, of := range map[string]store.Connector{"whatsapp": b.at.WhatsApp, "gupshup": b.at.Gupshup} {
		talk := b.Conversation(t, of)
		d := filledIn(talk, b.approved(t, of, full("meet", &chat.TemplateHeader{Kind: chat.KindLocation})))
		d.Location = pier()
		d.Location.Name = " Pier 3 "
		m, err := b.outbox.Accept(t.Context(), b.Sales, d)
		require.NoError(t, err, name)
		require.Equal(t, "Location: Pier 3, 12 Quay Street, Harbour (53.5413, -9.9841)\nHello Mira, see the harbour on Monday.\n\nHarbour Homes", m.Text,
			"as a place of a lead's is written")
		seen := b.shown(t, of, "Hello Mira, see the harbour on Monday.")
		require.Equal(t, pier(), seen.Location, name)

		d.Location = pier()
		d.Location.Latitude++
		_, err = b.outbox.Accept(t.Context(), b.Sales, d)
		require.Equal(t, chat.CodeConflict, chat.CodeOf(err), "another place is another message: %s", name)
	}
}
