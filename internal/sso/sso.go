// Package sso signs users in by their org's OpenID Connect provider.
//
// It owns the way there and back: the authorization code flow with PKCE, a state that
// is good once, for ten minutes and in the browser that began, and the ID token's
// check. It promises that a token counts only when the org's own issuer signed it for
// the org's own client and for this attempt, and that an e-mail address signs a user in
// only when the provider has verified it, its domain is the org's, and the user is of
// that org. Everything is fetched through a client that keeps to allowed addresses.
//
// It must not know cookies or SQL. What a sign-in is, and whether a code is asked for as
// well, is auth's to say.
package sso

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/vault"
)

// attemptLife is how long a browser may stay at the provider.
const attemptLife = 10 * time.Minute

// CallbackPath is where providers send browsers back to.
const CallbackPath = "/sso/callback"

// Store keeps providers, attempts and users.
type Store interface {
	SingleSignOn(ctx context.Context, org chat.OrgID) (store.SingleSignOn, error)
	SetSingleSignOn(ctx context.Context, p chat.Principal, n store.SingleSignOn, changed []string) error
	OrgByDomain(ctx context.Context, domain string) (org chat.OrgID, ok bool, err error)
	CreateSingleSignOnAttempt(ctx context.Context, org chat.OrgID, state, browser [sha256.Size]byte, life time.Duration) error
	TakeSingleSignOnAttempt(ctx context.Context, org chat.OrgID, state [sha256.Size]byte) (browser []byte, ok bool, err error)
	AccountByEmail(ctx context.Context, email string) (account chat.Account, ok bool, err error)
	CreateUserBySingleSignOn(ctx context.Context, org chat.OrgID, u chat.User) error
}

// Doer makes the calls to providers.
type Doer interface {
	Do(req *http.Request) (*http.Response, error)
}

// Options configure the service.
type Options struct {
	// PublicURL is how browsers reach us, without a trailing slash.
	PublicURL string
	// Insecure lets issuers be http://, as on a developer's machine.
	Insecure bool
	Log      *slog.Logger
}

// Service signs users in. It is safe for concurrent use.
type Service struct {
	store   Store
	vault   *vault.Vault
	signIns *auth.SignIns
	client  *http.Client
	options Options

	mu        sync.Mutex // guards providers
	providers map[chat.OrgID]known
}

// New returns a service.
func New(s Store, v *vault.Vault, signIns *auth.SignIns, doer Doer, o Options) *Service {
	client := &http.Client{
		Transport:     transport{doer},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Service{store: s, vault: v, signIns: signIns, client: client, options: o, providers: map[chat.OrgID]known{}}
}

// transport lets libraries call by a Doer alone.
type transport struct{ doer Doer }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) { return t.doer.Do(req) }

// RedirectURL is what an administrator enters at the provider.
func (s *Service) RedirectURL() string { return s.options.PublicURL + CallbackPath }

// Attempt is a browser on its way to a provider.
type Attempt struct {
	// URL is where the browser goes.
	URL string
	// Browser is what it keeps in a cookie until it comes back, and until when.
	Browser string
	Expires time.Time
}

// Start begins to sign in whoever has the e-mail address. Where its domain has no single
// sign-on, the error has code not_found; whether there is such a user it does not say.
func (s *Service) Start(ctx context.Context, email string) (Attempt, error) {
	_, domain, _ := strings.Cut(strings.ToLower(strings.TrimSpace(email)), "@")
	org, ok, err := s.store.OrgByDomain(ctx, domain)
	if err != nil {
		return Attempt{}, err
	}
	if !ok || domain == "" {
		return Attempt{}, &chat.Error{
			Code: chat.CodeNotFound, Field: "email", Message: "There is no single sign-on for this address. Sign in with your password.",
		}
	}
	settings, err := s.store.SingleSignOn(ctx, org)
	if err != nil {
		return Attempt{}, err
	}
	p, err := s.provider(ctx, org, settings)
	if err != nil {
		s.options.Log.WarnContext(ctx, "single sign-on", "org_id", string(org), "cause", err)
		return Attempt{}, &chat.Error{Code: chat.CodeUnavailable, Message: "The sign-in page of your organisation does not answer. Try again, or sign in with your password."}
	}
	state, err := auth.NewWord(org)
	if err != nil {
		return Attempt{}, err
	}
	browser := newBrowser()
	err = s.store.CreateSingleSignOnAttempt(ctx, org, sha256.Sum256([]byte(state)), sha256.Sum256([]byte(browser)), attemptLife)
	if err != nil {
		return Attempt{}, err
	}
	config := s.config(settings, p, "")
	url := config.AuthCodeURL(state,
		oauth2.S256ChallengeOption(derive(browser, "verifier")), oauth2.SetAuthURLParam("nonce", derive(browser, "nonce")),
		oauth2.SetAuthURLParam("login_hint", strings.TrimSpace(email)))
	return Attempt{URL: url, Browser: browser, Expires: time.Now().Add(attemptLife)}, nil
}

