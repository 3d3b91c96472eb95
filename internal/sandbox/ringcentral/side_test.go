package ringcentral_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/sandbox/ringcentral"
	"converse/internal/sandbox/stage"
)

func side(t *testing.T) (*ringcentral.Side, *stage.Account) {
	t.Helper()
	on := stage.New(stage.Config{})
	t.Cleanup(on.Close)
	played := ringcentral.New(on)
	on.Play(played)
	require.NoError(t, on.SetAccounts([]stage.Account{{
		Provider: ringcentral.Provider, AccountID: "6298930001", WebhookURL: "http://127.0.0.1:1/hooks", SigningSecret: "word",
		Senders: []stage.Sender{{Address: "+12025550100", Ref: "1"}},
	}}))
	return played, on.Accounts()[0]
}

func TestEventHasTheFieldsOfThePublishedOne(t *testing.T) {
	t.Parallel()
	played, account := side(t)
	var event struct {
		UUID, Event, Timestamp, SubscriptionID, OwnerID string
		Body                                            map[string]any
	}
	body := played.Inbound(account, &stage.Message{
		ID: "3062991514017", Sender: account.Senders[0], Party: stage.Party{Phone: "+12025550123"}, Direction: chat.DirectionInbound,
		Kind: chat.KindText, Text: "Hi advisor, I'd like to ...", At: time.Date(2025, 7, 30, 18, 12, 45, 28e6, time.UTC),
	}, "")
	require.NoError(t, json.Unmarshal(body, &event))
	require.Equal(t, "/restapi/v1.0/account/6298930001/extension/6298930001/message-store/instant?type=SMS", event.Event)
	require.NotEmpty(t, event.UUID)
	require.NotEmpty(t, event.SubscriptionID)
	for _, name := range []string{
		"id", "to", "from", "type", "creationTime", "lastModifiedTime", "readStatus", "priority", "attachments", "direction",
		"availability", "subject", "messageStatus", "conversation", "eventType", "owner",
	} {
		require.Contains(t, event.Body, name)
	}
	require.Equal(t, "3062991514017", event.Body["id"])
	require.Equal(t, "2025-07-30T18:12:45.028Z", event.Body["creationTime"])
	require.Equal(t, "word", played.Header(account, body, time.Now()).Get("Verification-Token"))
}

func TestIDsFitNoFloatAndNeverRepeat(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 2 {
		played := ringcentral.New(nil)
		for range 1000 {
			id := played.NewID(chat.DirectionOutbound, stage.Party{})
			var float float64
			require.NoError(t, json.Unmarshal([]byte(id), &float))
			text, err := json.Marshal(int64(float))
			require.NoError(t, err)
			require.NotEqual(t, id, string(text))
			seen[id] = true
		}
	}
	require.Len(t, seen, 2000)
}

func TestAWebhookThatDoesNotAnswerForLongGetsNothing(t *testing.T) {
	t.Parallel()
	played, account := side(t)
	address := played.Address(account, chat.DirectionInbound)
	require.Equal(t, account.WebhookURL, address)
	for range 100 {
		played.Posted(account, address, false)
	}
	require.NotEmpty(t, played.Address(account, chat.DirectionInbound), "not for a short while")
	for _, how := range []string{"Suspended", "Blacklisted", "Gone"} {
		played, account := side(t)
		require.NoError(t, played.Stop(account, how))
		require.Empty(t, played.Address(account, chat.DirectionInbound), how)
		require.Empty(t, played.Address(account, chat.DirectionOutbound), how)
	}
	require.Error(t, played.Stop(account, "Tired"))
	require.Equal(t, http.Header{"Content-Type": {"application/json"}, "User-Agent": {"RingCentral-WebHook/9"}, "Verification-Token": {"word"}},
		played.Header(account, nil, time.Now()))
}
