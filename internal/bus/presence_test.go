package bus_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/bus"
	"converse/internal/chat"
)

func mark(user chat.UserID, node string, state chat.PresenceState, life time.Duration) bus.PresenceMark {
	return bus.PresenceMark{Org: "one", User: user, Node: node, State: state, Until: time.Now().Add(life)}
}

// present is who of an org is not offline.
func present(t *testing.T, b instance, org chat.OrgID) map[chat.UserID]chat.PresenceState {
	t.Helper()
	list, err := b.Presence(t.Context(), org)
	require.NoError(t, err)
	out := map[chat.UserID]chat.PresenceState{}
	for i, p := range list {
		require.NotContains(t, out, p.User)
		if i > 0 {
			require.Less(t, list[i-1].User, p.User, "ordered by user")
		}
		out[p.User] = p.State
	}
	return out
}

func presenceIsTheBestOfAllNodes(t *testing.T, open open) {
	nodes := open(t, bus.Limits{Idle: time.Millisecond}) // marks outlive an idle stream
	b, last := nodes[0], nodes[len(nodes)-1]
	require.Empty(t, present(t, b, "one"))
	require.NoError(t, b.SetPresence(t.Context(), []bus.PresenceMark{
		mark("ann", "n1", chat.PresenceIdle, time.Minute),
		mark("bob", "n1", chat.PresenceOnline, time.Minute),
		{Org: "two", User: "cid", Node: "n1", State: chat.PresenceOnline, Until: time.Now().Add(time.Minute)},
	}))
	require.NoError(t, last.SetPresence(t.Context(), []bus.PresenceMark{
		mark("ann", "node two", chat.PresenceOnline, time.Minute),
		mark("bob", "node two", chat.PresenceIdle, time.Minute),
	}))
	for _, n := range nodes {
		require.Equal(t, map[chat.UserID]chat.PresenceState{"ann": "online", "bob": "online"}, present(t, n, "one"))
		require.Equal(t, map[chat.UserID]chat.PresenceState{"cid": "online"}, present(t, n, "two"))
	}
	require.NoError(t, last.SetPresence(t.Context(), []bus.PresenceMark{
		mark("ann", "node two", chat.PresenceOffline, time.Minute),
		mark("bob", "node two", chat.PresenceOffline, 0),
		mark("dan", "node two", chat.PresenceOffline, time.Minute),
	}))
	require.Equal(t, map[chat.UserID]chat.PresenceState{"ann": "idle", "bob": "online"}, present(t, b, "one"))
	require.NoError(t, b.SetPresence(t.Context(), nil))
}

func presenceMarksOfADeadNodeExpire(t *testing.T, open open) {
	b := open(t, bus.Limits{})[0]
	require.NoError(t, b.SetPresence(t.Context(), []bus.PresenceMark{
		mark("ann", "dead", chat.PresenceOnline, 30*time.Millisecond),
		mark("ann", "alive", chat.PresenceIdle, time.Hour),
		mark("bob", "dead", chat.PresenceOnline, 30*time.Millisecond),
		mark("cid", "dead", chat.PresenceOnline, -time.Second),
	}))
	require.Eventually(t, func() bool { return len(present(t, b, "one")) == 1 }, patience, 5*time.Millisecond)
	require.Equal(t, map[chat.UserID]chat.PresenceState{"ann": "idle"}, present(t, b, "one"))
	// A node that was only slow comes back.
	require.NoError(t, b.SetPresence(t.Context(), []bus.PresenceMark{mark("bob", "dead", chat.PresenceOnline, time.Hour)}))
	require.Equal(t, map[chat.UserID]chat.PresenceState{"ann": "idle", "bob": "online"}, present(t, b, "one"))
}
