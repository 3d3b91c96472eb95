package twilio_test

import (
	"maps"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
	"converse/internal/sandbox/twilio"
)

// published is an inbound webhook as it is published, with the signature of its address.
const (
	published = "ToCountry=US&ToState=DC&SmsMessageSid=SM0a1b2c3d4e5f67890a1b2c3d4e5f6789&NumMedia=0&ToCity=&FromZip=01022" +
		"&SmsSid=SM0a1b2c3d4e5f67890a1b2c3d4e5f6789&FromState=MA&SmsStatus=received&FromCity=CHICOPEE&Body=Msg&FromCountry=US" +
		"&To=%2B12025550100&ToZip=&NumSegments=1&MessageSid=SM0a1b2c3d4e5f67890a1b2c3d4e5f6789" +
		"&AccountSid=AC0123456789abcdef0123456789abcdef&From=%2B12025550123&ApiVersion=2010-04-01"
	address = "https://hub.example.com/webhooks/twilio/inbound"
)

func account() *stage.Account {
	return &stage.Account{
		AccountID: "AC0123456789abcdef0123456789abcdef", SigningSecret: "test_auth_token_0123456789abcdef", WebhookURL: address,
	}
}

func TestSignatureOfAPublishedWebhook(t *testing.T) {
	t.Parallel()
	header := twilio.New(nil).Header(account(), []byte(published), time.Time{})
	require.Equal(t, "V/Ji0VejTngI5wLFLqbiFHOedh0=", header.Get("X-Twilio-Signature"))
	again := twilio.New(nil).Header(account(), []byte(published), time.Now())
	require.Equal(t, header.Get("I-Twilio-Idempotency-Token"), again.Get("I-Twilio-Idempotency-Token"), "the same in every attempt")
}

func TestInboundHasTheFieldsOfThePublishedOne(t *testing.T) {
	t.Parallel()
	want, err := url.ParseQuery(published)
	require.NoError(t, err)
	got, err := url.ParseQuery(string(twilio.New(nil).Inbound(account(), &stage.Message{
		ID: "SM0a1b2c3d4e5f67890a1b2c3d4e5f6789", Sender: stage.Sender{Address: "+12025550100"}, Party: stage.Party{Phone: "+12025550123"},
		Kind: chat.KindText, Text: "Msg",
	}, "")))
	require.NoError(t, err)
	require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)))
	for _, name := range []string{"MessageSid", "SmsSid", "SmsMessageSid", "AccountSid", "From", "To", "Body", "SmsStatus", "NumMedia", "ApiVersion"} {
		require.Equal(t, want.Get(name), got.Get(name), name)
	}
}

func TestIDsNeverRepeat(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 2 {
		side := twilio.New(nil)
		for range 1000 {
			seen[side.NewID(chat.DirectionOutbound, stage.Party{})] = true
		}
	}
	require.Len(t, seen, 2000)
}
