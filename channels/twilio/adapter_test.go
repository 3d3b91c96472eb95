package twilio_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"converse/channels"
	"converse/channels/channeltest"
	"converse/channels/twilio"
	"converse/internal/chat"
)

const (
	accountSID = "AC0123456789abcdef0123456789abcdef"
	serviceSID = "MG3a4b5c6d7e8f90123a4b5c6d7e8f9012"
)

// account has one number that carries both channels, and one that sends through a
// Messaging Service. Its auth token and address are those of the published vector.
func account() channels.Account {
	return channels.Account{
		Connector:  "0197a000-0000-7000-8000-000000000003",
		Settings:   map[string]string{"account_sid": accountSID},
		Secrets:    map[string]string{"auth_token": "test_auth_token_0123456789abcdef", "previous_auth_token": "test_previous_token"},
		WebhookURL: "https://hub.example.com/webhooks/twilio/inbound",
		Senders: []channels.AccountSender{
			{ID: "0197a000-0000-7000-8000-0000000000c1", Channel: chat.ChannelSMS, Address: "+12025550100"},
			{ID: "0197a000-0000-7000-8000-0000000000c2", Channel: chat.ChannelWhatsApp, Address: "+12025550100"},
			{ID: "0197a000-0000-7000-8000-0000000000c3", Channel: chat.ChannelSMS, Address: "+12025550101", Ref: serviceSID},
		},
	}
}

// sign is Twilio's algorithm as its guide tells it, apart from the library's.
func sign(token, address string, body []byte) string {
	form, _ := url.ParseQuery(string(body))
	var signed strings.Builder
	signed.WriteString(address)
	for _, name := range slices.Sorted(maps.Keys(form)) {
		signed.WriteString(name + form.Get(name))
	}
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(signed.String()))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func address(account channels.Account, webhook *channels.Webhook) string {
	if webhook.RawQuery == "" {
		return account.WebhookURL
	}
	return account.WebhookURL + "?" + webhook.RawQuery
}

var signer = channeltest.Signer{
	Header: "X-Twilio-Signature",
	Sign: func(account channels.Account, webhook *channels.Webhook) {
		webhook.Header.Set("X-Twilio-Signature", sign(account.Secrets["auth_token"], address(account, webhook), webhook.Body))
	},
}

func TestGolden(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, twilio.New(), account(), "testdata", channeltest.SignedBy(signer))
}

func TestHostileBodies(t *testing.T) {
	t.Parallel()
	channeltest.CheckHostile(t, twilio.New(), account())
}

// Not parallel: it measures memory.
func TestNoBodyCostsMuchMoreThanItsBytes(t *testing.T) {
	channeltest.CheckCost(t, twilio.New(), account(),
		`MessageSid=SM1&SmsStatus=received&From=%2B12025550123&To=%2B12025550100&Body=<a>`,
		`MessageSid=SM1&From=%2B12025550123&To=%2B12025550100&NumMedia=999999999&<a=1&>`,
		`MessageSid=SM1&From=%2B12025550123&To=%2B12025550100&Body=<%F0%9F%91%8D>`,
	)
}

func FuzzParse(f *testing.F) {
	channeltest.Fuzz(f, twilio.New(), account(), "testdata")
}
