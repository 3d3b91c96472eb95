package rpc

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"converse/internal/chat"
)

// pace is how often one address may make a call that needs no sign-in: so many at once,
// and one more in every while. A whole office comes from one address.
type pace struct {
	burst int
	every time.Duration
}

// life is after how long a place that was quiet is as good as a new one.
func (p pace) life() time.Duration { return time.Duration(p.burst) * p.every }

// gate counts the calls that need no sign-in, by call and address. What it remembers is
// bounded: of more places than that, it forgets those that have been quiet the longest.
type gate struct {
	most int // places a generation

	mu       sync.Mutex // guards the rest
	now, old map[place]*rate.Limiter
	turned   time.Time
}

type place struct{ call, address string }

// mostPlaces is how many places a generation has; there are two.
const mostPlaces = 50_000

func newGate(most int) *gate { return &gate{most: most} }

// pass returns an error with code too_many when the address has made the call too often.
func (g *gate) pass(call, address string, p pace, now time.Time) error {
	l := g.limiter(place{call, address}, p, now)
	if l.AllowN(now, 1) {
		return nil
	}
	return &chat.Error{
		Code: chat.CodeTooMany, Reason: chat.ReasonSlowDown, RetryAt: now.Add(p.every),
		Message: "This was asked for too often from your network. Wait a moment, then try again.",
	}
}

// limiter is a place's, in the newer of two generations, so that forgetting is one
// assignment.
func (g *gate) limiter(at place, p pace, now time.Time) *rate.Limiter {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.now == nil || len(g.now) >= g.most || now.Sub(g.turned) >= longestPace {
		g.old, g.now, g.turned = g.now, map[place]*rate.Limiter{}, now
	}
	l := g.now[at]
	if l == nil {
		if l = g.old[at]; l == nil {
			l = rate.NewLimiter(rate.Every(p.every), p.burst)
		}
		g.now[at] = l
	}
	return l
}

// longestPace is the longest life of a pace: what was quiet for longer may be forgotten.
const longestPace = 5 * time.Minute

// The paces there are.
var (
	// guesses are answered by a hash or a look at a table: each is cheap or waits for its
	// turn, and wrong ones are counted by user as well.
	paceOfGuesses = pace{burst: 100, every: 200 * time.Millisecond}
	// paceOfStarts is for what keeps something until it is over, or asks somebody else.
	paceOfStarts = pace{burst: 60, every: time.Second}
	// paceOfLinks is for what a person does once.
	paceOfLinks = pace{burst: 30, every: 2 * time.Second}
)
