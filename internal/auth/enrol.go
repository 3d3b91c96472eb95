package auth

import (
	"context"

	"converse/internal/chat"
)

// Enrolment is a second factor that has been prepared, for the user's phone.
type Enrolment struct {
	// Secret is for typing in.
	Secret string
	// Address is what the QR code holds.
	Address string
	// Picture is the QR code in SVG.
	Picture string
}

// SecondFactor says how it stands with the principal's second factor.
func (s *SignIns) SecondFactor(ctx context.Context, p chat.Principal) (chat.SecondFactor, error) {
	return s.store.SecondFactor(ctx, p.Org, p.User)
}

// Enrol prepares a second factor of the principal. It counts once a code of it has been
// confirmed; until then each call makes another one. account is the name that the
// user's program shows.
func (s *SignIns) Enrol(ctx context.Context, p chat.Principal, account string) (Enrolment, error) {
	secret := newTOTPSecret()
	out := Enrolment{Secret: secret, Address: otpauth(secret, account)}
	var err error
	if out.Picture, err = picture(out.Address); err != nil {
		return Enrolment{}, err
	}
	sealed, err := s.vault.Seal(secretPlace(p.Org, p.User), []byte(secret))
	if err != nil {
		return Enrolment{}, err
	}
	return out, s.store.PrepareSecondFactor(ctx, p, sealed)
}

// Enrolled is a second factor that is on.
type Enrolled struct {
	// RecoveryCodes are given out this once.
	RecoveryCodes []string
	// SignedIn has a token when the sign-in was good for enrolling alone: it is over, and
	// this one takes its place.
	SignedIn
}

// ConfirmEnrolment turns on what Enrol prepared, by a code of it.
func (s *SignIns) ConfirmEnrolment(ctx context.Context, p chat.Principal, c Code) (Enrolled, error) {
	proof, err := s.proof(c)
	if err != nil {
		return Enrolled{}, err
	}
	out := Enrolled{RecoveryCodes: newRecoveryCodes()}
	signedIn, next, err := s.fresh(ctx, chat.User{ID: p.User, Name: p.Name, Role: p.Role}, p.Org)
	if err != nil {
		return Enrolled{}, err
	}
	if err := s.store.ConfirmSecondFactor(ctx, p, proof, hashesOf(out.RecoveryCodes), next); err != nil {
		return Enrolled{}, err
	}
	if p.Via == chat.ViaEnrol {
		s.seen.forget(func(known chat.Principal) bool { return known.SignIn == p.SignIn })
		out.SignedIn = signedIn
	}
	return out, nil
}

// Disable turns the principal's second factor off.
func (s *SignIns) Disable(ctx context.Context, p chat.Principal, c Code) error {
	proof, err := s.proof(c)
	if err != nil {
		return err
	}
	return s.store.DisableSecondFactor(ctx, p, proof)
}

// ReplaceRecoveryCodes makes new recovery codes; those before are of no use then.
func (s *SignIns) ReplaceRecoveryCodes(ctx context.Context, p chat.Principal, c Code) ([]string, error) {
	proof, err := s.proof(c)
	if err != nil {
		return nil, err
	}
	codes := newRecoveryCodes()
	if err := s.store.ReplaceRecoveryCodes(ctx, p, proof, hashesOf(codes)); err != nil {
		return nil, err
	}
	return codes, nil
}

func hashesOf(codes []string) [][]byte {
	out := make([][]byte, len(codes))
	for i, code := range codes {
		out[i] = recoveryHash(code)
	}
	return out
}
