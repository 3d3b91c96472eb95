package safehttp_test

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/safehttp"
	"converse/internal/testkit"
)

// names gives the next addresses of a name at every look-up, the last ones for ever.
type names struct {
	mu      sync.Mutex // guards the field below
	answers [][]netip.Addr
}

func (n *names) next() []netip.Addr {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.answers[0]
	if len(n.answers) > 1 {
		n.answers = n.answers[1:]
	}
	return now
}

// A name that was good at one look-up is looked at again at the next: whoever owns
// it may have turned it to the inside meanwhile (DNS rebinding).
func TestANameIsCheckedAtEveryDial(t *testing.T) {
	t.Parallel()
	server := serve(t, answer("HTTP/1.1 204 No Content\r\n\r\n"))
	_, port, err := net.SplitHostPort(server.addr)
	require.NoError(t, err)
	good, bad := netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.2")
	allowed, err := safehttp.ParseAllowed([]string{"127.0.0.1/32"})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		answers [][]netip.Addr
		want    []error
	}{
		"turned to the inside": {[][]netip.Addr{{good}, {bad}}, []error{nil, safehttp.ErrAddress}},
		"and back":             {[][]netip.Addr{{bad}, {good}}, []error{safehttp.ErrAddress, nil}},
		"both at once":         {[][]netip.Addr{{bad, good}}, []error{nil}},
		"all inside":           {[][]netip.Addr{{bad, netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("169.254.169.254")}}, []error{safehttp.ErrAddress}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := safehttp.Options{Timeout: 10 * time.Second, Allowed: allowed, Resolver: testkit.Resolver(t, (&names{answers: c.answers}).next)}
			client := safehttp.NewFetch(options)
			t.Cleanup(client.Close)
			for _, want := range c.want {
				req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://files.example.test:"+port+"/", nil)
				require.NoError(t, err)
				resp, err := client.Do(req)
				require.ErrorIs(t, err, want)
				if err == nil {
					require.NoError(t, resp.Body.Close())
				}
			}
		})
	}
}
