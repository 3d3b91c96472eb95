package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// TestScreensAreToldWhatBecomesOfTemplates: a template that was approved a moment ago is
// offered without a page being loaded again.
func TestScreensAreToldWhatBecomesOfTemplates(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	said := len(eventsTo(t, w, chat.OrgTopic(w.Org)))
	// told is whether sessions heard of templates of an account since the last call.
	told := func(of chat.ConnectorID) bool {
		events := eventsTo(t, w, chat.OrgTopic(w.Org))
		heard := events[said:]
		said = len(events)
		for _, e := range heard {
			require.Equal(t, "templates", e.GetConnectorChanged().GetState())
			require.Equal(t, string(of), e.GetConnectorChanged().GetConnectorId())
		}
		return len(heard) > 0
	}
	draft := store.StoredTemplate{Template: chat.Template{
		ID: chat.NewID[chat.TemplateID](), Channel: chat.ChannelWhatsApp, Connector: w.WhatsApp.ID, Name: "hello", Language: "en", Category: "utility",
		Body: "Hello.", Status: chat.TemplateDraft,
	}}
	ctx := t.Context()
	review := func(r store.Review) (store.CallbackEnd, error) {
		return w.Store.Review(ctx, w.Org, store.Arrival{Callback: store.Callback{Connector: w.WhatsApp.ID}, Stored: true}, r)
	}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"written", func() error { return w.Store.WriteTemplate(ctx, w.Admin, draft, false) }},
		{"changed", func() error { return w.Store.WriteTemplate(ctx, w.Admin, draft, true) }},
		{"handed in", func() error {
			return w.Store.HandIn(ctx, w.Admin, draft.ID, store.Review{Ref: "1", Status: "pending"}, time.Now())
		}},
		{"approved", func() error { _, err := review(store.Review{Ref: "1", Status: "approved"}); return err }},
		{"read from the provider", func() error {
			_, err := w.Store.KeepTemplates(ctx, w.Org, w.WhatsApp.ID, nil, time.Now(), true)
			return err
		}},
	} {
		require.NoError(t, step.do(), step.what)
		require.True(t, told(w.WhatsApp.ID), step.what)
	}
	_, err := review(store.Review{Ref: "none of ours", Name: "other", Status: "approved"})
	require.NoError(t, err)
	require.False(t, told(w.WhatsApp.ID), "it changed nothing")

	draft.ID, draft.Name, draft.Connector = chat.NewID[chat.TemplateID](), "of_no_account", ""
	require.NoError(t, w.Store.WriteTemplate(ctx, w.Admin, draft, false))
	require.True(t, told(""))
	require.NoError(t, w.Store.DropTemplate(ctx, w.Admin, draft.ID))
	require.True(t, told(""))
}
