package store

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Token is a connector's access token, still sealed.
type Token struct {
	Sealed []byte
	// Version counts the connector's tokens.
	Version int64
	// RenewIn is when a new one should be asked for, ExpiresIn when this one ends, both
	// counted from the answer.
	RenewIn, ExpiresIn time.Duration
}

// Grant asks for the right to ask a provider for a token.
type Grant struct {
	Org       chat.OrgID
	Connector chat.ConnectorID
	// Fingerprint tells the account that the token is for from what it was before.
	Fingerprint []byte
	Node        string
	// Lease is for how long others wait for this node.
	Lease time.Duration
	// Most is how often a token may be asked for in a minute, over all nodes.
	Most int
}

// Granting is what somebody who needs a token is to do.
type Granting struct {
	// Token can be used; empty when there is none.
	Token Token
	// Ask: this node is to ask for a token now, and then to call StoreToken or EndGrant.
	Ask bool
	// Wait: there is no token, and another node asks for one. Look again soon.
	Wait bool
	// Throttled is how long nobody may ask, when there is no token and it was asked for
	// too often; 0 otherwise.
	Throttled time.Duration
}

// BeginGrant returns the token that all nodes share, or says who asks for a new one.
func (s *Store) BeginGrant(ctx context.Context, g Grant) (Granting, error) {
	var out Granting
	err := s.inOrg(ctx, g.Org, func(t *tx) error {
		key := db.LockTokenParams{OrgID: g.Org, ConnectorID: g.Connector}
		row, err := t.LockToken(ctx, key)
		if errors.Is(err, pgx.ErrNoRows) {
			err = t.EnsureToken(ctx, db.EnsureTokenParams{OrgID: g.Org, ConnectorID: g.Connector, Fingerprint: g.Fingerprint})
			if err == nil {
				row, err = t.LockToken(ctx, key)
			}
		}
		if err != nil {
			return missing(err, "connector")
		}
		out = granting(row, g)
		if !out.Ask {
			return nil
		}
		take := db.TakeGrantParams{
			OrgID: g.Org, ConnectorID: g.Connector, Node: g.Node, Lease: g.Lease, WindowAt: row.WindowAt, Asked: row.Asked + 1,
		}
		if row.Now.Sub(row.WindowAt) >= time.Minute {
			take.WindowAt, take.Asked = row.Now, 1
		}
		return t.later.TakeGrant(ctx, take)
	})
	return out, err
}

// granting judges a row that is held.
func granting(row db.LockTokenRow, g Grant) Granting {
	var out Granting
	if len(row.Sealed) > 0 && bytes.Equal(row.Fingerprint, g.Fingerprint) && row.Now.Before(zero(row.ExpiresAt)) {
		out.Token = Token{
			Sealed: row.Sealed, Version: row.Version, RenewIn: max(zero(row.RenewAt).Sub(row.Now), 0), ExpiresIn: row.ExpiresAt.Sub(row.Now),
		}
	}
	usable, busy := out.Token.Version != 0, row.Now.Before(zero(row.GrantingUntil))
	left := time.Minute - row.Now.Sub(row.WindowAt)
	switch {
	case usable && out.Token.RenewIn > 0:
	case busy:
		out.Wait = !usable
	case left > 0 && row.Asked >= g.Most:
		if !usable {
			out.Throttled = left
		}
	default:
		out.Ask = true
	}
	return out
}

// StoreToken keeps a token that this node was granted, and returns its version. When
// the lease was lost it is an error: somebody else has a token by now.
func (s *Store) StoreToken(ctx context.Context, g Grant, token Token) (int64, error) {
	var version int64
	err := s.inOrg(ctx, g.Org, func(t *tx) error {
		var err error
		version, err = t.Queries.StoreToken(ctx, db.StoreTokenParams{
			OrgID: g.Org, ConnectorID: g.Connector, Node: g.Node, Fingerprint: g.Fingerprint, Sealed: token.Sealed,
			RenewIn: token.RenewIn, ExpiresIn: token.ExpiresIn,
		})
		return notFound(err, "grant")
	})
	return version, err
}

// EndGrant lets others ask, after this node was not granted a token.
func (s *Store) EndGrant(ctx context.Context, g Grant) error {
	return s.inOrg(ctx, g.Org, func(t *tx) error {
		return t.later.EndGrant(ctx, db.EndGrantParams{OrgID: g.Org, ConnectorID: g.Connector, Node: g.Node})
	})
}

// DropToken forgets a connector's token if it is still the one of that version.
func (s *Store) DropToken(ctx context.Context, org chat.OrgID, id chat.ConnectorID, version int64) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		return t.later.DropToken(ctx, db.DropTokenParams{OrgID: org, ConnectorID: id, Version: version})
	})
}
