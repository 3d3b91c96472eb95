package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"

	"converse/internal/chat"
)

// The floor that OWASP's password storage cheat sheet gives for argon2id: 19 MiB,
// two passes, one lane. About 60 ms of one processor.
const (
	argonMemory  = 19 << 10 // KiB
	argonPasses  = 2
	argonLanes   = 1
	argonKeySize = 32
	saltSize     = 16
)

// longestPassword bounds what is hashed, in bytes.
const longestPassword = 256

// mostWaiting bounds who waits for a slot: the last of them waits about two seconds on
// two processors. Who comes then is told to come again, and holds nothing meanwhile.
const mostWaiting = 64

// Passwords hashes and checks passwords, a few at a time: each takes 19 MiB, and a
// hundred at once would stop everything else.
type Passwords struct {
	slots   chan struct{}
	waiting atomic.Int64
	// decoy is checked when there is no user, so that the answer takes as long.
	decoy string
}

// NewPasswords allows as many hashes at once as there are processors.
func NewPasswords() (*Passwords, error) {
	p := &Passwords{slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
	var err error
	p.decoy, err = p.Hash(context.Background(), rand.Text())
	return p, err
}

// Hash returns the password's argon2id hash in its standard text form. It blocks
// until there is room or ctx ends; too many waiting is an error with code too_many.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if len(password) > longestPassword {
		return "", errors.New("password is longer than can be hashed")
	}
	leave, err := p.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails: crypto/rand
	key := argon2.IDKey([]byte(password), salt, argonPasses, argonMemory, argonLanes, argonKeySize)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// Matches reports whether the password has the hash. An empty hash stands for no
// user: the work is done all the same and the answer is false. It blocks until there
// is room or ctx ends; too many waiting is an error with code too_many.
func (p *Passwords) Matches(ctx context.Context, password, hash string) (bool, error) {
	leave, err := p.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	return p.matches(password, hash)
}

// enter takes a hashing slot, to be given back by leave.
func (p *Passwords) enter(ctx context.Context) (leave func(), err error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	leave = func() { <-p.slots }
	select {
	case p.slots <- struct{}{}:
		return leave, nil
	default:
	}
	defer p.waiting.Add(-1)
	if p.waiting.Add(1) > mostWaiting {
		return nil, &chat.Error{
			Code: chat.CodeTooMany, Reason: chat.ReasonSlowDown, Message: "Many people are signing in just now. Try again in a moment.",
		}
	}
	select {
	case p.slots <- struct{}{}:
		return leave, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// matches is Matches in a slot of the caller's.
func (p *Passwords) matches(password, hash string) (bool, error) {
	if len(password) > longestPassword {
		return false, nil // nobody has one, whoever they are
	}
	known := hash != ""
	if !known {
		hash = p.decoy
	}
	var version int
	var memory, passes uint32
	var lanes uint8
	fields := strings.Split(hash, "$")
	if len(fields) != 6 || fields[1] != "argon2id" {
		return false, errors.New("password hash is not argon2id")
	}
	if _, err := fmt.Sscanf(fields[2]+" "+fields[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &lanes); err != nil {
		return false, fmt.Errorf("read the password hash's parameters: %w", err)
	}
	if version != argon2.Version || passes == 0 || lanes == 0 {
		return false, fmt.Errorf("password hash has parameters that argon2id does not: %s %s", fields[2], fields[3])
	}
	salt, err := base64.RawStdEncoding.DecodeString(fields[4])
	if err != nil {
		return false, fmt.Errorf("read the password hash's salt: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(fields[5])
	if err != nil {
		return false, fmt.Errorf("read the password hash: %w", err)
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, argonKeySize)
	return known && subtle.ConstantTimeCompare(got, want) == 1, nil
}
