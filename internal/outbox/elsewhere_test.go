package outbox_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/inbox"
)

// TestAPollTellsOursFromWhatWasSentElsewhere: Twilio's list says of no message who sent it.
// One that was really taken though the answer was an error is settled by it, one of ours
// that is known moves on, and only what another program sent is a message of its own.
func TestAPollTellsOursFromWhatWasSentElsewhere(t *testing.T) {
	t.Parallel()
	f := setupFaulty(t)
	lost, known, elsewhere := word(), word(), word()
	f.does(func(n int, _, _ string, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			answer(w, 500, broken["twilio"])
			return
		}
		answer(w, 201, `{"sid":"SMknown","status":"queued"}`)
	})
	talk := f.talks["twilio"]
	first := f.becomes(t, f.send(t, talk, lost).ID, chat.StatusUnsure)
	second := f.becomes(t, f.send(t, talk, known).ID, chat.StatusSent)

	at := func(ago time.Duration) string { return time.Now().UTC().Add(-ago).Format(time.RFC1123Z) }
	record := func(sid, text, status string) map[string]any {
		return map[string]any{
			"sid": sid, "direction": "outbound-api", "from": talk.Sender.Address, "to": "+12025550123", "body": text, "num_media": "0",
			"status": status, "date_created": at(0), "date_sent": at(0), "date_updated": at(0),
		}
	}
	page, err := json.Marshal(map[string]any{"messages": []any{
		record("SMlost", lost, "delivered"), record("SMknown", known, "delivered"), record("SMother", elsewhere, "sent"),
	}})
	require.NoError(t, err)
	open, err := f.accounts.ByID(t.Context(), f.Org, f.ids["twilio"])
	require.NoError(t, err)
	door := inbox.New(f.Store, f.accounts, inbox.Options{})
	for range 2 {
		require.NoError(t, door.TakePolled(t.Context(), open, page, time.Time{}))
	}
	for _, m := range []chat.Message{first, second} {
		now := f.becomes(t, m.ID, chat.StatusDelivered)
		require.Nil(t, now.Failure)
		require.Equal(t, m.Seq, now.Seq)
	}
	list, err := f.Store.Messages(t.Context(), f.Admin, talk.ID, 0, 0, 100)
	require.NoError(t, err)
	require.Len(t, list, 4, "hello, both of ours, and the other one")
	other := list[3]
	require.Equal(t, elsewhere, other.Text)
	require.Equal(t, chat.DirectionOutbound, other.Direction)
	require.Equal(t, chat.StatusSent, other.Status)
	require.Empty(t, other.Author)
	f.nothingLeft(t)
}
