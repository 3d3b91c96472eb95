package safehttp_test

import (
	"bufio"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"converse/internal/safehttp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// provider is the other side on a bare TCP listener, so that a test can do to a
// connection what no HTTP server would.
type provider struct {
	addr string
	// end is closed at the end of the test.
	end chan struct{}

	mu    sync.Mutex
	heard []string
}

// connection is one that a client opened.
type connection struct {
	*net.TCPConn
	reader   *bufio.Reader
	provider *provider
}

// next reads one request whole and reports false when there is none.
func (c *connection) next() bool {
	req, err := http.ReadRequest(c.reader)
	if err != nil {
		return false
	}
	if _, err := io.Copy(io.Discard, req.Body); err != nil {
		return false
	}
	c.provider.mu.Lock()
	defer c.provider.mu.Unlock()
	c.provider.heard = append(c.provider.heard, req.RequestURI)
	return true
}

func (c *connection) write(raw string) error {
	_, err := io.WriteString(c, raw)
	return err
}

// requests are the paths of the requests that arrived whole.
func (p *provider) requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.heard)
}

// serve hands every connection to act and closes it afterwards.
func serve(t *testing.T, act func(*connection)) *provider {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &provider{addr: listener.Addr().String(), end: make(chan struct{})}
	var connections sync.WaitGroup
	connections.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Go(func() {
				defer conn.Close()
				act(&connection{TCPConn: conn.(*net.TCPConn), reader: bufio.NewReader(conn), provider: p})
			})
		}
	})
	t.Cleanup(func() {
		close(p.end)
		require.NoError(t, listener.Close())
		connections.Wait()
	})
	return p
}

// answer reads a request and writes raw bytes.
func answer(raw string) func(*connection) {
	return func(c *connection) {
		if c.next() {
			_ = c.write(raw)
		}
	}
}

// hang reads requests and says nothing until the client is gone.
func hang(c *connection) {
	for c.next() {
	}
}

// neverRead leaves what is sent in the kernel's buffers.
func neverRead(c *connection) { <-c.provider.end }

// dropByDrop answers, and then goes on a byte at a time for as long as anybody listens.
func dropByDrop(c *connection) { drip(c, "HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n") }

// headerDropByDrop does not even come to the end of the header.
func headerDropByDrop(c *connection) { drip(c, "HTTP/1.1 200 OK\r\nX-Long: ") }

func drip(c *connection, begin string) {
	c.next()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for err := c.write(begin); err == nil; err = c.write("x") {
		<-tick.C
	}
}

// sendBack answers with the bytes of the request.
func sendBack(c *connection) {
	buffer := make([]byte, 4096)
	n, _ := c.Read(buffer)
	_ = c.write(string(buffer[:n]))
}

func loopback(t *testing.T) safehttp.Allowed {
	t.Helper()
	allowed, err := safehttp.ParseAllowed([]string{"127.0.0.0/8", "::1/128"})
	require.NoError(t, err)
	return allowed
}

func newProvider(t *testing.T, options safehttp.Options) *safehttp.Provider {
	t.Helper()
	options.Allowed = loopback(t)
	if options.Timeout == 0 {
		options.Timeout = 20 * time.Second
	}
	client := safehttp.NewProvider(options)
	t.Cleanup(client.Close)
	return client
}

func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }
