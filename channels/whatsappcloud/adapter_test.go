package whatsappcloud_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/channeltest"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
)

// account has two numbers. Its app secret is the one of the published vector.
func account() channels.Account {
	return channels.Account{
		Connector: "0197a000-0000-7000-8000-000000000001",
		Settings:  map[string]string{"waba_id": "102290129340398", "app_id": "1410000000000001"},
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

// in is a webhook with something in the place of the value of its only change.
func in(value string) string { return of("messages", value) }

// of is the same for another field.
func of(field, value string) string {
	return `{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"` + field + `","value":{"metadata":{"phone_number_id":"106540352242922"},` + value + `}}]}]}`
}

// Not parallel: it measures memory.
func TestNoBodyCostsMuchMoreThanItsBytes(t *testing.T) {
	channeltest.CheckCost(t, whatsappcloud.New(), account(),
		`{"object":"whatsapp_business_account","entry":[<{}>]}`,
		`{"object":"whatsapp_business_account","entry":[{"changes":[<{}>]}]}`,
		`{"object":"whatsapp_business_account","entry":[<{"changes":[{}]}>]}`,
		in(`"messages":[<{}>]`),
		in(`"messages":[<{"from":"12025550123","id":"1","type":"text","text":{"body":"x"}}>]`),
		in(`"contacts":[<{"wa_id":"12025550123"}>],"messages":[{"from":"12025550123","id":"1","type":"text","text":{"body":"x"}}]`),
		in(`"messages":[{"from":"12025550123","id":"1","type":"contacts","contacts":[{"phones":[<{"phone":"1"}>]}]}]`),
		in(`"messages":[{"from":"12025550123","id":"1","type":"order","order":{"product_items":[<{}>]}}]`),
		in(`"messages":[{"from":"12025550123","id":"1","type":"unsupported","errors":[<0>]}]`),
		in(`"statuses":[<{"id":"1","status":"sent"}>]`),
		in(`"statuses":[{"id":"1","status":"failed","errors":[<{}>]}]`),
		in(`"errors":[<0>]`),
		of("smb_message_echoes", `"message_echoes":[<{"to":"12025550123","id":"1","type":"text","text":{"body":"x"}}>]`),
		of("user_preferences", `"user_preferences":[<{"wa_id":"12025550123","category":"marketing_messages","value":"stop"}>]`),
		of("calls", `"calls":[<{"id":"1","from":"12025550123"}>]`),
		of("account_update", `"event":"ACCOUNT_RESTRICTION","restriction_info":[<{}>]`),
		`{"object":"whatsapp_business_account","entry":[{"changes":[<{"field":"security","value":{"event":"x"}}>]}]}`,
	)
}

func TestMoreUpdatesThanMetaSendsAreNotRead(t *testing.T) {
	t.Parallel()
	const most = 5000
	read := func(updates int) []channels.Event {
		one := `{"id":"wamid.1","status":"sent"}`
		body := in(`"statuses":[` + one + strings.Repeat(","+one, updates-1) + `]`)
		events, _, err := whatsappcloud.New().Parse(account(), &channels.Webhook{Body: []byte(body)})
		require.NoError(t, err)
		return events
	}
	events := read(most)
	require.Len(t, events, most)
	require.IsType(t, channels.Report{}, events[most-1])
	events = read(2 * most)
	require.Len(t, events, most+1, "said once, not for each")
	require.Equal(t, channels.Malformed{Why: "entry 1, change 1, status 5001: there are more than 5000 updates; from here on they are not read"}, events[most])
}

func FuzzParse(f *testing.F) {
	channeltest.Fuzz(f, whatsappcloud.New(), account(), "testdata")
}
