package ctm_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/sandbox/ctm"
	"converse/internal/sandbox/stage"
)

// recorded is an inbound webhook as the provider sends it, last line break included.
const recorded = `{
  "message_id": "MSG0001",
  "account_id": 500001,
  "caller_number": "+12025550123",
  "tracking_number": "+12025550100",
  "direction": "msg_inbound",
  "message_body": "Hi, is my door fixed?",
  "unix_time": 1752000100
}
`

func TestSignatureOfARecordedWebhook(t *testing.T) {
	t.Parallel()
	header := ctm.New(nil, 1).Header(&stage.Account{SigningSecret: "test_ctm_secret"}, []byte(recorded), time.Unix(1752000101, 0))
	require.Equal(t, "1752000101", header.Get("X-CTM-Time"))
	require.Equal(t, "fEjmwQI4g5eJyYHhseJj9ay3yTk=", header.Get("X-CTM-Signature"))
}

func TestInboundHasTheFieldsOfTheRecordedOne(t *testing.T) {
	t.Parallel()
	body := ctm.New(nil, 1).Inbound(&stage.Account{AccountID: "500001"}, &stage.Message{
		ID: "MSG0001", Sender: stage.Sender{Address: "+12025550100"}, Party: stage.Party{Phone: "+12025550123"},
		Kind: chat.KindText, Text: "Hi, is my door fixed?", At: time.Unix(1752000100, 0),
	}, "")
	require.JSONEq(t, recorded, string(body))
}

func TestIDsNeverRepeat(t *testing.T) {
	t.Parallel()
	// A sandbox that was started again must not repeat ids that the hub has stored.
	seen := map[string]bool{}
	for range 2 {
		side := ctm.New(nil, 1)
		for range 1000 {
			seen[side.NewID(chat.DirectionOutbound, stage.Party{})] = true
		}
	}
	require.Len(t, seen, 2000)
}
