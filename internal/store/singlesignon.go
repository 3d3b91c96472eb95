package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// SingleSignOn is an org's OpenID Connect provider.
type SingleSignOn struct {
	Enabled  bool
	Issuer   string
	ClientID string
	// Sealed is the client's secret, sealed for the org.
	Sealed []byte
	// Domains are those of the e-mail addresses that sign in with it.
	Domains []string
	// NewRole is what users become who sign in for the first time; empty: they must be
	// there already.
	NewRole chat.Role
	// Trusted: the provider asks for a second factor itself, ours is not asked for.
	Trusted    bool
	ModifiedAt time.Time
}

// SingleSignOn returns an org's provider; without one the error has code not_found.
func (s *Store) SingleSignOn(ctx context.Context, org chat.OrgID) (SingleSignOn, error) {
	var out SingleSignOn
	err := s.inOrg(ctx, org, func(t *tx) error {
		r, err := t.GetSingleSignOn(ctx, org)
		if err != nil {
			return notFound(err, "single sign-on")
		}
		out = SingleSignOn{
			Enabled: r.Enabled, Issuer: r.Issuer, ClientID: r.ClientID, Sealed: r.Sealed, NewRole: zero(r.NewRole), Trusted: r.Trusted,
			ModifiedAt: r.ModifiedAt,
		}
		out.Domains, err = t.ListSingleSignOnDomains(ctx, org)
		return err
	})
	return out, err
}

// SetSingleSignOn stores an org's provider. A domain that is another org's is a conflict.
// changed names what is different, for the audit.
func (s *Store) SetSingleSignOn(ctx context.Context, p chat.Principal, n SingleSignOn, changed []string) error {
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		return errors.Join(
			t.later.PutSingleSignOn(ctx, db.PutSingleSignOnParams{
				OrgID: p.Org, Enabled: n.Enabled, Issuer: n.Issuer, ClientID: n.ClientID, Sealed: n.Sealed, NewRole: orNull(n.NewRole), Trusted: n.Trusted,
			}),
			t.later.DeleteSingleSignOnDomains(ctx, p.Org),
			t.later.InsertSingleSignOnDomains(ctx, db.InsertSingleSignOnDomainsParams{OrgID: p.Org, Domains: n.Domains}),
			t.audit(ctx, p, chat.AuditEntry{Action: "single_sign_on.updated", Object: string(p.Org), Fields: changed}),
		)
	})
	if isUnique(err, "single_sign_on_domains_pkey") {
		return &chat.Error{Code: chat.CodeConflict, Field: "domains", Message: "One of these domains signs in at another organisation."}
	}
	return err
}

// OrgByDomain finds the org whose provider signs a domain's e-mail addresses in. ok is
// false when there is none.
func (s *Store) OrgByDomain(ctx context.Context, domain string) (org chat.OrgID, ok bool, err error) {
	row, err := s.queries().OrgByDomain(ctx, domain)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	return row.OrgID, err == nil, err
}

// CreateSingleSignOnAttempt keeps that a browser was sent to an org's provider, by the
// hashes of the state and of what the browser holds. It lasts for life.
func (s *Store) CreateSingleSignOnAttempt(ctx context.Context, org chat.OrgID, state, browser [sha256.Size]byte, life time.Duration) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		return t.later.InsertSingleSignOnAttempt(ctx, db.InsertSingleSignOnAttemptParams{
			OrgID: org, Hash: state[:], BrowserHash: browser[:], Life: life,
		})
	})
}

// TakeSingleSignOnAttempt uses an attempt up and returns the hash of what the browser
// must hold. ok is false when it is unknown, over or was taken.
func (s *Store) TakeSingleSignOnAttempt(ctx context.Context, org chat.OrgID, state [sha256.Size]byte) (browser []byte, ok bool, err error) {
	err = s.inOrg(ctx, org, func(t *tx) error {
		var err error
		browser, err = t.Queries.TakeSingleSignOnAttempt(ctx, db.TakeSingleSignOnAttemptParams{OrgID: org, Hash: state[:]})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return browser, browser != nil && err == nil, err
}

// CreateUserBySingleSignOn stores a user who signs in for the first time. They have no
// password. An e-mail address that any org uses already is a conflict.
func (s *Store) CreateUserBySingleSignOn(ctx context.Context, org chat.OrgID, u chat.User) error {
	err := s.inOrg(ctx, org, func(t *tx) error {
		err := t.InsertUser(ctx, db.InsertUserParams{OrgID: org, ID: u.ID, Email: u.Email, Name: u.Name, Role: u.Role})
		if err != nil {
			return err
		}
		return errors.Join(
			t.recomputeAccess(ctx, u.ID), // templates of the role restrict whoever comes
			t.audit(ctx, chat.Principal{Org: org}, chat.AuditEntry{Action: "user.created", Object: string(u.ID), Detail: "by single sign-on"}),
		)
	})
	return emailTaken(err)
}
