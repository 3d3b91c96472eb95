package rpc_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
	"converse/internal/vault"
)

// playedMeta is WhatsApp, whose provider answers to accounts and templates by itself: only
// "the right token" is known there, and a template named "bad" is refused.
type playedMeta struct{ whatsappcloud.Adapter }

const rightToken = "the right token"

func (playedMeta) Check(_ context.Context, _ channels.Doer, account channels.Account) (channels.Checked, error) {
	if got := account.Secrets["access_token"]; got != rightToken {
		return channels.Checked{}, &channels.Error{Reason: channels.ReasonBadCredentials, Code: "190", Text: "Invalid OAuth access token"}
	}
	return channels.Checked{
		Name: "Harbour Homes", Warnings: []string{"The account is not verified."},
		Senders: []channels.FoundSender{{Address: "+12025550177", Ref: "106540352242977", Label: "Sales"}},
	}, nil
}

func (playedMeta) ListTemplates(context.Context, channels.Doer, channels.Account, string) (channels.TemplatePage, error) {
	return channels.TemplatePage{}, nil
}

func (playedMeta) SubmitTemplate(_ context.Context, _ channels.Doer, _ channels.Account, t channels.Template) (channels.TemplateReview, error) {
	if t.Name == "bad" {
		return channels.TemplateReview{}, &channels.Error{Reason: channels.ReasonRejected, Text: "Body has too many variables"}
	}
	return channels.TemplateReview{Ref: "594425479261596", Status: channels.TemplatePending}, nil
}

// whatsAppAccount is an account as an administrator fills it in, over a number of its own.
func whatsAppAccount() map[string]any {
	digits := strings.Map(func(r rune) rune { return '0' + r%10 }, strings.ReplaceAll(newClientID(), "-", ""))
	return map[string]any{
		"provider": "whatsapp_cloud", "name": "Second account",
		"settings": map[string]any{"waba_id": "102290129340398"},
		"secrets":  map[string]any{"access_token": rightToken, "app_secret": "0123456789abcdef0123456789abcdef"},
		"numbers":  []any{map[string]any{"channel": "whatsapp", "address": "+1" + digits[len(digits)-10:], "ref": "106540352242977", "label": "Sales"}},
	}
}

// draftOn is a template as an administrator writes it.
func draftOn(connector string) map[string]any {
	return map[string]any{
		"channel": "whatsapp", "connectorId": connector, "name": "visit_" + strings.ReplaceAll(newClientID(), "-", "_"), "language": "en_US",
		"category": "utility", "body": "Hello {{1}}, see you then.", "examples": map[string]any{"1": "Asha"},
	}
}

func draftOf(t testing.TB, w *world.World) chat.TemplateID {
	t.Helper()
	id := chat.NewID[chat.TemplateID]()
	require.NoError(t, w.Store.WriteTemplate(t.Context(), w.Admin, store.StoredTemplate{Template: chat.Template{
		ID: id, Channel: chat.ChannelWhatsApp, Connector: w.WhatsApp.ID, Name: "draft_" + strings.ReplaceAll(string(id), "-", "_"), Language: "en_US",
		Category: "utility", Body: "Hello there.", Status: chat.TemplateDraft,
	}}, false))
	return id
}

// spareConnector is an account without numbers.
func spareConnector(t testing.TB, w *world.World) chat.ConnectorID {
	t.Helper()
	id := chat.NewID[chat.ConnectorID]()
	sealed, err := world.Vault(t).Seal(vault.Place{Org: w.Org, Connector: id, Fields: "credentials"}, []byte("{}"))
	require.NoError(t, err)
	require.NoError(t, w.Store.CreateConnector(t.Context(), store.Connector{
		Org: w.Org, ID: id, Provider: "whatsapp_cloud", Name: "Spare", Settings: map[string]string{}, Sealed: sealed, EndpointHash: []byte(id),
	}))
	return id
}

func noticed(t testing.TB, w *world.World) chat.NoticeID {
	t.Helper()
	require.NoError(t, w.Store.Warn(t.Context(), w.Org, store.Notice{
		Connector: w.WhatsApp.ID, Kind: "quality", Level: "stop", Text: "The number is flagged.", Next: "Send less.", ReceivedAt: time.Now(),
	}))
	list, err := w.Store.Notices(t.Context(), w.Org, "", true, 1)
	require.NoError(t, err)
	return list[0].ID
}
