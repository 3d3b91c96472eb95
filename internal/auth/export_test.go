package auth

import (
	"context"
	"time"
)

// Occupy takes every hashing slot until release is called.
func (p *Passwords) Occupy() (release func()) {
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	return func() {
		for range cap(p.slots) {
			<-p.slots
		}
	}
}

// Slots is how many hashes may be made at once.
func (p *Passwords) Slots() int { return cap(p.slots) }

// Limits of signing in.
const (
	CacheLife       = cacheLife
	MostFailures    = mostFailures
	FailureWindow   = failureWindow
	LongestPassword = longestPassword
	TicketLife      = ticketLife
	MostWaiting     = mostWaiting
)

// HashOf is what is kept of a secret.
func HashOf(secret string) []byte {
	hash := hashOf(secret)
	return hash[:]
}

// Check is Matches without an error, for tests of hashes that cannot be read.
func (p *Passwords) Check(ctx context.Context, password, hash string) bool {
	ok, err := p.Matches(ctx, password, hash)
	return ok && err == nil
}

// WidgetLife is how long a widget's token can be used.
const WidgetLife = widgetLife

// NewAPIKey makes a key that no store knows.
func NewAPIKey() string { return newKey() }

// StepOf returns the time step at which a code belongs to a secret.
func StepOf(secret, code string, now time.Time) (step int64, ok bool, err error) {
	return stepOf(secret, code, now)
}
