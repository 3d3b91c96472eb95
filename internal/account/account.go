// Package account opens connectors: it turns a stored connector with sealed
// secrets into an account an adapter can work with.
//
// It owns the list of adapters and a short-lived cache of opened accounts, so that
// a webhook or a send costs no look-up of its own. It promises that secrets leave
// it only inside channels.Account. A changed connector is seen within cacheLife. Access
// tokens are granted once for all nodes, sealed and shared through the database.
// It must not know any provider by name, nor what an account is used for.
package account

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"converse/channels"
	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/vault"
)

// cacheLife is how long an opened account is used without looking at it again.
const cacheLife = 3 * time.Second

// endpointSecret is the name under which the webhook's word is sealed with the
// provider's credentials.
const endpointSecret = "endpoint"

// Store keeps connectors.
type Store interface {
	ConnectorByEndpoint(ctx context.Context, endpointHash []byte) (c store.Connector, ok bool, err error)
	Connector(ctx context.Context, org chat.OrgID, id chat.ConnectorID) (store.Connector, error)
	Connectors(ctx context.Context, org chat.OrgID) ([]store.Connector, error)
	CreateConnector(ctx context.Context, c store.Connector) error
	Tokens
	ConnectConnector(ctx context.Context, p chat.Principal, c store.Connector) error
	ChangeConnector(ctx context.Context, p chat.Principal, c store.Connector, fields []string) error
	ArchiveConnector(ctx context.Context, p chat.Principal, c store.Connector) (store.Archived, error)
}

// Open is a connector with its secrets opened and the adapter that speaks for it.
type Open struct {
	Org         chat.OrgID
	Name        string
	State       store.ConnectorState
	StateReason string
	Account     channels.Account
	Adapter     channels.Adapter
	// Endpoint is the word in the webhook's address.
	Endpoint string
	// Senders are the account's numbers as users see them.
	Senders []chat.Sender
	// Version counts the connector's changes.
	Version int

	fingerprint [sha256.Size]byte
	token       int64 // version of Account.Token
}

// ExampleFiles says which files can be the example over a template that is handed in, one
// rule for each kind of header; none for a provider that is given addresses. What the
// account lacks for it is a *chat.Error with code blocked.
func (o Open) ExampleFiles() ([]channels.MediaRule, error) {
	exampler, ok := o.Adapter.(channels.TemplateExampler)
	if !ok {
		return nil, nil
	}
	rules, err := exampler.ExampleFiles(o.Account)
	if missing, ok := errors.AsType[*channels.Error](err); ok {
		return nil, &chat.Error{Code: chat.CodeBlocked, Message: missing.Text}
	}
	return rules, err
}

// SecretsSet names the secrets that have a value, in order.
func (o Open) SecretsSet() []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(o.Account.Secrets)) {
		if o.Account.Secrets[name] != "" {
			out = append(out, name)
		}
	}
	return out
}

// Format implements fmt.Formatter, for every verb: secrets are hidden, of which the
// webhook's word is one.
func (o Open) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "connector %s of org %s", o.Account.Connector, o.Org)
}

// LogValue implements slog.LogValuer, secrets hidden.
func (o Open) LogValue() slog.Value {
	return slog.GroupValue(slog.String("org_id", string(o.Org)), slog.String("connector_id", string(o.Account.Connector)))
}

// Book finds accounts. It is safe for concurrent use.
type Book struct {
	store    Store
	vault    *vault.Vault
	adapters map[channels.Kind]channels.Adapter
	public   string // the installation's own address
	grants   singleflight.Group

	mu         sync.Mutex // guards the caches and tokens
	tokens     map[chat.ConnectorID]held
	byEndpoint map[[sha256.Size]byte]cached
	byID       map[chat.ConnectorID]cached
}

type cached struct {
	open  Open
	until time.Time
}

// NewBook returns a book of the connectors that these adapters speak for. publicURL is
// how the world reaches the installation, without a trailing slash.
func NewBook(s Store, v *vault.Vault, publicURL string, adapters []channels.Adapter) *Book {
	b := &Book{
		store: s, vault: v, public: publicURL, adapters: map[channels.Kind]channels.Adapter{},
		tokens:     map[chat.ConnectorID]held{},
		byEndpoint: map[[sha256.Size]byte]cached{}, byID: map[chat.ConnectorID]cached{},
	}
	for _, a := range adapters {
		b.adapters[a.Kind()] = a
	}
	return b
}

// Known reports whether there is an adapter of that name.
func (b *Book) Known(provider string) bool {
	_, ok := b.adapters[channels.Kind(provider)]
	return ok
}

