package account_test

import (
	"crypto/sha256"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/channels/whatsappcloud"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func adapters() []channels.Adapter { return []channels.Adapter{whatsappcloud.New(), ctm.New()} }

func TestAConnectorOpensWithWhatWasSealed(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	book := w.NewAccounts(t, "https://graph.example.test", adapters()...)
	for name, find := range map[string]func() (account.Open, error){
		"by its endpoint": func() (account.Open, error) {
			return book.ByEndpoint(t.Context(), "whatsapp_cloud", book.WhatsAppEndpoint)
		},
		"by its id": func() (account.Open, error) { return book.ByID(t.Context(), w.Org, book.WhatsApp.ID) },
	} {
		for range 2 { // found, and remembered
			open, err := find()
			require.NoError(t, err, name)
			require.Equal(t, w.Org, open.Org)
			require.Equal(t, channels.Kind("whatsapp_cloud"), open.Adapter.Kind())
			require.Equal(t, book.WhatsAppEndpoint, open.Endpoint)
			require.Equal(t, map[string]string{
				"access_token": world.AccessToken, "app_secret": world.AppSecret, "verify_token": world.VerifyToken,
			}, open.Account.Secrets, "the word in the address is not the adapter's to know")
			require.Equal(t, "https://graph.example.test", open.Account.BaseURL)
			require.Equal(t, "106540352242999", open.Account.Senders[0].Ref)
			require.Equal(t, book.WhatsApp.Senders[0].ID, open.Senders[0].ID)
		}
	}
}

func TestAWordThatIsNoEndpointIsNotFound(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	book := w.NewAccounts(t, "https://graph.example.test", adapters()...)
	for name, c := range map[string][2]string{
		"unknown": {"whatsapp_cloud", "a-guess"}, "empty": {"ctm", ""}, "of another provider": {"ctm", book.WhatsAppEndpoint},
		"of no provider": {"pigeon", book.WhatsAppEndpoint}, "in other case": {"whatsapp_cloud", strings.ToUpper(book.WhatsAppEndpoint)},
		"its hash": {"whatsapp_cloud", fmt.Sprintf("%x", sha256.Sum256([]byte(book.WhatsAppEndpoint)))},
	} {
		for range 2 {
			_, err := book.ByEndpoint(t.Context(), c[0], c[1])
			require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), name)
		}
	}
}

func TestI7AConnectorOfAnotherOrgDoesNotOpen(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	other := world.At(t, w.URL)
	book := w.NewAccounts(t, "https://graph.example.test", adapters()...)
	_, err := book.ByID(t.Context(), w.Org, book.CTM.ID) // remembered from now on
	require.NoError(t, err)
	_, err = book.ByID(t.Context(), other.Org, book.CTM.ID)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	list, err := book.List(t.Context(), other.Org)
	require.NoError(t, err)
	require.Len(t, list, 2)
	for _, open := range list {
		require.Equal(t, other.Org, open.Org)
	}
}

// TestCredentialsAreSealedAndOpenNowhereElse: a copy of the database holds no secret,
// and a row moved to another connector does not open.
func TestCredentialsAreSealedAndOpenNowhereElse(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	book := w.NewAccounts(t, "https://graph.example.test", adapters()...)
	owner, err := pgxpool.New(t.Context(), w.URL)
	require.NoError(t, err)
	t.Cleanup(owner.Close)
	var dump string
	require.NoError(t, owner.QueryRow(t.Context(), "select string_agg(c::text || encode(c.sealed, 'escape'), E'\n') from connectors c").Scan(&dump))
	require.Contains(t, dump, string(book.WhatsApp.ID))
	for _, secret := range []string{world.AppSecret, world.AccessToken, world.SigningSecret, book.WhatsAppEndpoint, book.CTMEndpoint} {
		require.NotContains(t, dump, secret)
	}

	_, err = owner.Exec(t.Context(), "update connectors set sealed = (select sealed from connectors where id = $1) where id = $2",
		book.WhatsApp.ID, book.CTM.ID)
	require.NoError(t, err)
	_, err = book.ByID(t.Context(), w.Org, book.CTM.ID)
	require.ErrorContains(t, err, "do not open")
	require.NotContains(t, err.Error(), world.AppSecret)
}

func TestOnlyAProviderThatIsSpokenIsTaken(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	book := account.NewBook(w.Store, world.Vault(t), "https://hub.example.com", adapters())
	require.True(t, book.Known("ctm"))
	require.False(t, book.Known("pigeon"))
	err := book.Create(t.Context(), account.New{
		Connector: store.Connector{Org: w.Org, ID: chat.NewID[chat.ConnectorID](), Provider: "pigeon"}, Endpoint: "word",
	})
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err))
	// One that a newer version made is told from one that does not exist.
	none := account.NewBook(w.Store, world.Vault(t), "https://hub.example.com", nil)
	_, err = none.ByID(t.Context(), w.Org, w.SMS.ID)
	require.ErrorContains(t, err, "ctm")
	require.Empty(t, chat.CodeOf(err))
}

// TestAnOpenConnectorIsNotPrintedWithItsSecrets: somebody will log one some day.
func TestAnOpenConnectorIsNotPrintedWithItsSecrets(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	book := w.NewAccounts(t, "https://graph.example.test", adapters()...)
	open, err := book.ByID(t.Context(), w.Org, book.WhatsApp.ID)
	require.NoError(t, err)
	var out strings.Builder
	logger := slog.New(slog.NewJSONHandler(&out, nil))
	logger.Info("x", "open", open, "account", open.Account, "pointer", &open)
	fmt.Fprintf(&out, "%v %+v %#v %s", open, open, open, open.Account)
	for _, secret := range []string{world.AppSecret, world.AccessToken, book.WhatsAppEndpoint} {
		require.NotContains(t, out.String(), secret)
	}
}

// TestEveryAccountMayHaveARateOfItsOwn, and one that is no number is refused by name.
func TestEveryAccountMayHaveARateOfItsOwn(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	book := account.NewBook(w.Store, world.Vault(t), "https://hub.example.com", adapters())
	for _, provider := range book.Providers() {
		fields := provider.Form.Fields
		require.Equal(t, channels.RateSetting, fields[len(fields)-1].Name, provider.Kind)
	}
	err := book.Create(t.Context(), account.New{
		Connector: store.Connector{
			Org: w.Org, ID: chat.NewID[chat.ConnectorID](), Provider: "ctm", Name: "Texts",
			Settings: map[string]string{"account_id": "500001", channels.RateSetting: "many"},
		},
		Secrets: map[string]string{"access_key": "k", "secret_key": "s"}, Endpoint: "word",
	})
	require.ErrorContains(t, err, "settings.rate_per_minute")
}
