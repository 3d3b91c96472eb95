package auth

import (
	"sync"
	"time"
)

const (
	// mostFailures in failureWindow stop further attempts for a user from one place.
	mostFailures  = 10
	failureWindow = 15 * time.Minute
	// mostPlaces bounds the memory that an attacker can fill.
	mostPlaces = 50_000
)

// failures counts wrong passwords by user and by address, and wrong API keys, on this
// node.
type failures struct {
	mu     sync.Mutex // guards counts
	counts map[attempt]failureCount
}

type attempt struct{ email, from string }

type failureCount struct {
	n     int
	since time.Time
}

func (f *failures) allow(email, from string, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.counts[attempt{email, from}]
	return c.n < mostFailures || now.Sub(c.since) > failureWindow
}

// add counts a failure and returns how many there are.
func (f *failures) add(email, from string, now time.Time) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.counts == nil || len(f.counts) >= mostPlaces {
		f.counts = map[attempt]failureCount{}
	}
	key := attempt{email, from}
	c := f.counts[key]
	if now.Sub(c.since) > failureWindow {
		c = failureCount{since: now}
	}
	c.n++
	f.counts[key] = c
	return c.n
}

// clear forgets the failures before a success.
func (f *failures) clear(email, from string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.counts, attempt{email, from})
}
