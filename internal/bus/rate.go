package bus

import (
	"context"
	"sync"
	"time"
)

// Rate is how many calls may be made in any span of a length, by all nodes together.
type Rate struct {
	// Key names what is limited.
	Key   string
	Calls int
	Per   time.Duration
	// Bulk: the call can wait. While others were made a moment ago, such calls leave a
	// fifth of the rate to them.
	Bulk bool
}

const (
	// liveFor is how long calls that cannot wait keep their share.
	liveFor = 5 * time.Second
	// bulkShare of ten calls are for those that can wait, while others come.
	bulkShare, ofAll = 8, 10
	// mostKeys bounds what is kept of keys that nobody asks about any more.
	mostKeys = 10_000
)

// allowed is how many of the rate's calls the asker may see made.
func (r Rate) allowed(live bool) int {
	if r.Bulk && live {
		return max(r.Calls*bulkShare/ofAll, 1)
	}
	return r.Calls
}

// window is the calls of one key.
type window struct {
	taken []time.Time // in order
	live  time.Time   // of the last call that could not wait
}

// rates are the windows of a process.
type rates struct {
	mu   sync.Mutex // guards keys
	keys map[string]*window
}

// take makes n calls at once, or says how long to wait until it is worth asking again.
func (s *rates) take(now time.Time, r Rate, n int) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys == nil || len(s.keys) > mostKeys {
		s.keys = map[string]*window{}
	}
	w := s.keys[r.Key]
	if w == nil {
		w = &window{}
		s.keys[r.Key] = w
	}
	for len(w.taken) > 0 && !w.taken[0].Add(r.Per).After(now) {
		w.taken = w.taken[1:]
	}
	if !r.Bulk {
		w.live = now
	}
	n = min(n, r.Calls) // more than all can never be had
	allowed := max(r.allowed(now.Sub(w.live) < liveFor), n)
	if over := len(w.taken) + n - allowed; over > 0 {
		return w.taken[over-1].Add(r.Per).Sub(now)
	}
	for range n {
		w.taken = append(w.taken, now)
	}
	return 0
}

// Take takes n calls of a rate. 0: they may be made now; else nothing was taken, and it
// is worth asking again after that time. A rate without calls or time is no limit.
func (m *Memory) Take(_ context.Context, r Rate, n int) time.Duration {
	if r.Calls <= 0 || r.Per <= 0 {
		return 0
	}
	return m.rates.take(time.Now(), r, n)
}
