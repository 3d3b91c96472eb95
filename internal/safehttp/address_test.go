package safehttp_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/safehttp"
)

func TestOnlyPublicAddressesAreReached(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]bool{
		"8.8.8.8":                  true,
		"1.1.1.1":                  true,
		"172.15.255.255":           true,
		"172.32.0.1":               true,
		"100.63.255.255":           true,
		"100.128.0.1":              true,
		"223.255.255.255":          true,
		"2606:4700:4700::1111":     true,
		"64:ff9b::8.8.8.8":         true,
		"::ffff:8.8.8.8":           true,
		"0.0.0.0":                  false,
		"0.1.2.3":                  false,
		"10.0.0.1":                 false,
		"100.64.0.1":               false,
		"100.127.255.255":          false,
		"127.0.0.1":                false,
		"127.255.255.254":          false,
		"169.254.169.254":          false,
		"172.16.0.1":               false,
		"172.31.255.255":           false,
		"192.0.0.8":                false,
		"192.168.1.1":              false,
		"198.18.0.1":               false,
		"224.0.0.1":                false,
		"239.255.255.250":          false,
		"240.0.0.1":                false,
		"255.255.255.255":          false,
		"::":                       false,
		"::1":                      false,
		"::127.0.0.1":              false,
		"::ffff:127.0.0.1":         false,
		"::ffff:169.254.169.254":   false,
		"::ffff:10.0.0.1":          false,
		"64:ff9b::10.0.0.1":        false,
		"64:ff9b::169.254.169.254": false,
		"64:ff9b:1::10.0.0.1":      false,
		"2002:7f00:1::":            false,
		"2001::1":                  false,
		"2001:db8::1":              false,
		"fc00::1":                  false,
		"fd00:ec2::254":            false,
		"fe80::1":                  false,
		"fe80::1%eth0":             false,
		"fec0::1":                  false,
		"ff02::1":                  false,
	} {
		require.Equal(t, want, safehttp.Public(netip.MustParseAddr(addr)), addr)
	}
}

// Every way of writing an address ends in the same check of the one dialled.
func TestEveryFormOfAPrivateAddressIsRefused(t *testing.T) {
	t.Parallel()
	server := serve(t, answer("HTTP/1.1 204 No Content\r\n\r\n"))
	_, port, err := net.SplitHostPort(server.addr)
	require.NoError(t, err)
	client := safehttp.NewProvider(safehttp.Options{Timeout: 10 * time.Second})
	t.Cleanup(client.Close)
	for _, host := range []string{
		"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "[::1]", "[::]",
		"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
	} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+host+":"+port+"/", nil)
			require.NoError(t, err)
			_, err = client.Do(req)
			var failure *safehttp.Error
			require.ErrorAs(t, err, &failure)
			require.False(t, failure.Heard)
		})
	}
	t.Cleanup(func() { require.Empty(t, server.requests()) })
}

func TestAllowedAddressesAreReachedAndNoOthers(t *testing.T) {
	t.Parallel()
	server, other := serve(t, answer("HTTP/1.1 204 No Content\r\n\r\n")), serve(t, answer("HTTP/1.1 204 No Content\r\n\r\n"))
	_, port, err := net.SplitHostPort(server.addr)
	require.NoError(t, err)
	_, otherPort, err := net.SplitHostPort(other.addr)
	require.NoError(t, err)
	for _, c := range []struct {
		allow, host string
		want        bool
	}{
		{"127.0.0.1/32", "127.0.0.1:" + port, true},
		{"127.0.0.0/8", "localhost:" + port, true},
		{"10.0.0.0/8", "127.0.0.1:" + port, false},
		{"127.0.0.1:" + port, "127.0.0.1:" + port, true},
		{"127.0.0.1:" + port, "localhost:" + port, true},
		{"127.0.0.1:" + port, "127.0.0.1:" + otherPort, false},
		{"localhost:" + port, "localhost:" + port, true},
		{"LocalHost:" + port, "LOCALHOST:" + port, true},
		{"localhost:" + port, "localhost:" + otherPort, false},
		{"localhost:" + port, "127.0.0.1:" + port, false},
	} {
		t.Run(fmt.Sprint(c.allow, " ", c.host), func(t *testing.T) {
			t.Parallel()
			allowed, err := safehttp.ParseAllowed([]string{c.allow})
			require.NoError(t, err)
			client := safehttp.NewProvider(safehttp.Options{Allowed: allowed, Timeout: 10 * time.Second})
			t.Cleanup(client.Close)
			req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+c.host+"/", nil)
			require.NoError(t, err)
			resp, err := client.Do(req)
			if !c.want {
				require.ErrorIs(t, err, safehttp.ErrAddress)
				return
			}
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
		})
	}
}

func TestNonsenseInTheAllowListIsRefused(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{"", "10.0.0.1", "10.0.0.0/33", "host", "host:", ":80", "host:0", "host:70000", "http://host:80"} {
		_, err := safehttp.ParseAllowed([]string{entry})
		require.ErrorContains(t, err, "neither a network", entry)
	}
}
