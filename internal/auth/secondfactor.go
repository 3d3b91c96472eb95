package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"converse/internal/chat"
	"converse/internal/vault"
)

const (
	// challengeLife is how long after the password a code is waited for.
	challengeLife = 5 * time.Minute
	// enrolLife is how long a sign-in lasts that is good for setting up a second factor.
	enrolLife = 30 * time.Minute
)

// SecondFactorStore keeps second factors.
type SecondFactorStore interface {
	SecondFactor(ctx context.Context, org chat.OrgID, user chat.UserID) (chat.SecondFactor, error)
	PrepareSecondFactor(ctx context.Context, p chat.Principal, sealed []byte) error
	ConfirmSecondFactor(ctx context.Context, p chat.Principal, proof chat.Proof, codes [][]byte, next chat.FreshSignIn) error
	DisableSecondFactor(ctx context.Context, p chat.Principal, proof chat.Proof) error
	ReplaceRecoveryCodes(ctx context.Context, p chat.Principal, proof chat.Proof, codes [][]byte) error
	CreateChallenge(ctx context.Context, org chat.OrgID, user chat.UserID, hash [sha256.Size]byte, life time.Duration) error
	AnswerChallenge(ctx context.Context, org chat.OrgID, hash [sha256.Size]byte, proof chat.Proof, next chat.FreshSignIn) (chat.User, error)
}

// Code is what a user types: a code of their second factor, or a recovery code.
type Code struct {
	Code     string
	Recovery string
	// From is the address it comes from.
	From string
}

// proof is a code in the form that the store checks.
func (s *SignIns) proof(c Code) (chat.Proof, error) {
	out := chat.Proof{From: c.From}
	switch {
	case (c.Code == "") == (c.Recovery == ""):
		return out, chat.Invalidf("code", "show a code or a recovery code, and not both")
	case c.Recovery != "":
		out.Recovery = recoveryHash(c.Recovery)
	}
	now := time.Now()
	out.Step = func(org chat.OrgID, user chat.UserID, sealed []byte) (int64, bool, error) {
		secret, err := s.vault.Open(secretPlace(org, user), sealed)
		if err != nil {
			return 0, false, err
		}
		return stepOf(string(secret), c.Code, now)
	}
	return out, nil
}

func secretPlace(org chat.OrgID, user chat.UserID) vault.Place {
	return vault.Place{Org: org, Thing: "user " + string(user), Fields: "second factor"}
}

// recoveryHash is what is kept of a recovery code, beside whose it is.
func recoveryHash(code string) []byte {
	hash := hashOf(plainRecoveryCode(code))
	return hash[:]
}

// NewWord makes a word for a client to hold between two steps of signing in. It names the
// org, so that nothing has to be looked for across orgs.
func NewWord(org chat.OrgID) (string, error) {
	id, err := uuid.Parse(string(org))
	return base64.RawURLEncoding.EncodeToString(id[:]) + newSecret(), err
}

// OrgOf is the org that a word of NewWord's names.
func OrgOf(word string) (chat.OrgID, bool) {
	const size = 22 // sixteen bytes in base64
	if len(word) != size+secretLength {
		return "", false
	}
	raw, err := base64.RawURLEncoding.DecodeString(word[:size])
	if err != nil {
		return "", false
	}
	id, err := uuid.FromBytes(raw)
	return chat.OrgID(id.String()), err == nil
}

// fresh makes a full sign-in, for as long as the org lets one last.
func (s *SignIns) fresh(ctx context.Context, user chat.User, org chat.OrgID) (SignedIn, chat.FreshSignIn, error) {
	policy, err := s.store.AccountPolicy(ctx, org)
	if err != nil {
		return SignedIn{}, chat.FreshSignIn{}, err
	}
	out := SignedIn{Token: newSecret(), Expires: time.Now().Add(policy.Absolute), Org: org, User: user}
	from := callerOf(ctx)
	return out, chat.FreshSignIn{
		ID: chat.NewID[chat.SignInID](), TokenHash: hashOf(out.Token), Expires: out.Expires, Address: from.Address, Agent: from.Agent,
	}, nil
}

// Begin signs a user in whose identity has been proven once, by a password or by an
// OpenID Connect provider. Unless trusted, it asks for the second factor of a user who
// has one; of one who must have one and has none it makes a sign-in that is good for
// setting it up alone.
func (s *SignIns) Begin(ctx context.Context, org chat.OrgID, user chat.User, trusted bool) (SignedIn, error) {
	state, err := s.store.SecondFactor(ctx, org, user.ID)
	switch {
	case err != nil:
		return SignedIn{}, err
	case trusted:
	case state.Enabled:
		return s.challenge(ctx, org, user, state)
	case state.Required:
		out := SignedIn{Token: newSecret(), Expires: time.Now().Add(enrolLife), Org: org, User: user, MustEnrol: true}
		from := callerOf(ctx)
		return out, s.store.BeginSignIn(ctx, chat.Principal{
			Org: org, User: user.ID, Name: user.Name, SignIn: chat.NewID[chat.SignInID](), Via: chat.ViaEnrol, Address: from.Address, Agent: from.Agent,
		}, hashOf(out.Token), out.Expires)
	}
	out, next, err := s.fresh(ctx, user, org)
	if err != nil {
		return SignedIn{}, err
	}
	p := chat.Principal{Org: org, User: user.ID, Name: user.Name, SignIn: next.ID, Address: next.Address, Agent: next.Agent}
	return out, s.store.BeginSignIn(ctx, p, next.TokenHash, next.Expires)
}

func (s *SignIns) challenge(ctx context.Context, org chat.OrgID, user chat.User, state chat.SecondFactor) (SignedIn, error) {
	if !state.LockedUntil.IsZero() {
		return SignedIn{}, chat.Locked(state.LockedUntil)
	}
	word, err := NewWord(org)
	if err != nil {
		return SignedIn{}, err
	}
	out := SignedIn{Challenge: word, Expires: time.Now().Add(challengeLife)}
	return out, s.store.CreateChallenge(ctx, org, user.ID, hashOf(word), challengeLife)
}

// VerifyCode is the second step of signing in: it takes the challenge of the first, and a
// code. Three wrong codes in a row lock the user for half an hour, on every node.
func (s *SignIns) VerifyCode(ctx context.Context, challenge string, c Code) (SignedIn, error) {
	org, ok := OrgOf(challenge)
	if !ok {
		return SignedIn{}, chat.ChallengeOver()
	}
	proof, err := s.proof(c)
	if err != nil {
		return SignedIn{}, err
	}
	out, next, err := s.fresh(ctx, chat.User{}, org)
	if err != nil {
		return SignedIn{}, err
	}
	out.User, err = s.store.AnswerChallenge(ctx, org, hashOf(challenge), proof, next)
	if err != nil {
		return SignedIn{}, err
	}
	return out, nil
}
