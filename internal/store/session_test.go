package store_test

import (
	"crypto/sha256"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/testkit/world"
)

// signIn makes a sign-in that would last two weeks, and returns what is kept of its token.
func signIn(t testing.TB, w *world.World, p chat.Principal) (chat.Principal, [sha256.Size]byte) {
	t.Helper()
	p.SignIn = chat.NewID[chat.SignInID]()
	hash := sha256.Sum256([]byte(p.SignIn))
	require.NoError(t, w.Store.CreateSignIn(t.Context(), p, hash, time.Now().Add(14*24*time.Hour)))
	return p, hash
}

// age moves a sign-in into the past, as if everything had happened earlier.
func age(t testing.TB, w *world.World, p chat.Principal, by time.Duration) {
	t.Helper()
	_, err := owner(t, w).Exec(t.Context(), `update sign_ins set created_at = created_at - $2::interval, last_seen_at = last_seen_at - $2::interval,
		expires_at = expires_at - $2::interval, ends_at = ends_at - $2::interval where id = $1`, p.SignIn, by)
	require.NoError(t, err)
}

func TestASignInEndsUnusedAndAtLast(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	ctx, day := t.Context(), 24*time.Hour
	live := func(hash [sha256.Size]byte) bool {
		_, ok, err := w.Store.PrincipalByToken(ctx, hash)
		require.NoError(t, err)
		return ok
	}
	unused, unusedHash := signIn(t, w, w.Sales)
	used, usedHash := signIn(t, w, w.Sales)
	for n := range 6 { // every two and a half days
		require.True(t, live(usedHash), "after %d uses", n)
		age(t, w, used, 5*day/2)
		age(t, w, unused, 5*day/2)
		if n < 5 {
			require.NoError(t, w.Store.TouchSignIns(ctx, w.Org, []chat.SignInID{used.SignIn}))
		}
	}
	require.False(t, live(usedHash), "fifteen days are more than fourteen, however much it was used")
	require.False(t, live(unusedHash))
	require.NoError(t, w.Store.TouchSignIns(ctx, w.Org, []chat.SignInID{used.SignIn, unused.SignIn}))
	require.False(t, live(usedHash), "what has ended stays ended")

	// A shorter limit counts at once, a longer one wakes nothing.
	other, otherHash := signIn(t, w, w.Sales)
	age(t, w, other, day)
	policy := chat.AccountPolicy{PasswordMin: 12, Absolute: 20 * time.Hour, Idle: time.Hour}
	require.NoError(t, w.Store.SetAccountPolicy(ctx, w.Admin, policy))
	require.False(t, live(otherHash))
	policy.Absolute, policy.Idle = 90*day, 90*day
	require.NoError(t, w.Store.SetAccountPolicy(ctx, w.Admin, policy))
	require.False(t, live(otherHash))
}

// TestAWidgetsTokenIsNotPutOff: it ends when the host page was told that it would.
func TestAWidgetsTokenIsNotPutOff(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	p := w.Sales
	p.SignIn, p.Via = chat.NewID[chat.SignInID](), chat.ViaWidget
	hash := sha256.Sum256([]byte(p.SignIn))
	require.NoError(t, w.Store.CreateSignIn(t.Context(), p, hash, time.Now().Add(time.Hour)))
	require.NoError(t, w.Store.TouchSignIns(t.Context(), w.Org, []chat.SignInID{p.SignIn}))
	found, err := w.Store.SignInsOf(t.Context(), w.Sales, w.Sales.User)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.WithinDuration(t, time.Now().Add(time.Hour), found[0].ExpiresAt, time.Minute)
}

func TestWhenAUserWasLastSeenOutlivesTheirSessions(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	p, _ := signIn(t, w, w.Sales)
	seen := func() time.Time {
		m, _, err := w.Store.Member(t.Context(), w.Admin, w.Sales.User)
		require.NoError(t, err)
		return m.LastSeen
	}
	require.WithinDuration(t, time.Now(), seen(), time.Minute)
	age(t, w, p, 30*24*time.Hour)
	before := seen()
	require.NoError(t, w.Store.ForgetSignIns(t.Context()))
	require.Empty(t, count(t, owner(t, w), "select count(*) from sign_ins where id = $1", p.SignIn))
	require.Equal(t, before, seen())
	m, _, err := w.Store.Member(t.Context(), w.Admin, w.Admin.User)
	require.NoError(t, err)
	require.Zero(t, m.LastSeen, "never")
}

// TestTwoAdministratorsCannotRemoveEachOther at the same moment.
func TestTwoAdministratorsCannotRemoveEachOther(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	for n := range 5 {
		other := w.Admin
		other.User = chat.NewID[chat.UserID]()
		require.NoError(t, w.Store.CreateUser(t.Context(), w.Org, chat.User{
			ID: other.User, Name: "Second", Email: fmt.Sprint("second", n, "@example.com"), Role: chat.RoleAdministrator,
		}, "none"))
		var group sync.WaitGroup
		results := make([]error, 2)
		group.Go(func() { results[0] = w.Store.Deactivate(t.Context(), w.Admin, other.User, chat.LeavingLeads{}) })
		group.Go(func() { results[1] = w.Store.Deactivate(t.Context(), other, w.Admin.User, chat.LeavingLeads{}) })
		group.Wait()
		require.Equal(t, 1, count(t, owner(t, w), "select count(*) from users where org_id = $1 and active and role = 'administrator'", w.Org))
		if results[0] != nil {
			w.Admin = other
		}
	}
}
