package rpc

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

func TestAnAddressIsHeldToItsPace(t *testing.T) {
	t.Parallel()
	g, now, p := newGate(100), time.Now(), pace{burst: 3, every: time.Second}
	for range p.burst {
		require.NoError(t, g.pass("a", "here", p, now))
	}
	err := g.pass("a", "here", p, now)
	require.Equal(t, chat.CodeTooMany, chat.CodeOf(err))
	require.NoError(t, g.pass("a", "there", p, now), "others do not wait for it")
	require.NoError(t, g.pass("b", "here", p, now), "nor do its other calls")
	require.NoError(t, g.pass("a", "here", p, now.Add(p.every)))
	require.Error(t, g.pass("a", "here", p, now.Add(p.every)))
	// A generation later it is still known.
	later := now.Add(longestPace)
	for range p.burst {
		require.NoError(t, g.pass("a", "here", p, later))
	}
	require.Error(t, g.pass("a", "here", p, later.Add(time.Millisecond)))
}

func TestWhatIsRememberedOfAddressesIsBounded(t *testing.T) {
	t.Parallel()
	g, now := newGate(1000), time.Now()
	for i := range 50_000 {
		require.NoError(t, g.pass("a", fmt.Sprint(i), paceOfLinks, now))
		require.LessOrEqual(t, len(g.now)+len(g.old), 2000)
	}
}

// TestEveryCallWithoutSignInHasAPace that is remembered for as long as it lasts.
func TestEveryCallWithoutSignInHasAPace(t *testing.T) {
	t.Parallel()
	table := rights()
	for name, r := range table {
		require.Equal(t, r.open, r.pace != pace{}, name)
		require.LessOrEqual(t, r.pace.life(), longestPace, name)
	}
	table["AuthService/LogIn"] = right{open: true}
	require.ErrorContains(t, checkRights(table), "AuthService/LogIn")
}
