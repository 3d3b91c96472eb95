package safehttp

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// refused are the parts of the IPv4 space that are not the public internet (IANA
// special-purpose registry). 169.254.0.0/16 holds the metadata service of clouds.
var refused = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("224.0.0.0/4"),
	netip.MustParsePrefix("240.0.0.0/4"),
}

// Of IPv6 only global unicast is public, less what is set aside inside it:
// protocol assignments (Teredo among them), documentation and 6to4, which carries
// an IPv4 address of anyone's choice.
var (
	global   = netip.MustParsePrefix("2000::/3")
	setAside = []netip.Prefix{
		netip.MustParsePrefix("2001::/23"),
		netip.MustParsePrefix("2001:db8::/32"),
		netip.MustParsePrefix("2002::/16"),
		netip.MustParsePrefix("3fff::/20"),
	}
	// translated addresses hold an IPv4 address in their last four bytes; networks
	// without IPv4 reach all of it through them.
	translated = netip.MustParsePrefix("64:ff9b::/96")
)

// public reports whether an address is on the public internet.
func public(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	contains := func(p netip.Prefix) bool { return p.Contains(addr) }
	if addr.Is4() {
		return !slices.ContainsFunc(refused, contains)
	}
	if translated.Contains(addr) {
		bytes := addr.As16()
		return public(netip.AddrFrom4([4]byte(bytes[12:])))
	}
	return global.Contains(addr) && !slices.ContainsFunc(setAside, contains)
}

// Allowed names addresses inside our own network that may be reached all the same.
type Allowed struct {
	prefixes []netip.Prefix
	hosts    []string
}

// ParseAllowed reads a list of networks ("10.1.0.0/16"), addresses with a port
// ("127.0.0.1:8082") and host names with a port ("sandbox.test:8082").
func ParseAllowed(entries []string) (Allowed, error) {
	var a Allowed
	for _, entry := range entries {
		if prefix, err := netip.ParsePrefix(entry); err == nil {
			a.prefixes = append(a.prefixes, prefix.Masked())
			continue
		}
		host, port, err := net.SplitHostPort(entry)
		if n, errPort := strconv.ParseUint(port, 10, 16); err != nil || errPort != nil || host == "" || n == 0 {
			return Allowed{}, fmt.Errorf("allowed address %q is neither a network like 10.1.0.0/16 nor host:port", entry)
		}
		a.hosts = append(a.hosts, net.JoinHostPort(strings.ToLower(host), port))
	}
	return a, nil
}

func (a Allowed) host(hostPort string) bool {
	return slices.Contains(a.hosts, strings.ToLower(hostPort))
}

func (a Allowed) address(addr netip.AddrPort) bool {
	ip := addr.Addr().Unmap().WithZone("")
	return slices.ContainsFunc(a.prefixes, func(p netip.Prefix) bool { return p.Contains(ip) }) ||
		a.host(netip.AddrPortFrom(ip, addr.Port()).String())
}

// dialTimeout bounds one connection attempt, look-up included.
const dialTimeout = 10 * time.Second

// dialer connects to public and allowed addresses only.
type dialer struct {
	allowed  Allowed
	resolver *net.Resolver
}

func (d dialer) dial(ctx context.Context, network, hostPort string) (net.Conn, error) {
	dial := net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second, Resolver: d.resolver}
	if !d.allowed.host(hostPort) {
		dial.Control = d.check
	}
	return dial.DialContext(ctx, network, hostPort)
}

// check sees the address that is really dialled, whatever form it was written in
// and whatever a name resolved to, just before the connection is opened.
func (d dialer) check(_, address string, _ syscall.RawConn) error {
	addr, err := netip.ParseAddrPort(address)
	if err != nil || !public(addr.Addr()) && !d.allowed.address(addr) {
		return ErrAddress
	}
	return nil
}
