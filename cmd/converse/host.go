package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/demo"
	"converse/internal/hostpage"
)

// hostPage makes the demo's CRM at one of the demo's own addresses: its sites are
// allowed, and it has an API key, which is kept in the data folder as a real host keeps
// its own.
func hostPage(ctx context.Context, a *App, made demo.Demo, data, url string, log *slog.Logger) (*hostpage.Page, error) {
	if err := allowHost(ctx, a, made.Org, localOrigins(url)); err != nil {
		return nil, fmt.Errorf("allow the demo's CRM: %w", err)
	}
	key, err := hostKey(ctx, auth.NewKeys(a.store), demo.Administrator(), filepath.Join(data, "host.key"))
	if err != nil {
		return nil, fmt.Errorf("make the key of the demo's CRM: %w", err)
	}
	c := hostpage.Config{Converse: a.settings.PublicURL, Key: key, Log: log}
	for _, l := range made.Logins {
		if l.Role == chat.RoleSalesUser || l.Role == chat.RoleSalesManager {
			c.Users = append(c.Users, hostpage.User{Name: l.Name, Email: l.Email})
		}
	}
	return hostpage.New(c), nil
}

// allowHost allows the CRM's sites, and takes back those of an earlier start on another
// port, which nobody but us has added.
func allowHost(ctx context.Context, a *App, org chat.OrgID, sites []string) error {
	us := chat.Principal{Org: org}
	before, err := a.store.Origins(ctx, org)
	if err != nil {
		return err
	}
	for _, o := range before {
		if o.AddedByName == "" && !slices.Contains(sites, o.Origin) {
			err = errors.Join(err, a.store.RemoveOrigin(ctx, us, o.Origin))
		}
	}
	for _, site := range sites {
		_, added := a.store.AddOrigin(ctx, us, site)
		err = errors.Join(err, added)
	}
	return err
}

// hostKey reads the CRM's API key, or makes one.
func hostKey(ctx context.Context, keys *auth.Keys, p chat.Principal, path string) (string, error) {
	kept, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(kept)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	key, _, err := keys.Create(ctx, p, auth.NewKey{Name: "Tideline CRM (demo)", Scopes: []chat.KeyScope{chat.KeyLeadsRead, chat.KeyWidget}})
	if err != nil {
		return "", err
	}
	return key, os.WriteFile(path, []byte(key+"\n"), 0o600)
}
