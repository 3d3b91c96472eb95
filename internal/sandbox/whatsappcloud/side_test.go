package whatsappcloud_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
	"converse/internal/sandbox/whatsappcloud"
)

// published is an inbound webhook as Meta prints it, last line break included.
const published = `{
  "object": "whatsapp_business_account",
  "entry": [
    {
      "id": "419561257915477",
      "changes": [
        {
          "value": {
            "messaging_product": "whatsapp",
            "metadata": {
              "display_phone_number": "12025550100",
              "phone_number_id": "106540352242922"
            },
            "contacts": [
              {
                "profile": {
                  "name": "Test Customer"
                },
                "wa_id": "12025550123"
              }
            ],
            "messages": [
              {
                "from": "12025550123",
                "id": "wamid.HBgLMTIwMjU1NTAxMjMVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=",
                "timestamp": "1749416383",
                "type": "text",
                "text": {
                  "body": "Does it come in another color?"
                }
              }
            ]
          },
          "field": "messages"
        }
      ]
    }
  ]
}
`

func TestSignatureOfAPublishedWebhook(t *testing.T) {
	t.Parallel()
	header := whatsappcloud.New(nil).Header(&stage.Account{SigningSecret: "test_app_secret"}, []byte(published), time.Time{})
	require.Equal(t, "sha256=d4456f0aee6d785d0651b86a8662f583eb0033d873da6d64efbc30495d1ba01c", header.Get("X-Hub-Signature-256"))
}

func TestInboundHasTheFieldsOfThePublishedOne(t *testing.T) {
	t.Parallel()
	body := whatsappcloud.New(nil).Inbound(&stage.Account{AccountID: "419561257915477"}, &stage.Message{
		ID:     "wamid.HBgLMTIwMjU1NTAxMjMVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=",
		Sender: stage.Sender{Address: "+12025550100", Ref: "106540352242922"},
		Party:  stage.Party{Phone: "+12025550123", Name: "Test Customer"},
		Kind:   chat.KindText, Text: "Does it come in another color?", At: time.Unix(1749416383, 0),
	}, "")
	require.JSONEq(t, published, string(body))
}

func TestTextBeyondASCIIIsEscaped(t *testing.T) {
	t.Parallel()
	body := string(whatsappcloud.New(nil).Inbound(&stage.Account{}, &stage.Message{
		Kind: chat.KindText, Text: "é 👍 </> \u2028 \"x\" \\", Party: stage.Party{Phone: "+12025550123"},
	}, ""))
	require.Contains(t, body, `\u00e9 \ud83d\udc4d <\/> \u2028 \"x\" \\`)
}

func TestIDsHaveMetasForm(t *testing.T) {
	t.Parallel()
	party := stage.Party{Phone: "+12025550123"}
	for direction, want := range map[chat.Direction]string{
		chat.DirectionOutbound: "\x1c\x18\x0b12025550123\x15\x02\x00\x11\x18\x143A",
		chat.DirectionInbound:  "\x1c\x18\x0b12025550123\x15\x02\x00\x12\x18\x143A",
	} {
		id := whatsappcloud.New(nil).NewID(direction, party)
		raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(id, "wamid."))
		require.NoError(t, err)
		require.Len(t, raw, len("\x1c\x18\x0b12025550123\x15\x02\x00\x11\x18\x14")+21)
		require.Equal(t, want, string(raw[:len(want)]))
	}
}
