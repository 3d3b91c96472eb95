// Package product runs the real product, `converse dev`, and fills its database
// with as many orgs, people and leads as a comparison needs.
//
// It owns the product's process with its data folder, what is written into the
// database beside the program, and the webhooks and tickets that a load generator
// asks it for. It promises to write through the product's own store, account and
// vault packages, and to sign webhooks as the provider does: what is measured has
// no short cut.
//
// It must not know what is measured.
package product

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"converse/bench/host"
	"converse/channels"
	"converse/channels/whatsappcloud"
	"converse/internal/account"
	"converse/internal/localdb"
	"converse/internal/store"
	"converse/internal/vault"
)

// Product is a running product.
type Product struct {
	// Addr is host:port of what the world reaches, Internal the base of what it does
	// not.
	Addr, Internal string
	child          *host.Child
	database       string
	store          *store.Store
	accounts       *account.Book
}

// Start runs the program with its data in dir, which PostgreSQL's user must be able
// to enter.
func Start(ctx context.Context, program, dir string) (*Product, error) {
	data := filepath.Join(dir, "data")
	var ready struct {
		URL         string `json:"url"`
		InternalURL string `json:"internal_url"`
	}
	child, err := host.Start(dir, "converse", &ready, program, "dev", "--data", data, "--listen", "127.0.0.1:0",
		"--internal-listen", "127.0.0.1:0", "--sandbox-listen", "127.0.0.1:0", "--leads", "0", "--log-level", "warn")
	if err != nil {
		return nil, err
	}
	p := &Product{Addr: strings.TrimPrefix(ready.URL, "http://"), Internal: ready.InternalURL, child: child}
	if err := p.open(ctx, data); err != nil {
		p.Stop()
		return nil, fmt.Errorf("open the product's database: %w", err)
	}
	return p, nil
}

// open connects to the database beside the program, with the program's own key.
func (p *Product) open(ctx context.Context, data string) error {
	text, err := os.ReadFile(filepath.Join(data, "master.key"))
	if err != nil {
		return err
	}
	key, err := vault.ParseKey(string(text))
	if err != nil {
		return err
	}
	sealed, err := vault.New(key)
	if err != nil {
		return err
	}
	p.database = databaseURL(data)
	if p.store, err = store.Open(ctx, store.Options{URL: p.database, MaxConns: seeders}); err != nil {
		return err
	}
	p.accounts = account.NewBook(p.store, sealed, "https://hub.example.com", []channels.Adapter{whatsappcloud.New()})
	return nil
}

// databaseURL is where localdb puts the socket of a data folder's database.
func databaseURL(data string) string {
	query := url.Values{"host": {filepath.Join(data, "db", "run")}, "port": {"5432"}, "sslmode": {"disable"}}
	return (&url.URL{Scheme: "postgres", User: url.User(localdb.Role), Path: "/" + localdb.Database, RawQuery: query.Encode()}).String()
}

// PID is the program's process id.
func (p *Product) PID() int { return p.child.PID() }

// Database is the process ids of its PostgreSQL, which is a child of the program.
func (p *Product) Database() []int { return host.Family(p.PID())[1:] }

// Err is why the program is not running any more.
func (p *Product) Err() error { return p.child.Err() }

// Sessions is how many sessions the program has open.
func (p *Product) Sessions(ctx context.Context) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Internal+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(text) {
		if value, ok := bytes.CutPrefix(line, []byte("converse_sessions ")); ok {
			return strconv.Atoi(string(bytes.TrimSpace(value)))
		}
	}
	return 0, fmt.Errorf("the metrics do not say how many sessions are open")
}

// Stop ends the program.
func (p *Product) Stop() {
	if p.store != nil {
		p.store.Close()
	}
	p.child.Stop()
}
