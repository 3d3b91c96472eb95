package auth_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/argon2"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/testkit/world"
)

// shelf is a store in memory: one account, its sign-ins by their hashes.
type shelf struct {
	mu       sync.Mutex
	account  chat.Account
	signIns  map[string]chat.Principal
	asked    int
	away     error
	accounts int
	used     []chat.SignInID
}

func (s *shelf) AccountByEmail(_ context.Context, email string) (chat.Account, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts++
	if s.away != nil || email != s.account.User.Email {
		return chat.Account{}, false, s.away
	}
	return s.account, true, nil
}

func (s *shelf) AuditRefusedSignIns(context.Context, chat.OrgID, string, []chat.RefusedSignIn) error {
	return nil
}

func (s *shelf) BeginSignIn(_ context.Context, p chat.Principal, hash [sha256.Size]byte, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signIns[string(hash[:])] = p
	return nil
}

func (s *shelf) PrincipalByToken(_ context.Context, hash [sha256.Size]byte) (chat.Principal, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	p, ok := s.signIns[string(hash[:])]
	return p, ok, s.away
}

func (s *shelf) EndSignIn(_ context.Context, p chat.Principal) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, other := range s.signIns {
		if other.SignIn == p.SignIn {
			delete(s.signIns, hash)
		}
	}
	return s.away
}

func (s *shelf) Fallen(context.Context, chat.OrgID, []chat.Standing) ([]chat.Fallen, error) {
	return nil, nil
}

func (s *shelf) CreateTicket(context.Context, chat.Principal, [sha256.Size]byte, time.Duration) error {
	return nil
}

func (s *shelf) TakeTicket(context.Context, [sha256.Size]byte) (chat.Principal, bool, error) {
	return chat.Principal{}, false, nil
}

const email, password = "mira@example.com", "correct horse"

// hashed is the password's hash with parameters that cost nothing: they are the
// hash's own.
func hashed() string {
	const memory, passes, lanes = 8, 1, 1
	salt := []byte("0123456789abcdef")
	key := argon2.IDKey([]byte(password), salt, passes, memory, lanes, 32)
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", memory, passes, lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

func newShelf() *shelf {
	return &shelf{signIns: map[string]chat.Principal{}, account: chat.Account{
		Org: chat.NewID[chat.OrgID](), User: chat.User{ID: chat.NewID[chat.UserID](), Email: email}, PasswordHash: hashed(),
	}}
}

// code is what signing in answered.
func code(t testing.TB, s *auth.SignIns, email, password, from string) chat.Code {
	t.Helper()
	_, err := s.LogIn(t.Context(), email, password, from)
	return chat.CodeOf(err)
}

func TestSigningInWithTheRightPasswordAlone(t *testing.T) {
	t.Parallel()
	kept := newShelf()
	s := auth.NewSignIns(kept, shared(), world.Vault(t))
	for _, spelling := range []string{email, "MIRA@Example.COM", "  mira@example.com\n"} {
		in, err := s.LogIn(t.Context(), spelling, password, "here")
		require.NoError(t, err)
		require.Len(t, in.Token, 43, "256 random bits")
		p, err := s.Authenticate(t.Context(), in.Token)
		require.NoError(t, err)
		require.Equal(t, kept.account.User.ID, p.User)
		require.NotContains(t, kept.signIns, in.Token)
	}
	var errs []string
	for _, c := range [][2]string{{email, "wrong"}, {email, ""}, {"nobody@example.com", password}, {"", password}, {email, strings.Repeat("x", 1<<20)}} {
		_, err := s.LogIn(t.Context(), c[0], c[1], "here")
		require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err), "%.20q", c)
		errs = append(errs, err.Error())
	}
	for _, err := range errs {
		require.Equal(t, errs[0], err, "one answer for all")
	}
}

// TestAnUnknownUserCostsTheSameWork: with every hashing slot taken, both wait.
func TestAnUnknownUserCostsTheSameWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		passwords, err := auth.NewPasswords()
		require.NoError(t, err)
		s := auth.NewSignIns(newShelf(), passwords, world.Vault(t))
		for _, who := range []string{email, "nobody@example.com"} {
			release := passwords.Occupy()
			answer := make(chan chat.Code, 1)
			go func() { answer <- code(t, s, who, "wrong", "here") }()
			synctest.Wait()
			require.Empty(t, answer, who)
			release()
			require.Equal(t, chat.CodeUnauthenticated, <-answer)
		}
	})
}

