package sso

import (
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"converse/internal/chat"
	"converse/internal/store"
)

// Settings are an org's provider as an administrator sees it.
type Settings struct {
	store.SingleSignOn
	// SecretSet: there is a client secret. It is never shown.
	SecretSet bool
}

// Get returns the org's provider; the zero value when there is none.
func (s *Service) Get(ctx context.Context, p chat.Principal) (Settings, error) {
	kept, err := s.store.SingleSignOn(ctx, p.Org)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return Settings{}, nil
	}
	return Settings{SingleSignOn: kept, SecretSet: len(kept.Sealed) > 0}, err
}

// Set stores the org's provider. An empty secret keeps the one there is, which another
// issuer or client must not be given. What is wrong is an error with code invalid that
// names the field.
func (s *Service) Set(ctx context.Context, p chat.Principal, n store.SingleSignOn, secret string) (Settings, error) {
	for i, domain := range n.Domains {
		n.Domains[i] = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(domain), "@"))
	}
	slices.Sort(n.Domains)
	n.Domains = slices.Compact(n.Domains)
	if err := s.check(n); err != nil {
		return Settings{}, err
	}
	before, err := s.Get(ctx, p)
	if err != nil {
		return Settings{}, err
	}
	changed := changes(before, n)
	n.Sealed = before.Sealed
	switch {
	case secret != "":
		changed = append(changed, "client_secret")
		if n.Sealed, err = s.vault.Seal(secretPlace(p.Org), []byte(secret)); err != nil {
			return Settings{}, err
		}
	case !before.SecretSet || before.Issuer != n.Issuer || before.ClientID != n.ClientID:
		return Settings{}, chat.Invalidf("clientSecret", "is required with another issuer or client")
	}
	if err := s.store.SetSingleSignOn(ctx, p, n, changed); err != nil {
		return Settings{}, err
	}
	return s.Get(ctx, p)
}

var domainName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$`)

func (s *Service) check(n store.SingleSignOn) error {
	const mostDomains, longest = 20, 255
	if err := s.checkAddress(n.Issuer); err != nil || strings.Contains(n.Issuer, "?") || len(n.Issuer) > longest {
		return chat.Invalidf("issuer", "must be the provider's address as it writes it, such as https://login.example.com")
	}
	if length := utf8.RuneCountInString(n.ClientID); length == 0 || length > longest {
		return chat.Invalidf("clientId", "is required: what the provider calls us")
	}
	if len(n.Domains) == 0 || len(n.Domains) > mostDomains {
		return chat.Invalidf("domains", "must hold 1 to %d domains", mostDomains)
	}
	for _, domain := range n.Domains {
		if len(domain) > longest || !domainName.MatchString(domain) {
			return chat.Invalidf("domains", "must be domains of e-mail addresses, such as example.com")
		}
	}
	roles := []chat.Role{"", chat.RoleAdministrator, chat.RoleSalesManager, chat.RoleMarketingUser, chat.RoleSalesUser}
	if !slices.Contains(roles, n.NewRole) {
		return chat.Invalidf("newRole", "is not a role")
	}
	return nil
}

// changes names the fields that differ.
func changes(before Settings, n store.SingleSignOn) []string {
	out := []string{}
	for field, differs := range map[string]bool{
		"enabled": before.Enabled != n.Enabled, "issuer": before.Issuer != n.Issuer, "client_id": before.ClientID != n.ClientID,
		"domains": !slices.Equal(before.Domains, n.Domains), "new_role": before.NewRole != n.NewRole, "trusted": before.Trusted != n.Trusted,
	} {
		if differs {
			out = append(out, field)
		}
	}
	slices.Sort(out)
	return out
}

// Step is one thing that a test of a provider looked at.
type Step struct {
	// Name is issuer or keys.
	Name string
	OK   bool
	// Text says what was found.
	Text string
}

// Test asks an issuer about itself and for its keys, and says how each went. Nobody is
// signed in and no secret is sent.
func (s *Service) Test(ctx context.Context, issuer string) ([]Step, error) {
	if err := s.checkAddress(issuer); err != nil {
		return nil, chat.Invalidf("issuer", "%s", err.Error())
	}
	p, err := s.discover(ctx, issuer)
	if err != nil {
		return []Step{{Name: "issuer", Text: err.Error()}}, nil //nolint:nilerr // it is the answer
	}
	out := []Step{{Name: "issuer", OK: true, Text: "The provider answers and calls itself by this address."}}
	var said struct {
		Keys string `json:"jwks_uri"`
	}
	if err := p.Claims(&said); err != nil {
		return nil, errors.New("the issuer's answer cannot be read")
	}
	return append(out, s.testKeys(ctx, said.Keys)), nil
}

func (s *Service) testKeys(ctx context.Context, address string) Step {
	failed := Step{Name: "keys", Text: "The provider's keys cannot be fetched."}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return failed
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return Step{Name: "keys", Text: quiet("fetch the keys", err).Error()}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(body), `"keys"`) {
		return failed
	}
	return Step{Name: "keys", OK: true, Text: "Its keys can be fetched."}
}
