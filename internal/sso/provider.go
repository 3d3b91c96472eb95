package sso

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"converse/internal/chat"
	"converse/internal/safehttp"
	"converse/internal/store"
	"converse/internal/vault"
)

// providerLife is how long what a provider says about itself is believed. Its keys are
// looked up again as soon as a token is signed with one that is not known.
const providerLife = 10 * time.Minute

// algorithms that ID tokens may be signed with: by the provider's own key, never by a
// shared secret and never by nothing.
var algorithms = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA,
}

type known struct {
	*oidc.Provider
	issuer string
	until  time.Time
}

// provider asks an issuer about itself, or remembers.
func (s *Service) provider(ctx context.Context, org chat.OrgID, settings store.SingleSignOn) (*oidc.Provider, error) {
	s.mu.Lock()
	k, ok := s.providers[org]
	s.mu.Unlock()
	if ok && k.issuer == settings.Issuer && time.Now().Before(k.until) {
		return k.Provider, nil
	}
	p, err := s.discover(ctx, settings.Issuer)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.providers[org] = known{Provider: p, issuer: settings.Issuer, until: time.Now().Add(providerLife)}
	return p, nil
}

func (s *Service) discover(ctx context.Context, issuer string) (*oidc.Provider, error) {
	p, err := oidc.NewProvider(oidc.ClientContext(ctx, s.client), issuer)
	if err != nil {
		return nil, quiet("ask the issuer", err)
	}
	var said struct {
		Keys string `json:"jwks_uri"`
	}
	if err := p.Claims(&said); err != nil {
		return nil, errors.New("the issuer's answer cannot be read")
	}
	for _, address := range []string{p.Endpoint().AuthURL, p.Endpoint().TokenURL, said.Keys} {
		if err := s.checkAddress(address); err != nil {
			return nil, fmt.Errorf("the issuer names an address that cannot be used: %w", err)
		}
	}
	return p, nil
}

// checkAddress refuses what is not https, where that can be had.
func (s *Service) checkAddress(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "":
		return errors.New("is not an address like https://login.example.com")
	case u.Scheme == "https" || u.Scheme == "http" && s.options.Insecure:
		return nil
	}
	return errors.New("must begin with https://")
}

// config is the client that we are to a provider. Without a secret it is good for the
// way there alone.
func (s *Service) config(settings store.SingleSignOn, p *oidc.Provider, secret string) oauth2.Config {
	endpoint := p.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	var said struct {
		Methods []string `json:"token_endpoint_auth_methods_supported"`
	}
	// Trying one after the other would use the code up.
	if p.Claims(&said) == nil && slices.Contains(said.Methods, "client_secret_post") && !slices.Contains(said.Methods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return oauth2.Config{
		ClientID: settings.ClientID, ClientSecret: secret, Endpoint: endpoint, RedirectURL: s.RedirectURL(),
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// claims are what an ID token says about a user.
type claims struct {
	Email    string          `json:"email"`
	Verified json.RawMessage `json:"email_verified"`
	Name     string          `json:"name"`
	Party    string          `json:"azp"`
}

// verified reports whether the provider vouches for the e-mail address. Some write the
// word as text.
func (c claims) verified() bool {
	return c.Email != "" && strings.Trim(string(c.Verified), `"`) == "true"
}

// redeem trades the code for an ID token and checks it.
func (s *Service) redeem(ctx context.Context, org chat.OrgID, settings store.SingleSignOn, r Return) (claims, error) {
	p, err := s.provider(ctx, org, settings)
	if err != nil {
		return claims{}, err
	}
	secret, err := s.vault.Open(secretPlace(org), settings.Sealed)
	if err != nil {
		return claims{}, err
	}
	config := s.config(settings, p, string(secret))
	ctx = oidc.ClientContext(ctx, s.client)
	token, err := config.Exchange(ctx, r.Code, oauth2.VerifierOption(derive(r.Browser, "verifier")))
	if err != nil {
		return claims{}, quiet("trade the code", err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return claims{}, errors.New("the provider sent no ID token")
	}
	// Checks the signature, the issuer, the audience and the time.
	checked, err := p.Verifier(&oidc.Config{ClientID: settings.ClientID, SupportedSigningAlgs: algorithms}).Verify(ctx, raw)
	if err != nil {
		return claims{}, quiet("check the ID token", err)
	}
	var c claims
	switch err := checked.Claims(&c); {
	case err != nil:
		return claims{}, errors.New("the ID token cannot be read")
	case checked.Nonce != derive(r.Browser, "nonce"):
		return claims{}, errors.New("the ID token is for another attempt")
	case (len(checked.Audience) > 1 || c.Party != "") && c.Party != settings.ClientID:
		return claims{}, errors.New("the ID token is for another client")
	}
	return c, nil
}

func secretPlace(org chat.OrgID) vault.Place {
	return vault.Place{Org: org, Thing: "single sign-on", Fields: "client secret"}
}

// quiet is an error without what the other side wrote, which may repeat a secret.
func quiet(what string, err error) error {
	var exchange *safehttp.Error
	var refused *oauth2.RetrieveError
	var expired *oidc.TokenExpiredError
	switch {
	case errors.As(err, &exchange):
		return fmt.Errorf("%s: %w", what, exchange)
	case errors.As(err, &refused):
		return fmt.Errorf("%s: the provider answers %d", what, refused.Response.StatusCode)
	case errors.As(err, &expired):
		return fmt.Errorf("%s: it has expired", what)
	case strings.Contains(err.Error(), "issuer"):
		return fmt.Errorf("%s: it names another issuer", what)
	case strings.Contains(err.Error(), "audience"):
		return fmt.Errorf("%s: it is for another client", what)
	case strings.Contains(err.Error(), "alg"), strings.Contains(err.Error(), "signature"):
		return fmt.Errorf("%s: its signature is not right", what)
	}
	return fmt.Errorf("%s: the answer cannot be used", what)
}
