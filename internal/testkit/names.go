package testkit

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Resolver looks names up at a name server of the test's own, and nowhere else. next is
// asked at every look-up of an IPv4 address: none says that there is no such name.
func Resolver(t testing.TB, next func() []netip.Addr) *net.Resolver {
	t.Helper()
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	var group sync.WaitGroup
	group.Go(func() {
		query := make([]byte, 512)
		for {
			length, from, err := socket.ReadFrom(query)
			if err != nil {
				return
			}
			_, _ = socket.WriteTo(reply(query[:length], next), from)
		}
	})
	t.Cleanup(func() {
		_ = socket.Close()
		group.Wait()
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", socket.LocalAddr().String())
	}}
}

// reply answers a query (RFC 1035, section 4) with its header and question, and a record
// of each address.
func reply(query []byte, next func() []netip.Addr) []byte {
	const (
		header      = 12
		noSuchName  = 3
		kindAddress = 1
	)
	end := header
	for query[end] != 0 {
		end += int(query[end]) + 1
	}
	end += 5 // the name's end, type and class
	out := append([]byte{}, query[:end]...)
	out[2], out[3] = 0x84, 0 // an authoritative answer without error
	var addresses []netip.Addr
	if query[end-4] == 0 && query[end-3] == kindAddress {
		if addresses = next(); len(addresses) == 0 {
			out[3] = noSuchName
		}
	}
	out[6], out[7] = 0, byte(len(addresses))
	clear(out[8:header]) // no records of other kinds
	for _, address := range addresses {
		out = append(out, 0xC0, header, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4) // the name again, A, IN, to be kept for 0 s
		out = append(out, address.AsSlice()...)
	}
	return out
}
