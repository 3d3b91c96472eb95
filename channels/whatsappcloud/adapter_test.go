package whatsappcloud_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"converse/channels"
	"converse/channels/channeltest"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
)

// account has two numbers. Its app secret is the one of the published vector.
func account() channels.Account {
	return channels.Account{
		Connector: "0197a000-0000-7000-8000-000000000001",
		Settings:  map[string]string{"waba_id": "102290129340398"},
		Secrets: map[string]string{
			"access_token": "test_access_token",
			"app_secret":   "test_app_secret",
			"verify_token": "test_verify_token",
		},
		Senders: []channels.AccountSender{
			{ID: "0197a000-0000-7000-8000-0000000000a1", Channel: chat.ChannelWhatsApp, Address: "+12025550100", Ref: "106540352242922"},
			{ID: "0197a000-0000-7000-8000-0000000000a2", Channel: chat.ChannelWhatsApp, Address: "+12025550101", Ref: "106540352242933"},
		},
	}
}

var signer = channeltest.Signer{
	Header: "X-Hub-Signature-256",
	Sign: func(account channels.Account, webhook *channels.Webhook) {
		mac := hmac.New(sha256.New, []byte(account.Secrets["app_secret"]))
		mac.Write(webhook.Body)
		webhook.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	},
}

func TestGolden(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, whatsappcloud.New(), account(), "testdata", channeltest.SignedBy(signer))
}

func TestHostileBodies(t *testing.T) {
	t.Parallel()
	channeltest.CheckHostile(t, whatsappcloud.New(), account())
}

func FuzzParse(f *testing.F) {
	channeltest.Fuzz(f, whatsappcloud.New(), account(), "testdata")
}
