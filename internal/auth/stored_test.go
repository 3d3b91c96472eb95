package auth_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/testkit/world"
	"converse/internal/vault"
)

// stored is signing in on a real store.
type stored struct {
	*world.World
	*auth.SignIns
	owner *pgxpool.Pool
	vault *vault.Vault
}

func setup(t *testing.T) *stored {
	t.Helper()
	w := world.New(t)
	user := chat.User{ID: chat.NewID[chat.UserID](), Email: email, Name: "Mira", Role: chat.RoleSalesUser}
	require.NoError(t, w.Store.CreateUser(t.Context(), w.Org, user, hashed()))
	pool, err := pgxpool.New(t.Context(), w.URL)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	v := world.Vault(t)
	return &stored{World: w, SignIns: auth.NewSignIns(w.Store, shared(), v), owner: pool, vault: v}
}

func (s *stored) exec(t testing.TB, statement string, args ...any) {
	t.Helper()
	_, err := s.owner.Exec(t.Context(), statement, args...)
	require.NoError(t, err)
}

// fresh is the same store with nothing remembered.
func (s *stored) fresh() *auth.SignIns { return auth.NewSignIns(s.Store, shared(), s.vault) }

func (s *stored) logIn(t testing.TB) (auth.SignedIn, chat.Principal) {
	t.Helper()
	in, err := s.LogIn(t.Context(), email, password, "here")
	require.NoError(t, err)
	p, err := s.Authenticate(t.Context(), in.Token)
	require.NoError(t, err)
	return in, p
}

func TestWhatEndsASignIn(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*stored, chat.Principal){
		"logging out": func(s *stored, p chat.Principal) { require.NoError(t, s.LogOut(t.Context(), p)) },
		"its time": func(s *stored, p chat.Principal) {
			s.exec(t, "update sign_ins set expires_at = now() where id = $1", p.SignIn)
		},
		"the user's":   func(s *stored, p chat.Principal) { s.exec(t, "update users set active = false where id = $1", p.User) },
		"being erased": func(s *stored, p chat.Principal) { s.exec(t, "delete from sign_ins where id = $1", p.SignIn) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setup(t)
			in, p := s.logIn(t)
			other, _ := s.logIn(t)
			ticket, _, err := s.CreateTicket(t.Context(), p)
			require.NoError(t, err)
			on := []chat.Standing{{SignIn: p.SignIn, AccessVersion: p.AccessVersion}}
			fallen, err := s.Fallen(t.Context(), s.Org, on)
			require.NoError(t, err)
			require.Empty(t, fallen)
			end(s, p)
			_, err = s.fresh().Authenticate(t.Context(), in.Token)
			require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
			fallen, err = s.Fallen(t.Context(), s.Org, on)
			require.NoError(t, err)
			require.Equal(t, []chat.Fallen{{Standing: on[0], Ended: true}}, fallen, "its sockets close")
			_, err = s.TakeTicket(t.Context(), ticket)
			require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err), "nor does a ticket made before open one")
			if name != "the user's" {
				_, err = s.fresh().Authenticate(t.Context(), other.Token)
				require.NoError(t, err, "the other device goes on")
				return
			}
			require.Equal(t, chat.CodeUnauthenticated, code(t, s.SignIns, email, password, "here"), "nor does the password")
		})
	}
}

func TestATicketOpensOneSocket(t *testing.T) {
	t.Parallel()
	s := setup(t)
	_, p := s.logIn(t)
	ticket, expires, err := s.CreateTicket(t.Context(), p)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(auth.TicketLife), expires, 5*time.Second)
	var taken atomic.Int64
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range 50 {
		wg.Go(func() {
			<-start
			got, err := s.TakeTicket(t.Context(), ticket)
			if err == nil {
				require.Equal(t, p, got)
				taken.Add(1)
				return
			}
			require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
		})
	}
	close(start)
	wg.Wait()
	require.EqualValues(t, 1, taken.Load())
	late, _, err := s.CreateTicket(t.Context(), p)
	require.NoError(t, err)
	s.exec(t, "update tickets set expires_at = now()")
	_, err = s.TakeTicket(t.Context(), late)
	require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
	_, err = s.TakeTicket(t.Context(), "")
	require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
}

func TestWhatCanNoLongerBeUsedIsForgotten(t *testing.T) {
	t.Parallel()
	s := setup(t)
	_, p := s.logIn(t)
	_, live := s.logIn(t)
	for range 2 {
		_, _, err := s.CreateTicket(t.Context(), p)
		require.NoError(t, err)
	}
	s.exec(t, "update tickets set expires_at = now() - interval '1 second' where hash = (select hash from tickets limit 1)")
	s.exec(t, "update sign_ins set expires_at = now() - interval '8 days' where id = $1", p.SignIn)
	require.NoError(t, s.Store.ForgetSignIns(t.Context()))
	var signIns []string
	require.NoError(t, s.owner.QueryRow(t.Context(), "select array_agg(id::text) from sign_ins").Scan(&signIns))
	require.Equal(t, []string{string(live.SignIn)}, signIns)
	var tickets int
	require.NoError(t, s.owner.QueryRow(t.Context(), "select count(*) from tickets").Scan(&tickets))
	require.Equal(t, 1, tickets)
}

// TestI12NoTokenIsStored dumps every table and looks for each secret in each form.
func TestI12NoTokenIsStored(t *testing.T) {
	t.Parallel()
	s := setup(t)
	in, p := s.logIn(t)
	ticket, _, err := s.CreateTicket(t.Context(), p)
	require.NoError(t, err)
	require.NoError(t, s.LogOut(t.Context(), p))
	dump := s.dump(t)
	require.Contains(t, dump, hex.EncodeToString(auth.HashOf(in.Token)), "the dump is not blind")
	for _, secret := range []string{in.Token, ticket, password} {
		notIn(t, dump, secret)
	}
}

// dump is every row of every table as text.
func (s *stored) dump(t testing.TB) string {
	t.Helper()
	var tables []string
	require.NoError(t, s.owner.QueryRow(t.Context(), `select array_agg(relname::text) from pg_class
		where relkind = 'r' and relnamespace = 'public'::regnamespace`).Scan(&tables))
	var dump bytes.Buffer
	for _, table := range tables {
		var rows string
		require.NoError(t, s.owner.QueryRow(t.Context(), "select coalesce(string_agg(x::text, E'\\n'), '') from "+table+" x").Scan(&rows))
		dump.WriteString(rows)
	}
	return dump.String()
}

// notIn looks for a secret in each form it may have been written in.
func notIn(t testing.TB, dump, secret string) {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(secret)
	if err != nil || len(raw) != 32 {
		raw = []byte(secret)
	}
	for _, form := range []string{secret, hex.EncodeToString([]byte(secret)), hex.EncodeToString(raw), base64.StdEncoding.EncodeToString(raw)} {
		require.NotContains(t, dump, form)
	}
}
