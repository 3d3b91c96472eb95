package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/vault"
)

// ticketLife is how long a socket ticket can be used.
const ticketLife = 30 * time.Second

// Store is what signing in needs to be kept.
type Store interface {
	AccountByEmail(ctx context.Context, email string) (account chat.Account, ok bool, err error)
	AuditRefusedSignIns(ctx context.Context, org chat.OrgID, address string, list []chat.RefusedSignIn) error
	SignInStore
	TokenStore
	WidgetTokens
	SecondFactorStore
	TicketStore
	AccountPolicy(ctx context.Context, org chat.OrgID) (chat.AccountPolicy, error)
}

// SignInStore keeps sign-ins from their beginning to their end.
type SignInStore interface {
	BeginSignIn(ctx context.Context, p chat.Principal, tokenHash [sha256.Size]byte, expires time.Time) error
	TouchSignIns(ctx context.Context, org chat.OrgID, ids []chat.SignInID) error
	Fallen(ctx context.Context, org chat.OrgID, list []chat.Standing) ([]chat.Fallen, error)
	EndSignIn(ctx context.Context, p chat.Principal) error
}

// TicketStore keeps what opens a socket once.
type TicketStore interface {
	CreateTicket(ctx context.Context, p chat.Principal, hash [sha256.Size]byte, life time.Duration) error
	TakeTicket(ctx context.Context, hash [sha256.Size]byte) (p chat.Principal, ok bool, err error)
}

// SignIns signs users in and out. It is safe for concurrent use.
type SignIns struct {
	store     Store
	passwords *Passwords
	vault     *vault.Vault
	failures  failures
	seen      cache
	touched   touched
	refused   refused
}

// NewSignIns returns a service on a store. The vault seals the secrets of second
// factors.
func NewSignIns(store Store, passwords *Passwords, v *vault.Vault) *SignIns {
	return &SignIns{store: store, passwords: passwords, vault: v}
}

// SignedIn is a fresh sign-in, or half of one.
type SignedIn struct {
	// Token is given to the client once and stored nowhere. Empty: a code is still to
	// come, and the other fields but Challenge are empty too.
	Token string
	// Challenge goes with the code to VerifyCode.
	Challenge string
	// Expires is when the token, or the challenge, is over.
	Expires time.Time
	Org     chat.OrgID
	User    chat.User
	// MustEnrol: the sign-in is good for setting up a second factor, and nothing else.
	MustEnrol bool
}

// LogIn checks an e-mail address and password. A wrong one, and an unknown user,
// are the same error with code unauthenticated and take the same time. Many wrong
// ones in a row from one place are code too_many.
func (s *SignIns) LogIn(ctx context.Context, email, password, from string) (SignedIn, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	if !s.failures.allow(email, from, time.Now()) {
		return SignedIn{}, tooMany()
	}
	account, ok, err := s.store.AccountByEmail(ctx, email)
	if err != nil {
		return SignedIn{}, err
	}
	matches, err := s.guess(ctx, email, from, password, account.PasswordHash)
	if err != nil {
		return SignedIn{}, err
	}
	if ok && !matches {
		locked := !s.failures.allow(email, from, time.Now())
		s.refused.note(account.Org, from, chat.RefusedSignIn{User: account.User.ID, Locked: locked})
	}
	if !ok || !matches {
		return SignedIn{}, unauthenticated("E-mail address or password is wrong.")
	}
	return s.Begin(ctx, account.Org, account.User, false)
}

// guess checks a password and counts it when it is wrong. The count is looked at once
// more where the waiting is over: of many guesses at once only the first few are made.
func (s *SignIns) guess(ctx context.Context, email, from, password, hash string) (bool, error) {
	leave, err := s.passwords.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	if !s.failures.allow(email, from, time.Now()) {
		return false, tooMany()
	}
	matches, err := s.passwords.matches(password, hash)
	switch {
	case err != nil:
	case matches:
		s.failures.clear(email, from)
	default:
		s.failures.add(email, from, time.Now())
	}
	return matches, err
}

// Guess reports whether the principal knows a password by its hash. Wrong ones are
// counted as those at signing in are.
func (s *SignIns) Guess(ctx context.Context, p chat.Principal, password, hash string) (bool, error) {
	if who := string(p.User); s.failures.allow(who, p.Address, time.Now()) {
		return s.guess(ctx, who, p.Address, password, hash)
	}
	return false, tooMany()
}

func tooMany() error {
	return &chat.Error{
		Code: chat.CodeTooMany, Reason: chat.ReasonSlowDown,
		Message: "Too many failed attempts. Wait a few minutes, then try again.",
	}
}

// LogOut ends a sign-in. Its sockets are closed by the event that goes with it.
func (s *SignIns) LogOut(ctx context.Context, p chat.Principal) error {
	err := s.store.EndSignIn(ctx, p)
	// Afterwards: until it is ended, others may look it up again.
	s.seen.forget(func(known chat.Principal) bool { return known.SignIn == p.SignIn })
	return err
}

// ForgetUser has a user's tokens looked up again: what the user may see has changed.
func (s *SignIns) ForgetUser(user chat.UserID) {
	s.seen.forget(func(known chat.Principal) bool { return known.User == user })
}

// CreateTicket returns a word that opens one socket, and until when.
func (s *SignIns) CreateTicket(ctx context.Context, p chat.Principal) (ticket string, expires time.Time, err error) {
	ticket = newSecret()
	return ticket, time.Now().Add(ticketLife), s.store.CreateTicket(ctx, p, hashOf(ticket), ticketLife)
}

// TakeTicket uses up a ticket and returns whose it is, or an error with code
// unauthenticated.
func (s *SignIns) TakeTicket(ctx context.Context, ticket string) (chat.Principal, error) {
	p, ok, err := s.store.TakeTicket(ctx, hashOf(ticket))
	if err == nil && !ok {
		err = unauthenticated("The ticket is unknown, used or too old.")
	}
	return p, err
}

// Fallen returns those of what an org's open sessions stand on that are over.
func (s *SignIns) Fallen(ctx context.Context, org chat.OrgID, list []chat.Standing) ([]chat.Fallen, error) {
	return s.store.Fallen(ctx, org, list)
}

// Forget has a sign-in looked up again with its next request here. Other nodes believe
// what they found for cacheLife.
func (s *SignIns) Forget(id chat.SignInID) {
	s.seen.forget(func(known chat.Principal) bool { return known.SignIn == id })
}

// NewToken returns a fresh secret of 256 random bits in URL-safe text, and what is kept
// of it.
func NewToken() (token string, hash [sha256.Size]byte) {
	token = newSecret()
	return token, hashOf(token)
}

// TokenHash is what is kept of a token.
func TokenHash(token string) [sha256.Size]byte { return hashOf(token) }

// secretLength is how long what newSecret makes is.
const secretLength = 43

// newSecret is 256 random bits in URL-safe text.
func newSecret() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails: crypto/rand
	return base64.RawURLEncoding.EncodeToString(raw)
}

func hashOf(secret string) [sha256.Size]byte { return sha256.Sum256([]byte(secret)) }
