package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"converse/channels"
	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/vault"
)

const (
	// grantsPerMinute is how often a connector's token is asked for at most, over all
	// nodes: RingCentral takes five.
	grantsPerMinute = 4
	// grantPatience bounds one grant, grantLease how long other nodes leave it alone.
	grantPatience = 30 * time.Second
	grantLease    = 40 * time.Second
	// A new token is asked for when a tenth of the old one's life is left, five minutes
	// at most. So long it is still used while there is no new one, but for its last
	// seconds: a call takes a while.
	earlyShare = 10
	mostEarly  = 5 * time.Minute
	lastUse    = 20 * time.Second
)

// Tokens keeps access tokens for all nodes.
type Tokens interface {
	BeginGrant(ctx context.Context, g store.Grant) (store.Granting, error)
	StoreToken(ctx context.Context, g store.Grant, token store.Token) (int64, error)
	EndGrant(ctx context.Context, g store.Grant) error
	DropToken(ctx context.Context, org chat.OrgID, id chat.ConnectorID, version int64) error
}

// held is a token that this node knows.
type held struct {
	value       string
	version     int64
	fingerprint [sha256.Size]byte
	until       time.Time
}

// fingerprintOf tells an account from what it was before a change: a token is of the
// account that it was granted for.
func fingerprintOf(row store.Connector) [sha256.Size]byte {
	settings, _ := json.Marshal(row.Settings) //nolint:errchkjson // strings always encode
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q", row.Sealed, row.BaseURL, settings)
	return [sha256.Size]byte(h.Sum(nil))
}

// Authorize returns the connector with an access token in its account, where its
// adapter needs one. However many ask at once, on however many nodes, a token is granted
// once; until then they wait. An *channels.Error says that there is none: the
// provider refused the credentials, or it was asked too often.
func (b *Book) Authorize(ctx context.Context, doer channels.Doer, open Open) (Open, error) {
	granter, ok := open.Adapter.(channels.TokenGranter)
	if !ok {
		return open, nil
	}
	if token, ok := b.knownToken(open); ok {
		return open.with(token), nil
	}
	key := string(open.Account.Connector) + string(open.fingerprint[:])
	granted := b.grants.DoChan(key, func() (any, error) {
		// Others wait for it too: it must not end with whoever asked first.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grantLease)
		defer cancel()
		return b.token(ctx, doer, granter, open)
	})
	select {
	case <-ctx.Done():
		return open, ctx.Err()
	case got := <-granted:
		if got.Err != nil {
			return open, got.Err
		}
		return open.with(got.Val.(held)), nil //nolint:errcheck // what token returns
	}
}

// DropToken forgets the token that a connector was opened with: the provider says that it
// does not work any more. A newer one stays.
func (b *Book) DropToken(ctx context.Context, open Open) error {
	b.mu.Lock()
	if b.tokens[open.Account.Connector].version == open.token {
		delete(b.tokens, open.Account.Connector)
	}
	b.mu.Unlock()
	return b.store.DropToken(ctx, open.Org, open.Account.Connector, open.token)
}

func (o Open) with(t held) Open {
	o.Account.Token, o.token = t.value, t.version
	return o
}

func (b *Book) knownToken(open Open) (held, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t, ok := b.tokens[open.Account.Connector]
	return t, ok && t.fingerprint == open.fingerprint && time.Now().Before(t.until)
}

// token finds the token that all nodes share, or asks the provider for one, or waits for
// the node that does.
func (b *Book) token(ctx context.Context, doer channels.Doer, granter channels.TokenGranter, open Open) (held, error) {
	grant := store.Grant{
		Org: open.Org, Connector: open.Account.Connector, Fingerprint: open.fingerprint[:],
		Node: rand.Text(), Lease: grantLease, Most: grantsPerMinute,
	}
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		found, err := b.store.BeginGrant(ctx, grant)
		switch {
		case err != nil:
			return held{}, err
		case found.Ask:
			return b.ask(ctx, doer, granter, open, grant, found.Token)
		case found.Throttled > 0:
			return held{}, &channels.Error{
				Reason: channels.ReasonThrottled, Text: "an access token was asked for too often", RetryAfter: found.Throttled,
			}
		case !found.Wait:
			return b.unseal(open, found.Token)
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return held{}, &channels.Error{Reason: channels.ReasonUnavailable, Text: "another node is still asking for an access token"}
		case <-timer.C:
		}
	}
}

// ask asks the provider. When it gives no new token the one before is used to its end.
func (b *Book) ask(ctx context.Context, doer channels.Doer, granter channels.TokenGranter, open Open, grant store.Grant, before store.Token) (held, error) {
	callCtx, cancel := context.WithTimeout(ctx, grantPatience)
	defer cancel()
	token, err := grantToken(callCtx, doer, granter, open.Account)
	if err != nil {
		// Others may ask at once. When that cannot be said they do when the lease has run out.
		ended := b.store.EndGrant(context.WithoutCancel(ctx), grant)
		var refused *channels.Error
		if before.Version != 0 && (!errors.As(err, &refused) || refused.Reason != channels.ReasonBadCredentials) {
			return b.unseal(open, before)
		}
		return held{}, errors.Join(err, ended)
	}
	life := max(token.Lifetime-lastUse, token.Lifetime/2)
	stored := store.Token{ExpiresIn: life, RenewIn: life - min(token.Lifetime/earlyShare, mostEarly)}
	if stored.Sealed, err = b.vault.Seal(tokenPlace(open), []byte(token.Value)); err != nil {
		return held{}, fmt.Errorf("seal access token: %w", err)
	}
	if stored.Version, err = b.store.StoreToken(ctx, grant, stored); err != nil {
		return held{}, fmt.Errorf("store access token: %w", err)
	}
	return b.hold(open, token.Value, stored), nil
}

// grantToken asks the adapter, and takes a panic for an answer that was not understood.
func grantToken(ctx context.Context, doer channels.Doer, granter channels.TokenGranter, account channels.Account) (token channels.Token, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("adapter panicked: %v", p)
		}
		if err == nil && (token.Value == "" || token.Lifetime <= 0) {
			err = &channels.Error{Reason: channels.ReasonMalformed, Text: "the provider granted no access token"}
		}
	}()
	return granter.GrantToken(ctx, doer, account)
}

func tokenPlace(open Open) vault.Place {
	return vault.Place{Org: open.Org, Connector: open.Account.Connector, Fields: "token"}
}

func (b *Book) unseal(open Open, token store.Token) (held, error) {
	plain, err := b.vault.Open(tokenPlace(open), token.Sealed)
	if err != nil {
		return held{}, fmt.Errorf("open access token of connector %s: %w", open.Account.Connector, err)
	}
	return b.hold(open, string(plain), token), nil
}

// hold remembers a token until it is to be renewed. One that is past that was kept because
// there is no new one yet; it is looked for again with the next call.
func (b *Book) hold(open Open, value string, token store.Token) held {
	t := held{value: value, version: token.Version, fingerprint: open.fingerprint, until: time.Now().Add(token.RenewIn)}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens[open.Account.Connector] = t
	return t
}
