package ringcentral_test

import (
	"testing"

	"converse/channels"
	"converse/channels/channeltest"
	"converse/channels/ringcentral"
	"converse/internal/chat"
)

// account has two numbers.
func account() channels.Account {
	return channels.Account{
		Connector: "0197a000-0000-7000-8000-000000000003",
		Settings:  map[string]string{"client_id": "test_client"},
		Secrets: map[string]string{
			"client_secret":      "test_client_secret",
			"jwt":                "eyJEXAMPLE.HEADER.SIGNATURE",
			"verification_token": "test-verification-token",
		},
		Token:      "EXAMPLE_ACCESS_TOKEN",
		WebhookURL: "https://hub.example.com/hooks/ringcentral/ch_1",
		Senders: []channels.AccountSender{
			{ID: "0197a000-0000-7000-8000-0000000000c1", Channel: chat.ChannelSMS, Address: "+12025550100", Ref: "407310004"},
			{ID: "0197a000-0000-7000-8000-0000000000c2", Channel: chat.ChannelSMS, Address: "+12025550199"},
		},
	}
}

var signer = channeltest.Signer{
	Header: "Verification-Token",
	Word:   true,
	Sign: func(account channels.Account, webhook *channels.Webhook) {
		webhook.Header.Set("Verification-Token", account.Secrets["verification_token"])
	},
}

func TestGolden(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, ringcentral.New(), account(), "testdata", channeltest.SignedBy(signer))
}

func TestHostileBodies(t *testing.T) {
	t.Parallel()
	channeltest.CheckHostile(t, ringcentral.New(), account())
}

// Not parallel: it measures memory.
func TestNoBodyCostsMuchMoreThanItsBytes(t *testing.T) {
	instant := func(rest string) string {
		return `{"event":"/restapi/v1.0/account/1/extension/2/message-store/instant?type=SMS","body":{"id":"1","direction":"Inbound",` +
			`"from":{"phoneNumber":"+12025550123"},` + rest + `}}`
	}
	outbound := `"direction":"Outbound","messageStatus":"Sent","from":{"phoneNumber":"+12025550100"}`
	channeltest.CheckCost(t, ringcentral.New(), account(),
		instant(`"to":[{"phoneNumber":"+12025550100"}],"attachments":[<{"id":"1","type":"MmsAttachment"}>]`),
		instant(`"to":[{"phoneNumber":"+12025550100"}],"attachments":[<0>]`),
		instant(`"to":[<{"phoneNumber":"+12025550100"}>]`),
		`{"event":"/message-store/instant","body":{"id":"1",`+outbound+`,"to":[<{"phoneNumber":"+12025550123"}>]}}`,
		`{"event":"/message-store/instant","body":{"id":"1",`+outbound+`,"to":[<0>]}}`,
		`{"event":"/message-store","body":{"changes":[<{"type":"Pager"}>]}}`,
		`{"event":"/sms/consents","body":{"records":[<{"from":"*","to":"+12025550123","optStatus":"OptOut"}>]}}`,
		`{"event":"/sms/consents","body":{"records":[<0>]}}`,
		`{"event":"other","body":{"unknown":[<{}>]}}`,
	)
}

func FuzzParse(f *testing.F) {
	channeltest.Fuzz(f, ringcentral.New(), account(), "testdata")
}
