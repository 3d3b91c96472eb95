package auth

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"converse/internal/chat"
)

const (
	// touchEvery is how often it is written that a sign-in is in use.
	touchEvery = time.Minute
	// touchTick is how often what was noted is written, in one statement an org.
	touchTick  = 10 * time.Second
	touchLimit = 5 * time.Second
)

// touched notes which sign-ins are in use, away from the requests that use them.
type touched struct {
	mu    sync.Mutex // guards the rest
	noted map[chat.SignInID]time.Time
	due   map[chat.OrgID][]chat.SignInID
}

// note remembers a use. It costs a look at a map, and is asked only when the cache
// was not.
func (t *touched) note(p chat.Principal, now time.Time) {
	if p.SignIn == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.noted[p.SignIn]) < touchEvery {
		return
	}
	if t.noted == nil {
		t.noted, t.due = map[chat.SignInID]time.Time{}, map[chat.OrgID][]chat.SignInID{}
	}
	t.noted[p.SignIn] = now
	t.due[p.Org] = append(t.due[p.Org], p.SignIn)
}

// take returns what is to be written, and forgets what was written long ago.
func (t *touched) take(now time.Time) map[chat.OrgID][]chat.SignInID {
	t.mu.Lock()
	defer t.mu.Unlock()
	due := t.due
	t.due = map[chat.OrgID][]chat.SignInID{}
	if t.noted == nil {
		t.noted = map[chat.SignInID]time.Time{}
	}
	for id, at := range t.noted {
		if now.Sub(at) >= touchEvery {
			delete(t.noted, id)
		}
	}
	return due
}

// again has sign-ins noted once more with their next use.
func (t *touched) again(ids []chat.SignInID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range ids {
		delete(t.noted, id)
	}
}

// Keep writes when sign-ins were last used, and which were refused, until ctx ends, and
// then once more.
func (s *SignIns) Keep(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(touchTick)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.WriteSeen(ctx, log)
		case <-s.refused.noted():
			s.WriteRefused(ctx, log)
		case <-ctx.Done():
			s.WriteSeen(context.WithoutCancel(ctx), log)
			s.WriteRefused(context.WithoutCancel(ctx), log)
			return
		}
	}
}

// WriteSeen writes what was noted since the last time.
func (s *SignIns) WriteSeen(ctx context.Context, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, touchLimit)
	defer cancel()
	for org, ids := range s.touched.take(time.Now()) {
		if err := s.store.TouchSignIns(ctx, org, ids); err != nil {
			log.Warn("note which sign-ins are in use", "cause", err)
			s.touched.again(ids)
		}
	}
}
