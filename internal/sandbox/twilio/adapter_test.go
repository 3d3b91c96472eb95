package twilio_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	adapted "converse/channels/twilio"
	"converse/internal/chat"
	"converse/internal/sandbox"
)

// TestTheAdapterFindsWhatAnotherProgramSent in the account's messages, where it stands as
// ours do.
func TestTheAdapterFindsWhatAnotherProgramSent(t *testing.T) {
	t.Parallel()
	const number, lead, sid, token = "+12025550103", "+12025550123", "AC0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"
	played := sandbox.New(sandbox.Config{Seed: 1, Accounts: []sandbox.Account{{
		Provider: "twilio", AccountID: sid, SigningSecret: token, Senders: []sandbox.Sender{{Address: number, Ref: "PN1"}},
	}}})
	t.Cleanup(played.Close)
	server := httptest.NewServer(played.Handler())
	t.Cleanup(server.Close)
	played.SetBaseURL(server.URL)
	body, err := json.Marshal(map[string]string{"provider": "twilio", "from": number, "to": lead, "text": "Your viewing is at noon."})
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/control/elsewhere", bytes.NewReader(body))
	require.NoError(t, err)
	response, err := http.DefaultTransport.RoundTrip(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var sent struct{ ID string }
	require.NoError(t, json.NewDecoder(response.Body).Decode(&sent))
	require.NotEmpty(t, sent.ID)

	adapter := adapted.New()
	account := channels.Account{
		BaseURL: server.URL, Settings: map[string]string{"account_sid": sid}, Secrets: map[string]string{"auth_token": token},
		Senders: []channels.AccountSender{{ID: "sender", Channel: chat.ChannelSMS, Address: number}},
	}
	require.Eventually(t, func() bool {
		polled, err := adapter.Poll(t.Context(), &http.Client{}, account, channels.PollQuery{Since: time.Now().Add(-time.Hour), Now: time.Now()})
		require.NoError(t, err)
		events, err := adapter.ParsePolled(account, polled.Body)
		require.NoError(t, err)
		echo, ok := events[0].(channels.Echo)
		if !ok { // it is still on its way
			return false
		}
		require.Equal(t, []any{sent.ID, channels.Party{Phone: lead}, "Your viewing is at noon.", chat.StatusSent},
			[]any{echo.ProviderID, echo.To, echo.Text, echo.Status})
		require.WithinDuration(t, time.Now(), echo.At, time.Minute)
		return true
	}, 10*time.Second, 20*time.Millisecond)
}
