// Package fault decides which calls and webhooks go wrong.
//
// It owns the rules that are in force and the seeded chance that picks among
// them: the same seed and the same sequence of questions give the same faults.
// It must not know what a fault does.
package fault

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Rule makes a share of something go wrong.
type Rule struct {
	// Provider is whom the rule is about; empty means every provider.
	Provider string `json:"provider,omitempty"`
	Kind     Kind   `json:"kind"`
	// Share is how often, from 0 (never, which removes the rule) to 1 (always).
	Share float64 `json:"share"`
	// DelayMs is how long a rule about time takes; 0 means the kind's own default.
	DelayMs int `json:"delayMs,omitempty"`
	// Handset is the only lead the rule is about, as the handset's id; empty means every lead.
	Handset string `json:"handset,omitempty"`
	// Status is the HTTP status of server_error, server_error_accepted, file_error and
	// redirect; 0 means 500, and 307 for redirect.
	Status int `json:"status,omitempty"`
	// Accepted overrides whether the provider really takes the message.
	Accepted *bool `json:"accepted,omitempty"`
}

// Delay is the rule's time, or the default when it sets none.
func (r Rule) Delay(otherwise time.Duration) time.Duration {
	if r.DelayMs == 0 {
		return otherwise
	}
	return time.Duration(r.DelayMs) * time.Millisecond
}

// Takes reports whether the provider takes a message that the rule hits.
func (r Rule) Takes() bool {
	if r.Accepted != nil {
		return *r.Accepted
	}
	return r.Kind.takes()
}

// Problem is what is wrong with a rule.
type Problem struct{ Field, Text string }

func (p *Problem) Error() string { return p.Field + " " + p.Text }

// maxDelay keeps a forgotten rule from holding webhooks for days.
const maxDelay = time.Hour

func (r Rule) check() error {
	switch {
	case !slices.Contains(Kinds(), r.Kind):
		return &Problem{"kind", fmt.Sprintf("must be one of %v", Kinds())}
	case !(r.Share >= 0 && r.Share <= 1): // also refuses NaN
		return &Problem{"share", "must be from 0 to 1"}
	case r.DelayMs < 0 || r.DelayMs > int(maxDelay.Milliseconds()):
		return &Problem{"delayMs", fmt.Sprintf("must be from 0 to %d", maxDelay.Milliseconds())}
	case r.Status != 0 && (r.Status < 300 || r.Status > 599):
		return &Problem{"status", "must be an HTTP status from 300 to 599"}
	case r.Status/100 == 3 && r.Kind != Redirect, r.Status != 0 && r.Status/100 != 3 && r.Kind == Redirect:
		return &Problem{"status", "of a redirect, and only of a redirect, must be 3xx"}
	}
	return nil
}

// Set holds the rules in force. Make one with NewSet.
type Set struct {
	mu     sync.Mutex // guards the fields below
	rules  []Rule
	chance *rand.Rand
}

// NewSet returns a set without rules.
func NewSet(seed uint64) *Set {
	return &Set{chance: rand.New(rand.NewPCG(seed, seed))}
}

// Put adds a rule or replaces the one for the same provider, kind and handset. A
// share of 0 removes it. The error is a *Problem.
func (s *Set) Put(rule Rule) error {
	if err := rule.check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = slices.DeleteFunc(s.rules, func(r Rule) bool {
		return r.Provider == rule.Provider && r.Kind == rule.Kind && r.Handset == rule.Handset
	})
	if rule.Share > 0 {
		s.rules = append(s.rules, rule)
	}
	return nil
}

// Rules lists the rules in force, in the order they were put.
func (s *Set) Rules() []Rule {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Rule{}, s.rules...)
}

// Clear removes every rule.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = nil
}

// PickAnswer decides whether the answer to a send call goes wrong, and how.
func (s *Set) PickAnswer(provider, handset string) (Rule, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.first(answers(), provider, handset)
}

// PickFile decides whether a request for a lead's file goes wrong, and how. bytes: the
// file itself is asked for, and not where it is.
func (s *Set) PickFile(provider, handset string, bytes bool) (Rule, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.first(files(bytes), provider, handset)
}

// first is the first of the kinds that happens now. The caller holds the lock.
func (s *Set) first(kinds []Kind, provider, handset string) (Rule, bool) {
	if len(s.rules) == 0 {
		return Rule{}, false
	}
	for _, kind := range kinds {
		if rule, hit := s.pick(kind, provider, handset); hit {
			return rule, true
		}
	}
	return Rule{}, false
}

// Pick decides whether one kind of fault happens now.
func (s *Set) Pick(kind Kind, provider, handset string) (Rule, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pick(kind, provider, handset)
}

// Between is a random span from 0 up to the given one.
func (s *Set) Between(span time.Duration) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Duration(s.chance.Float64() * float64(span))
}

// pick throws the dice for the narrowest rule of the kind. The caller holds the lock.
func (s *Set) pick(kind Kind, provider, handset string) (Rule, bool) {
	best, narrow := Rule{}, -1
	for _, r := range s.rules {
		if r.Kind != kind || (r.Provider != "" && r.Provider != provider) || (r.Handset != "" && r.Handset != handset) {
			continue
		}
		width := 0
		if r.Provider != "" {
			width++
		}
		if r.Handset != "" {
			width += 2
		}
		if width > narrow {
			best, narrow = r, width
		}
	}
	return best, narrow >= 0 && s.chance.Float64() < best.Share
}
