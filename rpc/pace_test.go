package rpc_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/sso"
	"converse/rpc"
)

// TestWhatNeedsNoSignInIsPacedByAddress makes every call that needs none, and comes back
// from a provider, until it is too much: another address still gets its answer.
func TestWhatNeedsNoSignInIsPacedByAddress(t *testing.T) {
	t.Parallel()
	b := setup(t, func(_ *rpc.Rooms, o *rpc.Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	const most = 1000
	for name, r := range rules {
		if !r.open {
			continue
		}
		// What it is about does not matter: it is counted before it is read.
		from := func(address string) answer {
			return b.send(t, name, strings.NewReader("{}"), func(r *http.Request) { r.Header.Set("X-Forwarded-For", address) })
		}
		calls := 0
		for from("203.0.113.7").code != "resource_exhausted" {
			calls++
			require.Less(t, calls, most, "%s has no end", name)
		}
		require.Greater(t, calls, 20, "%s: an office comes from one address", name)
		refused := from("203.0.113.7")
		require.Equal(t, "resource_exhausted", refused.code)
		require.Equal(t, "slow_down", refused.details[0].Reason)
		require.NotEqual(t, "resource_exhausted", from("203.0.113.8").code, "%s: others do not wait", name)
	}
	client := *b.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for calls := 0; ; calls++ {
		require.Less(t, calls, most)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.url+sso.CallbackPath+"?state=x&code=y", http.NoBody)
		require.NoError(t, err)
		resp, err := client.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		if strings.Contains(resp.Header.Get("Location"), "slow_down") {
			break
		}
	}
}
