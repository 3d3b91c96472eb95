package twilio_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/twilio"
)

const (
	reference = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
	status    = "MessageSid=SM1&MessageStatus=delivered&From=%2B12025550100&To=%2B12025550123"
)

// hook is a webhook to the account's address, signed with a token.
func hook(token, query, body string) *channels.Webhook {
	w := &channels.Webhook{Method: http.MethodPost, Header: http.Header{}, RawQuery: query, Body: []byte(body), ReceivedAt: time.Now()}
	w.Query, _ = url.ParseQuery(query)
	w.Header.Set("X-Twilio-Signature", sign(token, address(account(), w), w.Body))
	return w
}

func TestBothTokensAreTakenWhileOneIsReplaced(t *testing.T) {
	t.Parallel()
	a := account()
	require.NoError(t, twilio.New().Verify(a, hook(a.Secrets["auth_token"], "", status)))
	require.NoError(t, twilio.New().Verify(a, hook(a.Secrets["previous_auth_token"], "", status)))
	require.ErrorIs(t, twilio.New().Verify(a, hook("another token", "", status)), channels.ErrForged)
	require.ErrorIs(t, twilio.New().Verify(a, hook("", "", status)), channels.ErrForged, "an empty token signs nothing")

	delete(a.Secrets, "previous_auth_token")
	require.ErrorIs(t, twilio.New().Verify(a, hook(account().Secrets["previous_auth_token"], "", status)), channels.ErrForged)
	delete(a.Secrets, "auth_token")
	require.ErrorIs(t, twilio.New().Verify(a, hook("", "", status)), channels.ErrForged, "an account without a token")
}

func TestTheQueryIsSignedAsItCame(t *testing.T) {
	t.Parallel()
	a := account()
	for _, query := range []string{"message=" + reference, "a=%2F&b", "b=1&a=2", "message=%30"} {
		w := hook(a.Secrets["auth_token"], query, status)
		require.NoError(t, twilio.New().Verify(a, w), query)
		w.RawQuery += "0"
		require.ErrorIs(t, twilio.New().Verify(a, w), channels.ErrForged, query)
		w.RawQuery = ""
		require.ErrorIs(t, twilio.New().Verify(a, w), channels.ErrForged, query)
	}
}

func TestTheAddressIsOursAndNotAProxysWord(t *testing.T) {
	t.Parallel()
	a := account()
	w := hook(a.Secrets["auth_token"], "", status)
	w.Header.Set("X-Forwarded-Host", "elsewhere.example.com")
	w.Header.Set("X-Forwarded-Proto", "http")
	require.NoError(t, twilio.New().Verify(a, w))
	a.WebhookURL = "https://elsewhere.example.com/webhooks/twilio/inbound"
	require.ErrorIs(t, twilio.New().Verify(a, w), channels.ErrForged)
	a.WebhookURL = ""
	require.ErrorIs(t, twilio.New().Verify(a, w), channels.ErrForged)
}

func TestAWebhookInJSONIsProvedByItsHash(t *testing.T) {
	t.Parallel()
	a, body := account(), `{"a": 1, "b": "x&y;z"}`
	digest := sha256.Sum256([]byte(body))
	w := hook(a.Secrets["auth_token"], "bodySHA256="+hex.EncodeToString(digest[:]), "")
	w.Body = []byte(body)
	require.NoError(t, twilio.New().Verify(a, w))
	w.Body = append(w.Body, ' ')
	require.ErrorIs(t, twilio.New().Verify(a, w), channels.ErrForged)
}

func TestAHugeForgeryIsTurnedAwayQuickly(t *testing.T) {
	t.Parallel()
	a := account()
	for name, body := range map[string][]byte{"one field": make([]byte, 4<<20), "many fields": manyFields()} {
		w := hook("another token", "", status)
		w.Body = body
		began := time.Now()
		require.ErrorIs(t, twilio.New().Verify(a, w), channels.ErrForged, name)
		require.Less(t, time.Since(began), time.Second, name)
	}
}

func manyFields() []byte {
	var body []byte
	for i := range 400_000 {
		body = append(body, 'a'+byte(i%26), '=', '1', '&')
	}
	return body
}
