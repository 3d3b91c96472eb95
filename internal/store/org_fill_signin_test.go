package store_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/testkit/world"
)

// fillSignIn puts a row into each table of keys, widgets, second factors and single
// sign-on.
func fillSignIn(t testing.TB, w *world.World, name string) {
	t.Helper()
	ctx := t.Context()
	hash := func(what string) [sha256.Size]byte { return sha256.Sum256([]byte(what + name)) }
	key := chat.APIKey{ID: chat.NewID[chat.APIKeyID](), Name: name, Hint: "abcd", Scopes: []chat.KeyScope{chat.KeyWidget}}
	require.NoError(t, w.Store.CreateAPIKey(ctx, w.Admin, key, hash("key")))
	p, ok, err := w.Store.PrincipalByKey(ctx, hash("key"))
	require.NoError(t, err)
	require.True(t, ok)
	_, _, err = w.Store.CreateWidgetToken(ctx, p, w.Sales.User, "", hash("token"), hash("sign-in"), time.Hour)
	require.NoError(t, err)
	pool := owner(t, w)
	word, user := hash("word"), w.Sales.User
	for _, insert := range []struct {
		statement string
		args      []any
	}{
		{"insert into second_factors (org_id, user_id, sealed) values ($1, $2, $3)", []any{w.Org, user, word[:]}},
		{"insert into recovery_codes (org_id, user_id, hash) values ($1, $2, $3)", []any{w.Org, user, word[:]}},
		{"insert into code_failures (org_id, kind, subject, wrong, last_at) values ($1, 'user', $2, 1, now())", []any{w.Org, user}},
		{"insert into challenges (org_id, hash, user_id, expires_at) values ($1, $2, $3, now())", []any{w.Org, word[:], user}},
		{"insert into second_factor_policies (org_id, roles) values ($1, '{administrator}')", []any{w.Org}},
		{"insert into single_sign_ons (org_id, enabled, issuer, client_id, sealed, trusted) values ($1, true, $2, $2, $3, true)", []any{w.Org, name, word[:]}},
		{"insert into single_sign_on_domains (domain, org_id) values ($2, $1)", []any{w.Org, name + ".example"}},
		{"insert into single_sign_on_attempts (org_id, hash, browser_hash, expires_at) values ($1, $2, $2, now())", []any{w.Org, word[:]}},
	} {
		_, err := pool.Exec(ctx, insert.statement, insert.args...)
		require.NoError(t, err)
	}
}
