package gupshup_test

import (
	"testing"

	"converse/channels"
	"converse/channels/channeltest"
	"converse/channels/gupshup"
	"converse/internal/chat"
)

// account is an app with its one number and partner access.
func account() channels.Account {
	return channels.Account{
		Connector: "0197a000-0000-7000-8000-000000000003",
		Settings:  map[string]string{"app_name": "DemoAPI", "app_id": "4005ef9e-581e-41f4-9b04-e0797e0463d2"},
		Secrets: map[string]string{
			"api_key":        "test_gupshup_api_key",
			"app_token":      "sk_test_gupshup_app_token",
			"webhook_secret": "test_webhook_secret_0123",
		},
		Senders: []channels.AccountSender{
			{ID: "0197a000-0000-7000-8000-0000000000c1", Channel: chat.ChannelWhatsApp, Address: "+910000000001"},
		},
		WebhookURL: "https://hub.example.com/hooks/gupshup/test_endpoint_word",
	}
}

var signer = channeltest.Signer{
	Header: "X-Converse-Secret",
	Word:   true,
	Sign: func(account channels.Account, webhook *channels.Webhook) {
		webhook.Header.Set("X-Converse-Secret", account.Secrets["webhook_secret"])
	},
}

func TestGolden(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, gupshup.New(), account(), "testdata", channeltest.SignedBy(signer))
}

func TestHostileBodies(t *testing.T) {
	t.Parallel()
	channeltest.CheckHostile(t, gupshup.New(), account())
}

// Not parallel: it measures memory.
func TestNoBodyCostsMuchMoreThanItsBytes(t *testing.T) {
	channeltest.CheckCost(t, gupshup.New(), account(),
		`{"type":"message","payload":{"id":"1","source":"919876543210","type":"contact","payload":{"contacts":[<{}>]}}}`,
		`{"type":"message","payload":{"id":"1","source":"919876543210","type":"text","payload":{"text":"x","more":[<0>]}}}`,
		`{"type":"message-event","payload":{"id":"1","type":"sent","more":[<{}>]}}`,
		`{"type":"account-event","more":[<{}>]}`,
		`{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"statuses":[<{"gs_id":"1","id":"2","status":"sent"}>]}}]}]}`,
	)
}

func FuzzParse(f *testing.F) {
	channeltest.Fuzz(f, gupshup.New(), account(), "testdata")
}
