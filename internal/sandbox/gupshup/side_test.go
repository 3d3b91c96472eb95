package gupshup_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/sandbox/gupshup"
	"converse/internal/sandbox/stage"
)

// published is an inbound callback as Gupshup prints it.
const published = `{
  "app": "DemoApp",
  "timestamp": 1580227766370,
  "version": 2,
  "type": "message",
  "payload": {
    "id": "ABEGkYaYVSEEAhAL3SLAWwHKeKrt6s3FKB0c",
    "source": "919876543210",
    "type": "text",
    "payload": {"text": "Hi"},
    "sender": {"phone": "919876543210", "name": "Test Customer", "country_code": "91", "dial_code": "9876543210"}
  }
}`

func TestInboundHasTheFieldsOfThePublishedOne(t *testing.T) {
	t.Parallel()
	body := gupshup.New(nil).Inbound(&stage.Account{Name: "DemoApp"}, &stage.Message{
		ID: "ABEGkYaYVSEEAhAL3SLAWwHKeKrt6s3FKB0c", Party: stage.Party{Phone: "+919876543210", Name: "Test Customer"},
		Kind: chat.KindText, Text: "Hi", At: time.UnixMilli(1580227766370),
	}, "")
	require.JSONEq(t, published, string(body))
}

// enqueued is a receipt as Gupshup prints it, but for WhatsApp's id.
const enqueued = `{
  "app": "DemoAPI",
  "timestamp": 1580546677791,
  "version": 2,
  "type": "message-event",
  "payload": {
    "id": "ee4a68a0-1203-4c85-8dc3-49d0b3226a35",
    "type": "enqueued",
    "destination": "919876543210",
    "payload": {"whatsappMessageId": "wamid.kGcfvAAu87/uEUCpTm6PjqKkYDYO0bZi", "type": "session"}
  }
}`

func TestEnqueuedHasTheFieldsOfThePublishedOne(t *testing.T) {
	t.Parallel()
	body := gupshup.New(nil).Receipt(&stage.Account{Name: "DemoAPI"}, stage.Report{
		Message: &stage.Message{ID: "ee4a68a0-1203-4c85-8dc3-49d0b3226a35", Party: stage.Party{Phone: "+919876543210"}, Kind: chat.KindText},
		Status:  chat.StatusQueued, At: time.UnixMilli(1580546677791),
	})
	require.JSONEq(t, enqueued, string(body))
}

func TestWithoutASubscriptionTheSecretOfTheSetUpGoesAlong(t *testing.T) {
	t.Parallel()
	header := gupshup.New(nil).Header(&stage.Account{SigningSecret: "word"}, nil, time.Time{})
	require.Equal(t, []string{"word"}, header.Values("X-Converse-Secret"))
	require.Empty(t, gupshup.New(nil).Header(&stage.Account{}, nil, time.Time{}).Values("X-Converse-Secret"))
}

func TestIDsNeverRepeat(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		seen[gupshup.New(nil).NewID(chat.DirectionOutbound, stage.Party{})] = true
		seen[gupshup.New(nil).NewID(chat.DirectionInbound, stage.Party{})] = true
	}
	require.Len(t, seen, 2000)
}
