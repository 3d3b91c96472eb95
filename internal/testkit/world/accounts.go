package world

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/vault"
)

// Secrets of the connectors that Accounts makes.
const (
	AppSecret     = "test_app_secret"
	VerifyToken   = "test_verify_token"
	AccessToken   = "test_access_token"
	SigningSecret = "test_ctm_secret"
)

// Accounts are connectors with sealed secrets, for tests of webhooks and sending.
type Accounts struct {
	*account.Book
	// WhatsApp and CTM name connectors; their endpoints are the words in the
	// webhook's address.
	WhatsApp, CTM                 store.Connector
	WhatsAppEndpoint, CTMEndpoint string
}

// NewAccounts makes a connector a provider, whose API is at baseURL.
func (w *World) NewAccounts(t testing.TB, baseURL string, adapters ...channels.Adapter) *Accounts {
	t.Helper()
	a := &Accounts{Book: account.NewBook(w.Store, Vault(t), "https://hub.example.com", adapters), WhatsAppEndpoint: "whatsapp-endpoint-word", CTMEndpoint: "ctm-endpoint-word"}
	a.WhatsApp = w.account(t, a.Book, account.New{
		Connector: store.Connector{Provider: "whatsapp_cloud", BaseURL: baseURL, Settings: map[string]string{"waba_id": "102290129340398"}},
		Secrets:   map[string]string{"access_token": AccessToken, "app_secret": AppSecret, "verify_token": VerifyToken},
		Endpoint:  a.WhatsAppEndpoint,
	}, chat.ChannelWhatsApp, "+12025550111", "106540352242999")
	a.CTM = w.account(t, a.Book, account.New{
		Connector: store.Connector{Provider: "ctm", BaseURL: baseURL, Settings: map[string]string{"account_id": "500001"}},
		Secrets:   map[string]string{"access_key": "test_access_key", "secret_key": "test_secret_key", "signing_secret": SigningSecret},
		Endpoint:  a.CTMEndpoint,
	}, chat.ChannelSMS, "+12025550110", "TPN9")
	return a
}

// Vault opens what fixtures have sealed.
func Vault(t testing.TB) *vault.Vault {
	t.Helper()
	key, err := vault.NewKey([]byte("0123456789abcdef0123456789abcdef"))
	require.NoError(t, err)
	sealed, err := vault.New(key)
	require.NoError(t, err)
	return sealed
}

func (w *World) account(t testing.TB, book *account.Book, n account.New, channel chat.Channel, address, ref string) store.Connector {
	t.Helper()
	n.Org, n.ID, n.Name = w.Org, chat.NewID[chat.ConnectorID](), n.Provider
	n.Senders = []store.ConnectorSender{{Ref: ref, Sender: chat.Sender{
		ID: chat.NewID[chat.SenderID](), Connector: n.ID, Provider: n.Provider, Channel: channel, Address: address,
	}}}
	require.NoError(t, book.Create(t.Context(), n))
	return n.Connector
}
