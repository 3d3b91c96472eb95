package ringcentral

import (
	"net/http"
	"strconv"
	"time"

	"converse/internal/sandbox/stage"
)

// group is one of RingCentral's rate groups: so many calls of a user in a minute (guide,
// "Rate limits").
type group struct {
	name  string
	limit int
}

var (
	light  = group{"light", 50}
	medium = group{"medium", 40}
	auth   = group{"auth", 5}
)

// window is the span in which calls are counted, and the penalty for too many of them.
const window = time.Minute

type rateKey struct {
	account string
	group   string
}

// rate is how much of a group a user has used up.
type rate struct {
	began time.Time
	used  int
	// blocked is until when every call is refused.
	blocked time.Time
}

// count notes a call and puts the headers on its answer. Too many are refused for a
// minute, which begins anew with each call made meanwhile.
func (s *Side) count(w http.ResponseWriter, account string, in group, now time.Time) *stage.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := rateKey{account, in.name}
	r := s.rates[key]
	if r == nil {
		r = &rate{}
		s.rates[key] = r
	}
	if now.Sub(r.began) >= window {
		r.began, r.used = now, 0
	}
	r.used++
	over := r.used > in.limit || now.Before(r.blocked)
	if over {
		r.blocked = now.Add(window)
	}
	header := w.Header()
	header.Set("X-Rate-Limit-Group", in.name)
	header.Set("X-Rate-Limit-Limit", strconv.Itoa(in.limit))
	header.Set("X-Rate-Limit-Remaining", strconv.Itoa(max(0, in.limit-r.used)))
	header.Set("X-Rate-Limit-Window", strconv.Itoa(int(window.Seconds())))
	if !over {
		return nil
	}
	refused := refuse(http.StatusTooManyRequests, "CMN-301", "Request rate exceeded", "")
	refused.Header = http.Header{"Retry-After": {strconv.Itoa(int(window.Seconds()))}}
	return refused
}