// Return is a browser that a provider has sent back.
type Return struct {
	State, Code string
	// Refused is the provider's word when it signed nobody in.
	Refused string
	// Browser is what its cookie holds.
	Browser string
}

// Finish signs in whom the provider names. A refusal is a *chat.Error whose reason says
// which of the Reason words fits.
func (s *Service) Finish(ctx context.Context, r Return) (auth.SignedIn, error) {
	org, ok := auth.OrgOf(r.State)
	if !ok {
		return auth.SignedIn{}, refuse(ReasonExpired)
	}
	browser, ok, err := s.store.TakeSingleSignOnAttempt(ctx, org, sha256.Sum256([]byte(r.State)))
	if err != nil {
		return auth.SignedIn{}, err
	}
	held := sha256.Sum256([]byte(r.Browser))
	switch {
	case !ok || subtle.ConstantTimeCompare(browser, held[:]) != 1:
		return auth.SignedIn{}, refuse(ReasonExpired)
	case r.Refused != "" || r.Code == "":
		return auth.SignedIn{}, refuse(ReasonRefused)
	}
	settings, err := s.store.SingleSignOn(ctx, org)
	if err != nil || !settings.Enabled {
		return auth.SignedIn{}, refuse(ReasonExpired)
	}
	claims, err := s.redeem(ctx, org, settings, r)
	if err != nil {
		s.options.Log.WarnContext(ctx, "single sign-on", "org_id", string(org), "cause", err)
		return auth.SignedIn{}, refuse(ReasonToken)
	}
	user, err := s.user(ctx, org, settings, claims)
	if err != nil {
		return auth.SignedIn{}, err
	}
	return s.signIns.Begin(ctx, org, user, settings.Trusted)
}

// user finds or makes the user whom an ID token names.
func (s *Service) user(ctx context.Context, org chat.OrgID, settings store.SingleSignOn, c claims) (chat.User, error) {
	email := strings.ToLower(strings.TrimSpace(c.Email))
	local, domain, ok := strings.Cut(email, "@")
	switch {
	case !ok || !c.verified():
		return chat.User{}, refuse(ReasonEmail)
	case !slices.Contains(settings.Domains, domain):
		return chat.User{}, refuse(ReasonDomain)
	}
	account, ok, err := s.store.AccountByEmail(ctx, email)
	switch {
	case err != nil:
		return chat.User{}, err
	case ok && account.Org == org:
		return account.User, nil
	case ok || settings.NewRole == "":
		return chat.User{}, refuse(ReasonNobody)
	}
	user := chat.User{ID: chat.NewID[chat.UserID](), Email: email, Name: strings.TrimSpace(c.Name), Role: settings.NewRole}
	if user.Name == "" {
		user.Name = local
	}
	if err = s.store.CreateUserBySingleSignOn(ctx, org, user); chat.CodeOf(err) == chat.CodeConflict {
		err = refuse(ReasonNobody) // one who is deactivated
	}
	return user, err
}

// newBrowser is 256 random bits for a cookie.
func newBrowser() string {
	raw := make([]byte, sha256.Size)
	_, _ = rand.Read(raw) // never fails: crypto/rand
	return base64.RawURLEncoding.EncodeToString(raw)
}

// derive makes what one attempt needs from what its browser holds, so that none of it
// has to be stored.
func derive(browser, purpose string) string {
	mac := hmac.New(sha256.New, []byte(browser))
	mac.Write([]byte(purpose))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
