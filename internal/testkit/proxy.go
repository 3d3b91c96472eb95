package testkit

import (
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// Chunk is one piece of the conversation between a pool and PostgreSQL.
type Chunk struct {
	// FromServer: PostgreSQL says it; otherwise the pool does.
	FromServer bool
	Bytes      []byte
}

// PostgresProxy stands before a test's database and cuts connections at exact moments.
type PostgresProxy struct {
	// URL is the database's address by way of the proxy.
	URL string

	target  string
	cut     atomic.Pointer[func(Chunk) bool]
	mu      sync.Mutex // guards conns
	conns   map[net.Conn]bool
	running sync.WaitGroup
}

// Proxy puts a proxy before the database, gone after the test.
func (d *Database) Proxy() *PostgresProxy { return ProxyTo(d.t, d.URL) }

// ProxyTo puts a proxy before a database of Postgres or Cluster.
func ProxyTo(t testing.TB, address string) *PostgresProxy {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatalf("read the address of the test's database: %v", err)
	}
	query := u.Query()
	dir := Folder(t)
	p := &PostgresProxy{target: filepath.Join(query.Get("host"), ".s.PGSQL."+query.Get("port")), conns: map[net.Conn]bool{}}
	query.Set("host", dir)
	u.RawQuery = query.Encode()
	p.URL = u.String()
	listener, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL."+query.Get("port")))
	if err != nil {
		t.Fatalf("listen for the test's database: %v", err)
	}
	p.running.Go(func() { p.serve(listener) })
	t.Cleanup(func() {
		listener.Close()
		p.closeAll()
		p.running.Wait()
	})
	return p
}

// CutWhen has every chunk looked at before it is passed on. When the function says
// true the chunk is lost and its connection is closed on both sides. It may be
// called by several goroutines at once; nil passes everything.
func (p *PostgresProxy) CutWhen(lost func(Chunk) bool) {
	if lost == nil {
		p.cut.Store(nil)
		return
	}
	p.cut.Store(&lost)
}

func (p *PostgresProxy) serve(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", p.target)
		if err != nil {
			client.Close()
			continue
		}
		p.track(client, server)
		p.running.Go(func() { p.pass(client, server, false) })
		p.running.Go(func() { p.pass(server, client, true) })
	}
}

func (p *PostgresProxy) pass(from, to net.Conn, fromServer bool) {
	defer from.Close()
	defer to.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if lost := p.cut.Load(); lost != nil && (*lost)(Chunk{FromServer: fromServer, Bytes: buffer[:n]}) {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (p *PostgresProxy) track(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		p.conns[c] = true
	}
}

func (p *PostgresProxy) closeAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		c.Close()
	}
}
