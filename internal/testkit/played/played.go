// Package played puts the sandbox between a test and real adapters: WhatsApp's own API and
// Gupshup, over HTTP, with a connector for each.
//
// It owns the accounts and what the test may ask of a lead's phone. It must not know what
// a test is about.
package played

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/gupshup"
	"converse/channels/whatsappcloud"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/safehttp"
	"converse/internal/sandbox"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

const (
	waba       = "102290129340398"
	metaApp    = "1410000000000001"
	gupshupApp = "4005ef9e-581e-41f4-9b04-e0797e0463d2"
)

// Providers are the two of WhatsApp, and the connectors that a world has for them.
type Providers struct {
	*account.Book
	// Sandbox plays both, at URL.
	Sandbox *sandbox.Sandbox
	URL     string
	// Accounts are those that it plays: WhatsApp's, then Gupshup's.
	Accounts []sandbox.Account
	// Doer calls them.
	Doer channels.Doer
	// WhatsApp and Gupshup are connectors with a number each.
	WhatsApp, Gupshup store.Connector
}

// New plays the providers for a world; each change may turn something of them.
func New(t testing.TB, w *world.World, changes ...func(*sandbox.Config)) *Providers {
	t.Helper()
	config := sandbox.Config{
		Seed: 1, DefaultDelays: sandbox.Delays{Sent: time.Millisecond, Delivered: 2 * time.Millisecond, Read: time.Millisecond},
		Accounts: []sandbox.Account{
			{
				Provider: "whatsapp_cloud", AccountID: waba, Credentials: sandbox.Credentials{AccessToken: world.AccessToken},
				Senders: []sandbox.Sender{{Address: "+12025550121", Ref: "106540352242921"}},
			},
			{
				Provider: "gupshup", AccountID: gupshupApp, Name: "DemoAPI",
				Credentials: sandbox.Credentials{AccessKey: "test_api_key", AccessToken: "test_app_token"},
				Senders:     []sandbox.Sender{{Address: "+12025550122", Ref: "106540352242922"}},
			},
		},
	}
	for _, change := range changes {
		change(&config)
	}
	played := sandbox.New(config)
	server := httptest.NewServer(played.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(played.Close)
	played.SetBaseURL(server.URL)
	allowed, err := safehttp.ParseAllowed([]string{"127.0.0.0/8"})
	require.NoError(t, err)
	client := safehttp.NewProvider(safehttp.Options{Allowed: allowed})
	t.Cleanup(client.Close)

	p := &Providers{
		Book:    account.NewBook(w.Store, world.Vault(t), "https://hub.example.com", []channels.Adapter{whatsappcloud.New(), gupshup.New()}),
		Sandbox: played, URL: server.URL, Accounts: config.Accounts, Doer: client,
	}
	p.WhatsApp = p.connector(t, w, account.New{
		Connector: store.Connector{Provider: "whatsapp_cloud", Settings: map[string]string{"waba_id": waba, "app_id": metaApp}},
		Secrets:   map[string]string{"access_token": world.AccessToken, "app_secret": world.AppSecret, "verify_token": world.VerifyToken},
	}, config.Accounts[0])
	p.Gupshup = p.connector(t, w, account.New{
		Connector: store.Connector{Provider: "gupshup", Settings: map[string]string{"app_name": "DemoAPI", "app_id": gupshupApp}},
		Secrets:   map[string]string{"api_key": "test_api_key", "app_token": "test_app_token", "webhook_secret": "0123456789abcdef"},
	}, config.Accounts[1])
	return p
}

func (p *Providers) connector(t testing.TB, w *world.World, n account.New, at sandbox.Account) store.Connector {
	t.Helper()
	n.Org, n.ID, n.Name, n.BaseURL = w.Org, chat.NewID[chat.ConnectorID](), n.Provider, p.URL
	n.Endpoint = "endpoint-of-" + n.Provider
	n.Senders = []store.ConnectorSender{{Ref: at.Senders[0].Ref, Sender: chat.Sender{
		ID: chat.NewID[chat.SenderID](), Connector: n.ID, Provider: n.Provider, Channel: chat.ChannelWhatsApp, Address: at.Senders[0].Address,
	}}}
	require.NoError(t, p.Create(t.Context(), n))
	return n.Connector
}

// Shown is a message on a phone.
type Shown struct {
	Text, Header, Footer string
	Buttons              []struct{ ID, Title string }
	Media                []struct{ ID, ContentType, Name, Link string }
	Location             *chat.Place
}

// Phone lists what came to a lead's phone from a provider, the oldest first.
func (p *Providers) Phone(t testing.TB, number string, provider channels.Kind) []Shown {
	t.Helper()
	var phone struct {
		Threads []struct {
			Provider channels.Kind
			Messages []Shown
		}
	}
	require.NoError(t, json.Unmarshal(p.get(t, "/handset/api/handsets/"+number), &phone))
	for _, thread := range phone.Threads {
		if thread.Provider == provider {
			return thread.Messages
		}
	}
	return nil
}

// File is the bytes of a file that is on a phone.
func (p *Providers) File(t testing.TB, id string) []byte {
	t.Helper()
	return p.get(t, "/handset/api/media/"+id)
}

func (p *Providers) get(t testing.TB, path string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+path, nil)
	require.NoError(t, err)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return body
}
