package rpc

import (
	"net/http"
	"net/netip"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
)

func TestWhereACallComesFrom(t *testing.T) {
	t.Parallel()
	ours := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/8")}
	for name, c := range map[string]struct {
		peer string
		said []string
		want string
	}{
		"nobody between":           {"192.0.2.7:4711", nil, "192.0.2.7"},
		"a stranger's word":        {"192.0.2.7:4711", []string{"198.51.100.1"}, "192.0.2.7"},
		"our proxy":                {"10.1.2.3:80", []string{"198.51.100.1"}, "198.51.100.1"},
		"our proxy, saying naught": {"10.1.2.3:80", nil, "10.1.2.3"},
		"two of ours":              {"10.1.2.3:80", []string{"198.51.100.1, 10.1.9.9"}, "198.51.100.1"},
		"in two headers":           {"10.1.2.3:80", []string{"198.51.100.1", "10.1.9.9"}, "198.51.100.1"},
		"a forged beginning":       {"10.1.2.3:80", []string{"203.0.113.5, 198.51.100.1"}, "198.51.100.1"},
		"forged as one of ours":    {"10.1.2.3:80", []string{"10.1.7.7, 198.51.100.1"}, "198.51.100.1"},
		"garbage":                  {"10.1.2.3:80", []string{"unknown"}, "10.1.2.3"},
		"garbage before":           {"10.1.2.3:80", []string{"unknown, 198.51.100.1"}, "198.51.100.1"},
		"IPv6":                     {"[2001:db8:1:2:3:4:5:6]:80", nil, "2001:db8:1:2::/64"},
		"IPv6 by our proxy":        {"[fd00::1]:80", []string{"2001:db8:1:2:ffff::1"}, "2001:db8:1:2::/64"},
		"IPv4 in IPv6":             {"[::ffff:10.1.2.3]:80", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		"no address":               {"@", nil, "@"},
	} {
		header := http.Header{}
		for _, value := range c.said {
			header.Add("X-Forwarded-For", value)
		}
		require.Equal(t, c.want, address(connect.Peer{Addr: c.peer}, header, ours), name)
	}
}
