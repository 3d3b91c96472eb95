package account

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strings"

	"converse/channels"
	"converse/internal/chat"
	"converse/internal/store"
)

// Field is one value of an account.
type Field = channels.Field

// Provider is an adapter as an administrator meets it.
type Provider struct {
	Kind channels.Kind
	Form channels.Form
	// Checks: an account can be tried without sending anything.
	Checks bool
	// ListsTemplates and SubmitsTemplates: templates are read from it, and handed in.
	ListsTemplates, SubmitsTemplates bool
	// Subscribes: webhooks are ordered by a call of ours.
	Subscribes bool
}

// Providers lists those whose accounts can be connected by filling in a form, by name.
func (b *Book) Providers() []Provider {
	var out []Provider
	for _, kind := range slices.Sorted(maps.Keys(b.adapters)) {
		adapter := b.adapters[kind]
		former, ok := adapter.(channels.Former)
		if !ok {
			continue
		}
		p := Provider{Kind: kind, Form: channels.FormOf(former)}
		_, p.Checks = adapter.(channels.Checker)
		_, p.ListsTemplates = adapter.(channels.TemplateLister)
		_, p.SubmitsTemplates = adapter.(channels.TemplateSubmitter)
		_, p.Subscribes = adapter.(channels.Subscriber)
		out = append(out, p)
	}
	return out
}

// form is that of a provider; the zero Form for one that has none.
func (b *Book) form(provider string) channels.Form {
	if former, ok := b.adapters[channels.Kind(provider)].(channels.Former); ok {
		return channels.FormOf(former)
	}
	return channels.Form{}
}

// Connect stores a connector that an administrator filled in. Secrets of ours that were
// left empty are made up and returned by name.
func (b *Book) Connect(ctx context.Context, p chat.Principal, n New) (made map[string]string, err error) {
	n.Endpoint = newWord()
	made = b.makeUp(&n)
	if err := b.check(ctx, n); err != nil {
		return nil, err
	}
	if err := b.seal(&n); err != nil {
		return nil, err
	}
	return made, b.store.ConnectConnector(ctx, p, n.Connector)
}

// makeUp fills secrets of ours that are empty.
func (b *Book) makeUp(n *New) map[string]string {
	made := map[string]string{}
	secrets := maps.Clone(n.Secrets)
	if secrets == nil {
		secrets = map[string]string{}
	}
	for _, f := range b.form(n.Provider).Fields {
		if f.Ours && f.Secret && secrets[f.Name] == "" {
			made[f.Name] = newWord()
		}
	}
	maps.Copy(secrets, made)
	n.Secrets = secrets
	return made
}

// Change stores what an administrator made of a connector, if it is still at n.Version.
// A secret that is empty stays as it is, unless it is to be cleared; one of ours is then
// made anew and returned.
func (b *Book) Change(ctx context.Context, p chat.Principal, n New, cleared []string) (made map[string]string, err error) {
	row, err := b.store.Connector(ctx, n.Org, n.ID)
	if err != nil {
		return nil, err
	}
	open, err := b.current(row)
	if err != nil {
		return nil, err
	}
	fields := changedFields(open, n, cleared)
	n.Provider, n.Endpoint = row.Provider, open.Endpoint
	n.Secrets = merged(open.Account.Secrets, n.Secrets, cleared)
	made = b.makeUp(&n)
	if err := b.check(ctx, n); err != nil {
		return nil, err
	}
	if err := b.seal(&n); err != nil {
		return nil, err
	}
	defer b.forget(n.ID)
	return made, b.store.ChangeConnector(ctx, p, n.Connector, fields)
}

// current opens a row that is there to be changed.
func (b *Book) current(row store.Connector) (Open, error) {
	if row.State == store.ConnectorArchived {
		return Open{}, chat.NotFound("connector")
	}
	return b.open(row)
}

// merged are secrets with new values over the old ones, but for those to be cleared.
func merged(old, given map[string]string, cleared []string) map[string]string {
	out := maps.Clone(old)
	for _, name := range cleared {
		delete(out, name)
	}
	for name, value := range given {
		if value != "" {
			out[name] = value
		}
	}
	return out
}

// changedFields names what a change makes different, for the audit.
func changedFields(old Open, n New, cleared []string) []string {
	var out []string
	add := func(name string, differs bool) {
		if differs && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	add("name", old.Name != n.Name)
	add("baseUrl", old.Account.BaseURL != n.BaseURL)
	for _, name := range slices.Sorted(maps.Keys(n.Settings)) {
		add("settings."+name, old.Account.Settings[name] != n.Settings[name])
	}
	for _, name := range slices.Sorted(maps.Keys(n.Secrets)) {
		add("secrets."+name, n.Secrets[name] != "")
	}
	for _, name := range cleared {
		add("secrets."+name, true)
	}
	same := slices.EqualFunc(old.Senders, n.Senders, func(a chat.Sender, b store.ConnectorSender) bool {
		return a.ID == b.ID && a.Label == b.Label && a.User == b.User
	})
	add("numbers", !same)
	return out
}

// RenewWebhook gives a connector's webhook a new address. The old one ends within
// cacheLife.
func (b *Book) RenewWebhook(ctx context.Context, p chat.Principal, id chat.ConnectorID) error {
	row, err := b.store.Connector(ctx, p.Org, id)
	if err != nil {
		return err
	}
	open, err := b.current(row)
	if err != nil {
		return err
	}
	n := New{Connector: row, Secrets: open.Account.Secrets, Endpoint: newWord()}
	if err := b.seal(&n); err != nil {
		return err
	}
	defer b.forget(id)
	return b.store.ChangeConnector(ctx, p, n.Connector, []string{"webhookUrl"})
}

// Archive takes a connector away and forgets its credentials.
func (b *Book) Archive(ctx context.Context, p chat.Principal, id chat.ConnectorID) (store.Archived, error) {
	n := New{Connector: store.Connector{Org: p.Org, ID: id}, Endpoint: newWord()}
	if err := b.seal(&n); err != nil {
		return store.Archived{}, err
	}
	defer b.forget(id)
	return b.store.ArchiveConnector(ctx, p, n.Connector)
}

// forget drops what this node remembers of a connector.
func (b *Book) forget(id chat.ConnectorID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.byID, id)
	for hash, c := range b.byEndpoint {
		if c.open.Account.Connector == id {
			delete(b.byEndpoint, hash)
		}
	}
}

// newWord is 260 random bits in letters and digits.
func newWord() string { return strings.ToLower(rand.Text() + rand.Text()) }