// ByEndpoint opens the connector of a webhook's address. One that does not exist,
// or belongs to another provider, is an error with code not_found.
func (b *Book) ByEndpoint(ctx context.Context, provider, endpoint string) (Open, error) {
	hash := sha256.Sum256([]byte(endpoint))
	now := time.Now()
	b.mu.Lock()
	c, ok := b.byEndpoint[hash]
	b.mu.Unlock()
	if !ok || now.After(c.until) {
		row, ok, err := b.store.ConnectorByEndpoint(ctx, hash[:])
		if err != nil {
			return Open{}, err
		}
		if !ok {
			return Open{}, chat.NotFound("endpoint")
		}
		open, err := b.open(row)
		if err != nil {
			return Open{}, err
		}
		c = cached{open: open, until: now.Add(cacheLife)}
		b.mu.Lock()
		b.byEndpoint[hash] = c
		b.mu.Unlock()
	}
	if string(c.open.Adapter.Kind()) != provider {
		return Open{}, chat.NotFound("endpoint")
	}
	return c.open, nil
}

// Opened returns a connector that was opened a moment ago, and asks nobody: within a
// transaction there is no second connection to ask with.
func (b *Book) Opened(org chat.OrgID, id chat.ConnectorID) (Open, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, ok := b.byID[id]
	return c.open, ok && time.Now().Before(c.until) && c.open.Org == org
}

// ByID opens a connector.
func (b *Book) ByID(ctx context.Context, org chat.OrgID, id chat.ConnectorID) (Open, error) {
	now := time.Now()
	if open, ok := b.Opened(org, id); ok {
		return open, nil
	}
	row, err := b.store.Connector(ctx, org, id)
	if err != nil {
		return Open{}, err
	}
	open, err := b.open(row)
	if err != nil {
		return Open{}, err
	}
	b.mu.Lock()
	b.byID[id] = cached{open: open, until: now.Add(cacheLife)}
	b.mu.Unlock()
	return open, nil
}

// List opens all connectors of an org.
func (b *Book) List(ctx context.Context, org chat.OrgID) ([]Open, error) {
	rows, err := b.store.Connectors(ctx, org)
	if err != nil {
		return nil, err
	}
	out := make([]Open, 0, len(rows))
	for _, row := range rows {
		open, err := b.open(row)
		if err != nil {
			return nil, err
		}
		out = append(out, open)
	}
	return out, nil
}

func place(org chat.OrgID, id chat.ConnectorID) vault.Place {
	return vault.Place{Org: org, Connector: id, Fields: "credentials"}
}

func (b *Book) open(row store.Connector) (Open, error) {
	adapter, ok := b.adapters[channels.Kind(row.Provider)]
	if !ok {
		return Open{}, fmt.Errorf("open connector %s: no adapter for provider %q", row.ID, row.Provider)
	}
	plain, err := b.vault.Open(place(row.Org, row.ID), row.Sealed)
	if err != nil {
		return Open{}, fmt.Errorf("open connector %s: %w", row.ID, err)
	}
	secrets := map[string]string{}
	if err := json.Unmarshal(plain, &secrets); err != nil {
		return Open{}, fmt.Errorf("open connector %s: its secrets cannot be read", row.ID)
	}
	endpoint := secrets[endpointSecret]
	delete(secrets, endpointSecret)
	open := Open{
		fingerprint: fingerprintOf(row),
		Org:         row.Org, Name: row.Name, State: row.State, StateReason: row.StateReason, Adapter: adapter, Endpoint: endpoint, Version: row.Version,
		Account: channels.Account{
			Connector: row.ID, BaseURL: row.BaseURL, Settings: row.Settings, Secrets: secrets,
			WebhookURL: WebhookURL(b.public, row.Provider, endpoint),
		},
	}
	for _, s := range row.Senders {
		open.Senders = append(open.Senders, s.Sender)
		open.Account.Senders = append(open.Account.Senders, channels.AccountSender{
			ID: s.ID, Channel: s.Channel, Address: s.Address, Ref: s.Ref,
		})
	}
	return open, nil
}

// WebhookURL is the address that a provider calls, below the installation's own.
func WebhookURL(publicURL, provider, endpoint string) string {
	return publicURL + "/hooks/" + provider + "/" + endpoint
}

// New is a connector to be stored.
type New struct {
	store.Connector
	Secrets map[string]string
	// Endpoint is the word in the webhook's address: 256 random bits or more.
	Endpoint string
}

// Create seals a connector's secrets and stores it. What is wrong with it is an error
// with code invalid_argument that names the field.
func (b *Book) Create(ctx context.Context, n New) error {
	if err := b.check(ctx, n); err != nil {
		return err
	}
	if err := b.seal(&n); err != nil {
		return err
	}
	return b.store.CreateConnector(ctx, n.Connector)
}

// seal puts a connector's secrets into it, under lock.
func (b *Book) seal(n *New) error {
	secrets := map[string]string{}
	maps.Copy(secrets, n.Secrets)
	secrets[endpointSecret] = n.Endpoint
	plain, err := json.Marshal(secrets)
	if err != nil {
		return fmt.Errorf("encode connector secrets: %w", err)
	}
	if n.Sealed, err = b.vault.Seal(place(n.Org, n.ID), plain); err != nil {
		return fmt.Errorf("seal connector secrets: %w", err)
	}
	hash := sha256.Sum256([]byte(n.Endpoint))
	n.EndpointHash = hash[:]
	return nil
}
