package account_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/channels/whatsappcloud"
	"converse/internal/account"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// granter is CTM with access tokens: the nth is "token n", unless it fails.
type granter struct {
	channels.Adapter
	mu       sync.Mutex // guards what follows
	asked    int
	fail     error
	lifetime time.Duration
}

func (g *granter) GrantToken(context.Context, channels.Doer, channels.Account) (channels.Token, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked++
	return channels.Token{Value: fmt.Sprintf("secret token %d", g.asked), Lifetime: g.lifetime}, g.fail
}

func (g *granter) set(lifetime time.Duration, fail error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lifetime, g.fail = lifetime, fail
}

func (g *granter) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asked
}

// nowhere is a Doer that nobody calls.
type nowhere struct{}

func (nowhere) Do(*http.Request) (*http.Response, error) { return nil, errors.New("not to be called") }

// tokens are nodes that share a database, and one provider of tokens.
type tokens struct {
	*world.World
	*granter
	nodes     []*account.Book
	connector store.Connector
}

func setupTokens(t *testing.T) *tokens {
	t.Helper()
	x := &tokens{World: world.New(t), granter: &granter{Adapter: ctm.New(), lifetime: time.Hour}}
	first := x.NewAccounts(t, "https://api.example.test", x.granter, whatsappcloud.New())
	x.connector = first.CTM
	x.nodes = []*account.Book{first.Book, account.NewBook(x.Store, world.Vault(t), "https://hub.example.com", []channels.Adapter{x.granter})}
	return x
}

func (x *tokens) authorize(t *testing.T, node int) (account.Open, error) {
	t.Helper()
	open, err := x.nodes[node].ByID(t.Context(), x.Org, x.connector.ID)
	require.NoError(t, err)
	return x.nodes[node].Authorize(t.Context(), nowhere{}, open)
}

// token is the one that a node uses.
func (x *tokens) token(t *testing.T, node int) string {
	t.Helper()
	open, err := x.authorize(t, node)
	require.NoError(t, err)
	return open.Account.Token
}

func (x *tokens) exec(t *testing.T, statement string) {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), x.URL)
	require.NoError(t, err)
	defer pool.Close()
	_, err = pool.Exec(t.Context(), statement)
	require.NoError(t, err)
}

func TestATokenIsGrantedOnceHoweverManyNodesNeedIt(t *testing.T) {
	t.Parallel()
	x := setupTokens(t)
	var all sync.WaitGroup
	got := make(chan string, 100)
	for i := range 100 {
		all.Go(func() {
			open, err := x.nodes[i%2].ByID(t.Context(), x.Org, x.connector.ID)
			if err == nil {
				open, err = x.nodes[i%2].Authorize(t.Context(), nowhere{}, open)
			}
			if err != nil {
				t.Error(err)
			}
			got <- open.Account.Token
		})
	}
	all.Wait()
	close(got)
	for token := range got {
		require.Equal(t, "secret token 1", token)
	}
	require.Equal(t, 1, x.count())
}

func TestATokenIsSealed(t *testing.T) {
	t.Parallel()
	x := setupTokens(t)
	require.Equal(t, "secret token 1", x.token(t, 0))
	pool, err := pgxpool.New(t.Context(), x.URL)
	require.NoError(t, err)
	defer pool.Close()
	var dump string
	require.NoError(t, pool.QueryRow(t.Context(), "select k::text || encode(k.sealed, 'escape') from connector_tokens k").Scan(&dump))
	require.NotContains(t, dump, "secret token")
}

func TestATokenIsRenewedBeforeItEnds(t *testing.T) {
	t.Parallel()
	x := setupTokens(t)
	require.Equal(t, "secret token 1", x.token(t, 0))
	x.exec(t, "update connector_tokens set renew_at = now() - interval '1 second', window_at = now() - interval '2 minutes'")
	// The other node finds it nearly at its end. While there is no new one it goes on with it.
	x.set(time.Hour, &channels.Error{Reason: channels.ReasonUnavailable})
	require.Equal(t, "secret token 1", x.token(t, 1))
	require.Equal(t, 2, x.count())
	x.set(time.Hour, nil)
	require.Equal(t, "secret token 3", x.token(t, 1))
	require.Equal(t, "secret token 3", x.token(t, 1))
	require.Equal(t, 3, x.count())
}

func TestOnlyTheTokenThatFailedIsDropped(t *testing.T) {
	t.Parallel()
	x := setupTokens(t)
	old, err := x.authorize(t, 0)
	require.NoError(t, err)
	require.Equal(t, "secret token 1", x.token(t, 1))
	require.NoError(t, x.nodes[0].DropToken(t.Context(), old))
	require.Equal(t, "secret token 2", x.token(t, 0))
	// The other node meets the same, later.
	require.NoError(t, x.nodes[1].DropToken(t.Context(), old))
	require.Equal(t, "secret token 2", x.token(t, 1))
	require.Equal(t, "secret token 2", x.token(t, 0))
	require.Equal(t, 2, x.count())
}

func TestATokenIsNotAskedForTooOften(t *testing.T) {
	t.Parallel()
	x := setupTokens(t)
	x.set(time.Hour, &channels.Error{Reason: channels.ReasonUnavailable})
	for i := range 10 {
		_, err := x.authorize(t, i%2)
		var refused *channels.Error
		require.ErrorAs(t, err, &refused)
		if i >= 4 {
			require.Equal(t, channels.ReasonThrottled, refused.Reason)
			require.Positive(t, refused.RetryAfter)
			require.LessOrEqual(t, refused.RetryAfter, time.Minute)
		}
	}
	require.Equal(t, 4, x.count(), "providers take five a minute")
	x.set(time.Hour, nil)
	x.exec(t, "update connector_tokens set window_at = now() - interval '1 minute'")
	require.Equal(t, "secret token 5", x.token(t, 0))
}

func TestCredentialsThatAreRefusedAreSaid(t *testing.T) {
	t.Parallel()
	x := setupTokens(t)
	require.Equal(t, "secret token 1", x.token(t, 0))
	x.exec(t, "update connector_tokens set renew_at = now() - interval '1 second'")
	x.set(time.Hour, &channels.Error{Reason: channels.ReasonBadCredentials, Text: "no such key"})
	_, err := x.authorize(t, 1)
	var refused *channels.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, channels.ReasonBadCredentials, refused.Reason)
}

func TestATokenIsOfTheAccountItWasGrantedFor(t *testing.T) {
	t.Parallel()
	x := setupTokens(t)
	require.Equal(t, "secret token 1", x.token(t, 0))
	require.NoError(t, x.Store.MoveConnector(t.Context(), x.Org, x.connector.ID, "https://other.example.test"))
	require.Equal(t, "secret token 2", x.token(t, 1))
}

// TestAGrantThatNeverEndedIsTakenOver: the node that asked for the token has died.
func TestAGrantThatNeverEndedIsTakenOver(t *testing.T) {
	t.Parallel()
	x := setupTokens(t)
	grant := store.Grant{Org: x.Org, Connector: x.connector.ID, Fingerprint: []byte("old"), Node: "dead", Lease: 300 * time.Millisecond, Most: 4}
	begun, err := x.Store.BeginGrant(t.Context(), grant)
	require.NoError(t, err)
	require.True(t, begun.Ask)
	require.Equal(t, "secret token 1", x.token(t, 0))
	_, err = x.Store.StoreToken(t.Context(), grant, store.Token{Sealed: []byte("late"), ExpiresIn: time.Hour})
	require.Error(t, err, "what the dead one says late is not believed")
	require.Equal(t, "secret token 1", x.token(t, 1))
}
