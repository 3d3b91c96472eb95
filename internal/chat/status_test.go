package chat_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

// TestI4JoinEqualsTheGoldenTable reads the table that the database's and the front
// end's tests read too.
func TestI4JoinEqualsTheGoldenTable(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/join.json")
	require.NoError(t, err)
	var pairs []struct{ A, B, Joined chat.Status }
	require.NoError(t, json.Unmarshal(data, &pairs))
	seen := map[[2]chat.Status]bool{}
	statuses := map[chat.Status]bool{}
	for _, p := range pairs {
		seen[[2]chat.Status{p.A, p.B}] = true
		statuses[p.A] = true
		require.Equal(t, p.Joined, p.A.Join(p.B), "%s and %s", p.A, p.B)
		require.Equal(t, p.Joined, p.B.Join(p.A), "%s and %s", p.B, p.A)
	}
	require.Len(t, statuses, 7)
	require.Len(t, seen, 7*7, "every pair")
}

func TestI4JoinIsTheSameInAnyOrderAndAnyNumberOfTimes(t *testing.T) {
	t.Parallel()
	ladder := []chat.Status{
		chat.StatusQueued, chat.StatusSending, chat.StatusUnsure, chat.StatusSent, chat.StatusFailed, chat.StatusDelivered, chat.StatusRead,
	}
	for i, a := range ladder {
		require.Equal(t, i, a.Rank())
		require.Equal(t, a, a.Join(a))
		for _, b := range ladder {
			require.Equal(t, a.Join(b), b.Join(a))
			for _, c := range ladder {
				require.Equal(t, a.Join(b).Join(c), a.Join(b.Join(c)))
			}
		}
	}
}

func TestOnlyTheWordsOfTheLadderAreStatuses(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"queued", "sending", "unsure", "sent", "failed", "delivered", "read", "received"} {
		s, err := chat.ParseStatus(word)
		require.NoError(t, err)
		require.Equal(t, chat.Status(word), s)
	}
	for _, word := range []string{"", "Sent", "deleted", "sent "} {
		_, err := chat.ParseStatus(word)
		require.Error(t, err, word)
	}
}

func TestNothingOfOursChangesAFinalStatus(t *testing.T) {
	t.Parallel()
	for status, final := range map[chat.Status]bool{
		chat.StatusQueued: false, chat.StatusSending: false, chat.StatusUnsure: true, chat.StatusSent: true, chat.StatusFailed: true,
		chat.StatusDelivered: true, chat.StatusRead: true, chat.StatusReceived: true,
	} {
		require.Equal(t, final, status.Final(), status)
	}
}
