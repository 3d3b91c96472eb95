package chat

import (
	"crypto/sha256"
	"time"
)

// SecondFactor is how it stands with a user's second factor, a program on their phone
// that shows codes.
type SecondFactor struct {
	User UserID
	// Enabled: signing in with a password asks for a code.
	Enabled bool
	Since   time.Time
	// Required: the org's policy asks for one of users of this role.
	Required bool
	// CodesLeft is how many recovery codes are unused.
	CodesLeft int
	// LockedUntil is set after too many wrong codes; zero: not locked.
	LockedUntil time.Time
}

// SecondFactorRoles are the roles of whom a second factor is required where an org has
// not said otherwise.
func SecondFactorRoles() []Role {
	return []Role{RoleAdministrator, RoleSalesManager, RoleMarketingUser}
}

// Proof is what a user shows as their second factor.
type Proof struct {
	// Recovery is the hash of a recovery code; nil: a code is shown.
	Recovery []byte
	// Step opens the user's sealed secret and returns the time step at which the code
	// belongs to it. ok is false for a wrong code. It has no effects.
	Step func(org OrgID, user UserID, sealed []byte) (step int64, ok bool, err error)
	// From is the address it comes from.
	From string
}

// FreshSignIn is a sign-in that is about to begin.
type FreshSignIn struct {
	ID        SignInID
	TokenHash [sha256.Size]byte
	Expires   time.Time
	// Address and Agent are where it begins.
	Address, Agent string
}

// RefusedSignIn is an attempt at signing a user in with a wrong password.
type RefusedSignIn struct {
	User UserID
	// Locked: it was one too many, and no more are looked at from there for a while.
	Locked bool
}

// Reasons of refused sign-ins, for screens to branch on.
const (
	// ReasonWrongCode: the second factor's code is wrong or was used.
	ReasonWrongCode = "wrong_code"
	// ReasonLocked: too many wrong codes; RetryAt says until when.
	ReasonLocked = "second_factor_locked"
	// ReasonChallengeOver: too long after the password, or signed in already.
	ReasonChallengeOver = "challenge_over"
	// ReasonMustEnrol: a second factor must be set up before anything else.
	ReasonMustEnrol = "must_enrol"
)

// Locked says until when no code is looked at.
func Locked(until time.Time) *Error {
	return &Error{
		Code: CodeTooMany, Reason: ReasonLocked, RetryAt: until,
		Message: "Too many wrong codes. Wait half an hour, or ask an administrator to unlock you.",
	}
}

// ChallengeOver says that a sign-in has to begin again.
func ChallengeOver() *Error {
	return &Error{
		Code: CodeUnauthenticated, Reason: ReasonChallengeOver, Message: "Too much time has passed. Sign in with your password again.",
	}
}
