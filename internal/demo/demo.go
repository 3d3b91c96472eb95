package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"converse/internal/account"
	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/store"
)

// Password is every demo user's. The logins are printed and shown on the sign-in
// page: the demo is not a place for secrets.
const Password = "converse-demo"

// namespace keeps derived ids apart from all others (RFC 9562, version 5).
var namespace = uuid.MustParse("6f0d2f0e-6a3f-4b53-9a0b-4b8f6a0c51c7")

func idOf[T ~string](parts ...any) T {
	return T(uuid.NewSHA1(namespace, []byte(fmt.Sprintln(parts...))).String())
}

// Login is a demo user that can sign in.
type Login struct {
	Email    string    `json:"email"`
	Password string    `json:"password"`
	Role     chat.Role `json:"role"`
	Name     string    `json:"name"`
	// Masked: a permission template hides fields of leads from the user.
	Masked bool `json:"masked,omitempty"`
	// Org is "second" for a user of the second org.
	Org string `json:"org,omitempty"`
}

// Options say what to make.
type Options struct {
	// Leads is how many leads there are to be.
	Leads int
	// ProviderURL is where the connectors' providers are.
	ProviderURL string
	// Today is the day the made-up past ends.
	Today time.Time
}

// Demo is what was made.
type Demo struct {
	Org    chat.OrgID
	Logins []Login
}

// Maker makes demo data.
type Maker struct {
	Store     *store.Store
	Accounts  *account.Book
	Passwords *auth.Passwords
}

// orgID is the demo org's id.
func orgID() chat.OrgID { return idOf[chat.OrgID]("org") }

// Make brings the demo org into being, or goes on where an earlier start stopped.
func (m *Maker) Make(ctx context.Context, o Options) (Demo, error) {
	out := Demo{Org: orgID(), Logins: logins()}
	_, err := m.Store.Org(ctx, out.Org)
	switch {
	case chat.CodeOf(err) == chat.CodeNotFound:
		if err := m.Store.CreateOrg(ctx, chat.Org{ID: out.Org, Name: "Harbour Homes", Country: "US"}); err != nil {
			return out, fmt.Errorf("make demo org: %w", err)
		}
	case err != nil:
		return out, fmt.Errorf("look for demo org: %w", err)
	}
	steps := []struct {
		what string
		do   func(context.Context, Options) error
	}{
		{"users", m.users},
		{"connectors", m.connectors},
		{"templates", m.templates},
		{"permissions", m.permissions},
		{"fields", m.fields},
		{"leads", m.leads},
		{"lists", m.lists},
		{"conversations", m.past},
		{"second org", m.second},
	}
	for _, step := range steps {
		if err := step.do(ctx, o); err != nil {
			return out, fmt.Errorf("make demo %s: %w", step.what, err)
		}
	}
	return out, nil
}

// person is a demo user.
type person struct {
	first, last string
	role        chat.Role
	// masked: phones and last names are hidden from them.
	masked bool
}

func people() []person {
	return []person{
		{first: "Mira", last: "Lindqvist", role: chat.RoleSalesUser},
		{first: "Jonas", last: "Okafor", role: chat.RoleSalesUser},
		{first: "Ines", last: "Carvalho", role: chat.RoleSalesManager},
		{first: "Theo", last: "Nakamura", role: chat.RoleMarketingUser},
		{first: "Ada", last: "Moreau", role: chat.RoleAdministrator},
		{first: "Omar", last: "Haddad", role: chat.RoleAdministrator},
		{first: "Lena", last: "Vogt", role: chat.RoleSalesUser, masked: true},
	}
}

func (p person) id() chat.UserID { return idOf[chat.UserID]("user", p.first) }

func (p person) email() string { return lower(p.first) + "@harbour.example" }

func (p person) principal() chat.Principal {
	return chat.Principal{Org: orgID(), User: p.id(), Name: p.first + " " + p.last, Role: p.role}
}

// Administrator is one of the demo org's.
func Administrator() chat.Principal {
	for _, p := range people() {
		if p.role == chat.RoleAdministrator {
			return p.principal()
		}
	}
	panic("the demo org has no administrator") // people says otherwise
}

func logins() []Login {
	var out []Login
	for _, p := range people() {
		out = append(out, Login{Email: p.email(), Password: Password, Role: p.role, Name: p.first + " " + p.last, Masked: p.masked})
	}
	stranger := strangers()[0]
	return append(out, Login{
		Email: strangerEmail(stranger), Password: Password, Role: stranger.role, Name: stranger.first + " " + stranger.last, Org: "second",
	})
}

func (m *Maker) users(ctx context.Context, _ Options) error {
	existing, err := m.Store.Users(ctx, orgID())
	if err != nil || len(existing) >= len(people()) {
		return err
	}
	// One hash for all: hashing costs 60 ms each, and the password is the same.
	hash, err := m.Passwords.Hash(ctx, Password)
	if err != nil {
		return err
	}
	for _, p := range people() {
		if slices.ContainsFunc(existing, func(u chat.User) bool { return u.ID == p.id() }) {
			continue
		}
		user := chat.User{ID: p.id(), Email: p.email(), Name: p.first + " " + p.last, Role: p.role}
		if err := m.Store.CreateUser(ctx, orgID(), user, hash); err != nil {
			return err
		}
	}
	return nil
}