func TestTooManyWrongPasswordsAreStopped(t *testing.T) {
	t.Parallel()
	shared()
	synctest.Test(t, func(t *testing.T) {
		s := auth.NewSignIns(newShelf(), shared(), world.Vault(t))
		for n := range auth.MostFailures {
			require.Equal(t, chat.CodeUnauthenticated, code(t, s, []string{email, "MIRA@example.com "}[n%2], "wrong", "here"))
		}
		require.Equal(t, chat.CodeTooMany, code(t, s, email, "wrong", "here"))
		require.Equal(t, chat.CodeTooMany, code(t, s, email, password, "here"), "the right one too")
		require.Empty(t, code(t, s, email, password, "elsewhere"), "others are not locked out")
		require.Equal(t, chat.CodeUnauthenticated, code(t, s, "other@example.com", "wrong", "here"))
		time.Sleep(auth.FailureWindow)
		require.Equal(t, chat.CodeTooMany, code(t, s, email, password, "here"))
		time.Sleep(time.Second)
		require.Empty(t, code(t, s, email, password, "here"))
	})
}

func TestTheRightPasswordEndsTheCount(t *testing.T) {
	t.Parallel()
	s := auth.NewSignIns(newShelf(), shared(), world.Vault(t))
	for range 2 {
		for range auth.MostFailures - 1 {
			require.Equal(t, chat.CodeUnauthenticated, code(t, s, email, "wrong", "here"))
		}
		require.Empty(t, code(t, s, email, password, "here"))
	}
}

// TestGuessesAtOnceAreCounted: whoever asks a hundred times at once has no more
// guesses than who asks one by one.
func TestGuessesAtOnceAreCounted(t *testing.T) {
	t.Parallel()
	s := auth.NewSignIns(newShelf(), shared(), world.Vault(t))
	var mu sync.Mutex
	answers := map[chat.Code]int{}
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range 60 {
		wg.Go(func() {
			<-start
			c := code(t, s, email, "wrong", "here")
			mu.Lock()
			answers[c]++
			mu.Unlock()
		})
	}
	close(start)
	wg.Wait()
	require.Less(t, answers[chat.CodeUnauthenticated], auth.MostFailures+shared().Slots())
	require.Equal(t, 60, answers[chat.CodeUnauthenticated]+answers[chat.CodeTooMany])
}

func TestADatabaseThatIsAwayIsNobodysFailure(t *testing.T) {
	t.Parallel()
	kept := newShelf()
	s := auth.NewSignIns(kept, shared(), world.Vault(t))
	kept.away = errors.New("away")
	for range 2 * auth.MostFailures {
		_, err := s.LogIn(t.Context(), email, password, "here")
		require.ErrorIs(t, err, kept.away)
	}
	kept.away = nil
	require.Empty(t, code(t, s, email, password, "here"))
}

func TestASignInIsBelievedForCacheLifeAndNoLonger(t *testing.T) {
	t.Parallel()
	shared()
	// However the looks are spread over time.
	const short, long = auth.CacheLife / 20, auth.CacheLife - time.Millisecond
	for _, waits := range [][]time.Duration{{short}, {auth.CacheLife / 3}, {long}, {long, short}, {auth.CacheLife / 2, auth.CacheLife / 2, short}} {
		synctest.Test(t, func(t *testing.T) {
			kept := newShelf()
			s := auth.NewSignIns(kept, shared(), world.Vault(t))
			in, err := s.LogIn(t.Context(), email, password, "here")
			require.NoError(t, err)
			for range 100 {
				_, err := s.Authenticate(t.Context(), in.Token)
				require.NoError(t, err)
			}
			require.Equal(t, 1, kept.asked)
			kept.mu.Lock()
			clear(kept.signIns) // ended on another node
			kept.mu.Unlock()
			ended := time.Now()
			for n := 0; ; n++ {
				_, err := s.Authenticate(t.Context(), in.Token)
				if err != nil {
					require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
					break
				}
				require.Less(t, time.Since(ended), auth.CacheLife, "waiting %s", waits)
				time.Sleep(waits[n%len(waits)])
			}
		})
	}
}

func TestLoggingOutIsFeltAtOnce(t *testing.T) {
	t.Parallel()
	kept := newShelf()
	s := auth.NewSignIns(kept, shared(), world.Vault(t))
	in, err := s.LogIn(t.Context(), email, password, "here")
	require.NoError(t, err)
	other, err := s.LogIn(t.Context(), email, password, "there")
	require.NoError(t, err)
	p, err := s.Authenticate(t.Context(), in.Token)
	require.NoError(t, err)
	require.NoError(t, s.LogOut(t.Context(), p))
	_, err = s.Authenticate(t.Context(), in.Token)
	require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
	_, err = s.Authenticate(t.Context(), other.Token)
	require.NoError(t, err, "another device goes on")
}

func TestUnknownTokensAreAskedForEachTime(t *testing.T) {
	t.Parallel()
	kept := newShelf()
	s := auth.NewSignIns(kept, shared(), world.Vault(t))
	for range 3 {
		_, err := s.Authenticate(t.Context(), "garbage")
		require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
	}
	require.Equal(t, 3, kept.asked, "guesses do not fill the memory")
}
