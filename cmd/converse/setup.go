package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"converse/internal/account"
	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/config"
	"converse/internal/demo"
	"converse/internal/sandbox"
	"converse/internal/store"
	"converse/internal/vault"
)

// setup makes an org and its first administrator, or the demo, and prints who can
// sign in as one JSON line.
func setup(ctx context.Context, c *config.Setup, stdout io.Writer) error {
	kept, err := openStore(ctx, c.DatabaseURL)
	if err != nil {
		return err
	}
	defer kept.Close()
	passwords, err := auth.NewPasswords() //nolint:contextcheck // one hash, with nobody to wait for
	if err != nil {
		return err
	}
	if c.Demo {
		return setupDemo(ctx, c, kept, passwords, stdout)
	}
	password := c.AdminPassword.Reveal()
	if password == "" {
		password = strings.ToLower(rand.Text())
	}
	hash, err := passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	org := chat.Org{ID: chat.NewID[chat.OrgID](), Name: strings.TrimSpace(c.Org), Country: c.Country}
	admin := chat.User{
		ID: chat.NewID[chat.UserID](), Name: strings.TrimSpace(c.AdminName), Email: strings.ToLower(c.AdminEmail), Role: chat.RoleAdministrator,
	}
	if err := kept.CreateOrgWith(ctx, org, admin, hash); err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(struct {
		Org    chat.OrgID   `json:"org"`
		Logins []demo.Login `json:"logins"`
	}{org.ID, []demo.Login{{Email: admin.Email, Password: password, Role: admin.Role, Name: admin.Name}}})
}

// openStore opens a database that was migrated, for a command that is soon done.
func openStore(ctx context.Context, address config.Address) (*store.Store, error) {
	return openStoreWith(ctx, address, store.Options{})
}

// openStoreWith is openStore with what else the command's writing needs.
func openStoreWith(ctx context.Context, address config.Address, o store.Options) (*store.Store, error) {
	if err := checkDatabase(address); err != nil {
		return nil, err
	}
	if err := checkSchema(ctx, address); err != nil {
		return nil, err
	}
	o.URL, o.MaxConns = address.Reveal(), 4
	return store.Open(ctx, o)
}

// openBook returns the book of the connectors that master keys open. Nothing is sent
// with it, so it knows no public address.
func openBook(kept *store.Store, command keyed) (*account.Book, error) {
	keys, err := vaultKeys(command)
	if err != nil {
		return nil, err
	}
	sealed, err := vault.New(keys...)
	if err != nil {
		return nil, err
	}
	return account.NewBook(kept, sealed, "", adapters()), nil
}

// setupDemo makes the demo for nodes of `converse serve`, and prints the file that
// `converse sandbox` plays it from.
func setupDemo(ctx context.Context, c *config.Setup, kept *store.Store, passwords *auth.Passwords, stdout io.Writer) error {
	accounts, err := openBook(kept, c)
	if err != nil {
		return err
	}
	today := time.Now()
	maker := &demo.Maker{Store: kept, Accounts: accounts, Passwords: passwords}
	made, err := maker.Make(ctx, demo.Options{Leads: c.Leads, ProviderURL: c.ProviderURL, Today: today})
	if err != nil {
		return err
	}
	var out struct {
		Org        chat.OrgID       `json:"org"`
		Logins     []demo.Login     `json:"logins"`
		Connectors []readyConnector `json:"connectors"`
		Sandbox    struct {
			Accounts []sandbox.Account `json:"accounts"`
			Leads    []sandbox.Handset `json:"leads"`
			Past     []sandbox.Past    `json:"past"`
		} `json:"sandbox"`
	}
	out.Org, out.Logins = made.Org, made.Logins
	if out.Connectors, err = readyConnectors(ctx, accounts, made.Org, c.PublicURL); err != nil {
		return err
	}
	if out.Sandbox.Accounts, err = playedAccounts(ctx, accounts, made.Org, c.PublicURL); err != nil {
		return err
	}
	out.Sandbox.Leads = playedLeads(c.Leads, today)
	if out.Sandbox.Past, err = playedPast(ctx, kept, made.Org); err != nil {
		return err
	}
	if err := json.NewEncoder(stdout).Encode(out); err != nil {
		return fmt.Errorf("print what was made: %w", err)
	}
	return nil
}
