package rpc

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"connectrpc.com/connect"
)

// address is where a call comes from, for counting failed attempts: the peer, or
// behind proxies of ours the nearest that is none of them. What a caller writes into
// X-Forwarded-For stands before what our proxies have added, and is never reached.
// Whoever has one IPv6 address has the whole /64 around it.
func address(peer connect.Peer, header http.Header, proxies []netip.Prefix) string {
	from, err := netip.ParseAddrPort(peer.Addr)
	if err != nil {
		return peer.Addr
	}
	at := from.Addr().Unmap()
	hops := strings.Split(strings.Join(header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		next, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil || !contains(proxies, at) {
			break
		}
		at = next.Unmap().WithZone("")
	}
	if at.Is6() {
		const customer = 64
		return netip.PrefixFrom(at, customer).Masked().String()
	}
	return at.String()
}

func contains(list []netip.Prefix, at netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(at) })
}
