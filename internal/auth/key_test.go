package auth_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/testkit/world"
)

func (s *stored) newKey(t testing.TB, scopes ...chat.KeyScope) (string, chat.APIKey) {
	t.Helper()
	key, made, err := auth.NewKeys(s.Store).Create(t.Context(), s.Admin, auth.NewKey{Name: "CRM", Scopes: scopes})
	require.NoError(t, err)
	return key, made
}

func TestAnAPIKeyActsForTheOrgByItsScopes(t *testing.T) {
	t.Parallel()
	s := setup(t)
	key, made := s.newKey(t, chat.KeyLeadsWrite, chat.KeyLeadsWrite)
	require.Regexp(t, `^cvk_[a-z2-7]{33}$`, key)
	require.True(t, strings.HasSuffix(key, made.Hint))
	p, err := s.Authenticate(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, chat.Principal{
		Org: s.Org, Name: "CRM", Via: chat.ViaKey, Key: made.ID, KeyScopes: []chat.KeyScope{chat.KeyLeadsWrite}, Access: p.Access,
	}, p)
	require.True(t, p.Sees(s.Sales.User), "whosever leads they are")
	require.True(t, p.Sees(""))
	require.False(t, p.Rights().Hides())
	require.True(t, p.Reach(p.Rights().Edit).All)
	require.Equal(t, chat.ScopeNone, p.Rights().Export)
	require.False(t, p.MayAdminister())

	listed, err := auth.NewKeys(s.Store).List(t.Context(), s.Org)
	require.NoError(t, err)
	require.Len(t, listed, 1)
	require.WithinDuration(t, time.Now(), listed[0].LastUsedAt, time.Minute)
	require.Equal(t, "Ada Min", listed[0].CreatedByName)
}

func TestWhatEndsAnAPIKey(t *testing.T) {
	t.Parallel()
	s := setup(t)
	keys := auth.NewKeys(s.Store)
	revoked, made := s.newKey(t, chat.KeyLeadsRead)
	require.NoError(t, keys.Revoke(t.Context(), s.Admin, made.ID))
	require.NoError(t, keys.Revoke(t.Context(), s.Admin, made.ID), "again")
	expired, made := s.newKey(t, chat.KeyLeadsRead)
	s.exec(t, "update api_keys set expires_at = now() where id = $1", made.ID)
	for _, key := range []string{revoked, expired} {
		_, err := s.Authenticate(t.Context(), key)
		require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
	}
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(keys.Revoke(t.Context(), s.Admin, chat.NewID[chat.APIKeyID]())))

	for name, n := range map[string]auth.NewKey{
		"name":      {Name: " ", Scopes: []chat.KeyScope{chat.KeyWidget}},
		"scopes":    {Name: "CRM", Scopes: []chat.KeyScope{"everything"}},
		"expiresAt": {Name: "CRM", Scopes: []chat.KeyScope{chat.KeyWidget}, Expires: time.Now().Add(-time.Minute)},
	} {
		_, _, err := keys.Create(t.Context(), s.Admin, n)
		require.ErrorContains(t, err, name)
	}
}

// TestAnAPIKeysUseIsNotedOnceAMinute: the row is not written for every look-up.
func TestAnAPIKeysUseIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	s := setup(t)
	key, made := s.newKey(t, chat.KeyLeadsRead)
	used := func(ago string) time.Duration {
		s.exec(t, "update api_keys set last_used_at = now() - $2::interval where id = $1", made.ID, ago)
		_, err := s.fresh().Authenticate(t.Context(), key)
		require.NoError(t, err)
		listed, err := auth.NewKeys(s.Store).List(t.Context(), s.Org)
		require.NoError(t, err)
		return time.Since(listed[0].LastUsedAt).Round(10 * time.Second)
	}
	require.Equal(t, 50*time.Second, used("50 seconds"))
	require.Zero(t, used("61 seconds"))
}

// TestAMistypedKeyCostsNoLookUp: its check is wrong.
func TestAMistypedKeyCostsNoLookUp(t *testing.T) {
	t.Parallel()
	kept := newShelf()
	s := auth.NewSignIns(kept, shared(), world.Vault(t))
	right := auth.NewAPIKey()
	for _, wrong := range []string{
		"cvk_", "cvk_x", right[:len(right)-1], right + "a", right[:6] + "2" + right[7:] + "", strings.ToUpper(right[:10]) + right[10:],
		strings.Replace(right, right[8:10], "zz", 1),
	} {
		if wrong == right {
			continue
		}
		_, err := s.Authenticate(t.Context(), wrong)
		require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err), wrong)
	}
	kept.mu.Lock()
	require.LessOrEqual(t, kept.asked, 1, "only what does not even begin like a key")
	kept.mu.Unlock()
}

func TestWrongKeysFromOneAddressAreStopped(t *testing.T) {
	t.Parallel()
	passwords := shared()
	synctest.Test(t, func(t *testing.T) {
		kept := newShelf()
		s := auth.NewSignIns(kept, passwords, world.Vault(t))
		code := func(key, from string) chat.Code {
			time.Sleep(auth.CacheLife)
			_, err := s.Identify(t.Context(), key, from)
			return chat.CodeOf(err)
		}
		good := auth.NewAPIKey()
		kept.signIns[string(auth.HashOf(good))] = chat.Principal{Org: "o", Via: chat.ViaKey}
		revoked := auth.NewAPIKey()
		for range auth.MostFailures {
			require.Equal(t, chat.CodeUnauthenticated, code(revoked, "crm"))
		}
		asked := kept.asked
		require.Equal(t, chat.CodeTooMany, code(revoked, "crm"))
		require.Equal(t, asked, kept.asked, "without a look-up")
		require.Empty(t, code(good, "crm"), "the key that took its place is not stopped with it")

		for range auth.MostFailures - 1 {
			require.Equal(t, chat.CodeUnauthenticated, code(auth.NewAPIKey(), "crm"))
		}
		require.Equal(t, chat.CodeTooMany, code(auth.NewAPIKey(), "crm"), "who guesses is")
		require.Equal(t, chat.CodeUnauthenticated, code(auth.NewAPIKey(), "elsewhere"))
		time.Sleep(auth.FailureWindow + time.Second)
		require.Empty(t, code(good, "crm"))
	})
}
