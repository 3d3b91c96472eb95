package ctm_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"strconv"
	"testing"

	"converse/channels"
	"converse/channels/channeltest"
	"converse/channels/ctm"
	"converse/internal/chat"
)

// account has two tracking numbers. Its signing secret is the one of the published
// vector.
func account() channels.Account {
	return channels.Account{
		Connector: "0197a000-0000-7000-8000-000000000002",
		Settings:  map[string]string{"account_id": "500001"},
		Secrets: map[string]string{
			"access_key":     "test_access_key",
			"secret_key":     "test_secret_key",
			"signing_secret": "test_ctm_secret",
			"token":          "test-hook-token",
		},
		Senders: []channels.AccountSender{
			{ID: "0197a000-0000-7000-8000-0000000000b1", Channel: chat.ChannelSMS, Address: "+12025550100", Ref: "TPNC3C4B23EXAMPLE"},
			{ID: "0197a000-0000-7000-8000-0000000000b2", Channel: chat.ChannelSMS, Address: "+12025550199"},
		},
	}
}

var signer = channeltest.Signer{
	Header: "X-CTM-Signature",
	Sign: func(account channels.Account, webhook *channels.Webhook) {
		sent := strconv.FormatInt(webhook.ReceivedAt.Unix(), 10)
		mac := hmac.New(sha1.New, []byte(account.Secrets["signing_secret"]))
		mac.Write([]byte(sent))
		mac.Write(webhook.Body)
		webhook.Header.Set("X-CTM-Time", sent)
		webhook.Header.Set("X-CTM-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
		webhook.Query.Set("token", account.Secrets["token"])
	},
}

func TestGolden(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, ctm.New(), account(), "testdata", channeltest.SignedBy(signer))
}

func TestHostileBodies(t *testing.T) {
	t.Parallel()
	channeltest.CheckHostile(t, ctm.New(), account())
}

// Not parallel: it measures memory.
func TestNoBodyCostsMuchMoreThanItsBytes(t *testing.T) {
	channeltest.CheckCost(t, ctm.New(), account(),
		`{"message_id":"M1","direction":"msg_inbound","caller_number":"+12025550123","tracking_number":"+12025550100","message_media":[<0>]}`,
		`{"message_id":"M1","direction":"msg_inbound","caller_number":"+12025550123","tracking_number":"+12025550100","message_media":[<"https://a.example/b">]}`,
		`{"unknown":[<{}>]}`,
	)
}

func FuzzParse(f *testing.F) {
	channeltest.Fuzz(f, ctm.New(), account(), "testdata")
}
