package safehttp_test

import (
	"context"
	"encoding/binary"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/safehttp"
)

// names is a name server that knows one name and gives its next addresses at every
// look-up, the last ones for ever.
type names struct {
	mu      sync.Mutex // guards the field below
	answers [][]netip.Addr
}

// resolver asks the name server, and nobody else.
func (n *names) resolver(t *testing.T) *net.Resolver {
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
			_, _ = socket.WriteTo(n.answer(query[:length]), from)
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

// answer writes a reply (RFC 1035, section 4): the query's header and question, and a
// record of each address.
func (n *names) answer(query []byte) []byte {
	const header = 12
	end := header
	for query[end] != 0 {
		end += int(query[end]) + 1
	}
	end += 5 // the name's end, type and class
	var addresses []netip.Addr
	if kind := binary.BigEndian.Uint16(query[end-4:]); kind == 1 { // A
		addresses = n.next()
	}
	reply := append([]byte{}, query[:end]...)
	reply[2], reply[3] = 0x84, 0 // an authoritative answer without error
	binary.BigEndian.PutUint16(reply[6:], uint16(len(addresses)))
	clear(reply[8:header]) // no records of other kinds
	for _, address := range addresses {
		reply = append(reply, 0xC0, header, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4) // the name again, A, IN, to be kept for 0 s
		reply = append(reply, address.AsSlice()...)
	}
	return reply
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
			options := safehttp.Options{Timeout: 10 * time.Second, Allowed: allowed, Resolver: (&names{answers: c.answers}).resolver(t)}
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
