// Package world makes an org with people, numbers and leads for a test to act on.
//
// It owns fixtures that several rooms' tests need, made through the store like the
// real thing. All people and numbers are made up. It is for tests only.
package world

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/vault"
)

// World is an org with people, numbers and leads to talk to, in a database of its
// own. All its people and numbers are made up.
type World struct {
	URL   string
	Store *store.Store
	Org   chat.OrgID
	// Sales and Admin are who acts.
	Sales, Admin chat.Principal
	SMS          store.Connector
	WhatsApp     store.Connector
	Lead         chat.Lead
	Template     store.StoredTemplate

	mu       sync.Mutex
	events   []store.Event
	unserved int
}

// New makes a world. It ends with the test.
func New(t testing.TB) *World {
	t.Helper()
	return At(t, testkit.Postgres(t).URL)
}

// Narrow makes a world whose store has one connection. Whatever takes a second one within
// a transaction never ends there; with many connections, as many that do so at once wait
// for each other.
func Narrow(t testing.TB) *World {
	t.Helper()
	return at(t, testkit.Postgres(t).URL, 1)
}

// At makes a world in a database that has been migrated.
func At(t testing.TB, url string) *World {
	t.Helper()
	return at(t, url, 0)
}

func at(t testing.TB, url string, conns int) *World {
	t.Helper()
	w := &World{URL: url, Org: chat.NewID[chat.OrgID]()}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var err error
	w.Store, err = store.Open(ctx, store.Options{URL: url, MaxConns: conns, Committed: w.commit, Unserved: w.serveNot})
	require.NoError(t, err)
	t.Cleanup(w.Store.Close)

	require.NoError(t, w.Store.CreateOrg(ctx, chat.Org{ID: w.Org, Name: "Harbour Homes", Country: "US"}))
	w.Sales = w.person(ctx, t, "Mira Sale", chat.RoleSalesUser)
	w.Admin = w.person(ctx, t, "Ada Min", chat.RoleAdministrator)
	w.SMS = w.connector(ctx, t, "ctm", chat.ChannelSMS, "+12025550100", "TPN1")
	w.WhatsApp = w.connector(ctx, t, "whatsapp_cloud", chat.ChannelWhatsApp, "+12025550101", "106540352242922")
	w.Lead = w.NewLead(t, "Asha", "Rao", "+12025550123")
	w.Template = store.StoredTemplate{Template: chat.Template{
		ID: chat.NewID[chat.TemplateID](), Channel: chat.ChannelWhatsApp, Name: "visit_reminder", Language: "en_US", Category: "utility",
		Body: "Hello {{1}}, your visit is on {{2}}.", Variables: []chat.TemplateVariable{{Name: "1", Example: "Asha"}, {Name: "2", Example: "Monday"}},
	}}
	require.NoError(t, w.Store.CreateTemplate(ctx, w.Org, w.Template))
	return w
}

func (w *World) person(ctx context.Context, t testing.TB, name string, role chat.Role) chat.Principal {
	t.Helper()
	user := chat.User{ID: chat.NewID[chat.UserID](), Name: name, Role: role}
	user.Email = string(user.ID) + "@example.com"
	require.NoError(t, w.Store.CreateUser(ctx, w.Org, user, "none"))
	return chat.Principal{Org: w.Org, User: user.ID, Name: name, Role: role, SignIn: chat.NewID[chat.SignInID]()}
}

func (w *World) connector(ctx context.Context, t testing.TB, provider string, channel chat.Channel, address, ref string) store.Connector {
	t.Helper()
	id := chat.NewID[chat.ConnectorID]()
	sealed, err := Vault(t).Seal(vault.Place{Org: w.Org, Connector: id, Fields: "credentials"}, []byte("{}"))
	require.NoError(t, err)
	c := store.Connector{
		Org: w.Org, ID: id, Provider: provider, Name: provider, Settings: map[string]string{}, Sealed: sealed, EndpointHash: []byte(id),
		Senders: []store.ConnectorSender{{Ref: ref, Sender: chat.Sender{
			ID: chat.NewID[chat.SenderID](), Connector: id, Provider: provider, Channel: channel, Address: address, Label: "Main line",
		}}},
	}
	require.NoError(t, w.Store.CreateConnector(ctx, c))
	return c
}

// NewLead makes a lead with a phone, owned by Sales.
func (w *World) NewLead(t testing.TB, first, last, phone string) chat.Lead {
	t.Helper()
	lead := chat.Lead{
		ID: chat.NewID[chat.LeadID](), FirstName: first, LastName: last, Owner: w.Sales.User,
		Identifiers: []chat.Identifier{{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: phone, Label: "mobile"}},
	}
	require.NoError(t, w.Store.CreateLead(t.Context(), w.Org, lead))
	return lead
}

// Conversation starts a conversation with the lead over a connector.
func (w *World) Conversation(t testing.TB, c store.Connector) chat.Conversation {
	t.Helper()
	out, err := w.Store.StartConversation(t.Context(), w.Sales, w.Lead.ID, w.Lead.Identifiers[0].ID, c.Senders[0].ID)
	require.NoError(t, err)
	return out
}

func (w *World) commit(events []store.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, events...)
}

// Events returns the events committed so far.
func (w *World) Events() []store.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]store.Event(nil), w.events...)
}

func (w *World) serveNot(chat.OrgID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.unserved++
}

// Unserved is how many leads came in that nobody could get.
func (w *World) Unserved() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.unserved
}
