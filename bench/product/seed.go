package product

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"converse/channels/whatsappcloud"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
)

// seeders is how many write at once.
const seeders = 16

// Org is an org that was made, with what is needed to act in it.
type Org struct {
	ID    chat.OrgID
	Users []User
	Hook  Hook
	// Leads are the phone numbers of its leads, digits alone, as WhatsApp has them.
	Leads []string
}

// User is one who has signed in.
type User struct {
	ID    chat.UserID
	Token string
}

// Topic is the stream that all of the org follow.
func (o Org) Topic() string { return string(chat.OrgTopic(o.ID)) }

// Seed makes orgs, each with users who have signed in, a WhatsApp connector and
// leads. Nothing of it goes through the program, which finds it in its database.
func (p *Product) Seed(ctx context.Context, orgs, users, leads int) ([]Org, error) {
	out := make([]Org, orgs)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(seeders)
	for n := range out {
		group.Go(func() error {
			var err error
			if out[n], err = p.seedOrg(ctx, users, leads); err != nil {
				return fmt.Errorf("make org %d: %w", n, err)
			}
			return nil
		})
	}
	return out, group.Wait()
}

// Analyze lets PostgreSQL look at its tables, as it does by itself within minutes. Until
// then it plans for the empty ones it was started with.
func (p *Product) Analyze(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.database)
	if err != nil {
		return fmt.Errorf("connect as the tables' owner: %w", err)
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "analyze")
	return err
}

func (p *Product) seedOrg(ctx context.Context, users, leads int) (Org, error) {
	o := Org{ID: chat.NewID[chat.OrgID]()}
	if err := p.store.CreateOrg(ctx, chat.Org{ID: o.ID, Name: "Harbour Homes", Country: "US"}); err != nil {
		return o, err
	}
	for range users {
		u, err := p.seedUser(ctx, o.ID)
		if err != nil {
			return o, err
		}
		o.Users = append(o.Users, u)
	}
	var err error
	if o.Hook, err = p.seedConnector(ctx, o.ID); err != nil {
		return o, err
	}
	list := make([]chat.Lead, leads)
	for n := range list {
		// 555-0100 to 555-0199 is set aside for fiction.
		o.Leads = append(o.Leads, fmt.Sprintf("1%03d55501%02d", 201+n/100, n%100))
		list[n] = chat.Lead{
			ID: chat.NewID[chat.LeadID](), FirstName: "Asha", LastName: "Rao", Owner: o.Users[n%len(o.Users)].ID, CreatedAt: time.Now(),
			Identifiers: []chat.Identifier{{ID: chat.NewID[chat.IdentifierID](), Kind: chat.IdentifierPhone, Value: "+" + o.Leads[n]}},
		}
	}
	return o, p.store.CreateLeads(ctx, o.ID, list)
}

func (p *Product) seedUser(ctx context.Context, org chat.OrgID) (User, error) {
	u := User{ID: chat.NewID[chat.UserID](), Token: secret()}
	user := chat.User{ID: u.ID, Email: string(u.ID) + "@example.com", Name: "Mira Lindqvist", Role: chat.RoleSalesUser}
	if err := p.store.CreateUser(ctx, org, user, "nobody signs in with a password here"); err != nil {
		return u, err
	}
	hash := sha256.Sum256([]byte(u.Token))
	who := chat.Principal{Org: org, User: u.ID, SignIn: chat.NewID[chat.SignInID]()}
	return u, p.store.CreateSignIn(ctx, who, hash, time.Now().Add(24*time.Hour))
}

// number and ref are every org's WhatsApp number and Meta's id of it.
const (
	number = "12025550199"
	ref    = "106540352242922"
)

func (p *Product) seedConnector(ctx context.Context, org chat.OrgID) (Hook, error) {
	id := chat.NewID[chat.ConnectorID]()
	h := Hook{endpoint: secret(), secret: secret()}
	return h, p.accounts.Create(ctx, account.New{
		Connector: store.Connector{
			Org: org, ID: id, Provider: "whatsapp_cloud", Name: "WhatsApp", BaseURL: "http://127.0.0.1:9",
			Settings: map[string]string{"api_version": "v25.0", "waba_id": "102290129340398"},
			Senders: []store.ConnectorSender{{Ref: ref, Sender: chat.Sender{
				ID: chat.NewID[chat.SenderID](), Connector: id, Provider: "whatsapp_cloud", Channel: chat.ChannelWhatsApp,
				Address: "+" + number, Label: "Sales",
			}}},
		},
		Secrets: map[string]string{
			whatsappcloud.SecretAccessToken: secret(), whatsappcloud.SecretApp: h.secret, whatsappcloud.SecretVerifyToken: secret(),
		},
		Endpoint: h.endpoint,
	})
}

func secret() string { return strings.ToLower(rand.Text() + rand.Text()) }
