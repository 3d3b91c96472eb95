package auth

import (
	"context"
	"log/slog"
	"sync"

	"converse/internal/chat"
)

// mostRefused is how many wrong passwords wait to be written; what comes on top is counted
// in the log alone.
const mostRefused = 1000

// refused notes wrong passwords for the audit, away from the answer: it must take as long
// for somebody who is known as for somebody who is not.
type refused struct {
	mu    sync.Mutex // guards the rest
	due   map[source][]chat.RefusedSignIn
	n     int // how many are due
	lost  int
	wake  chan struct{}
	ready sync.Once
}

// source is what the entries of one transaction have in common.
type source struct {
	org     chat.OrgID
	address string
}

// noted is signalled when there is something to write.
func (r *refused) noted() chan struct{} {
	r.ready.Do(func() { r.wake = make(chan struct{}, 1) })
	return r.wake
}

func (r *refused) note(org chat.OrgID, address string, attempt chat.RefusedSignIn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n >= mostRefused {
		r.lost++
		return
	}
	if r.due == nil {
		r.due = map[source][]chat.RefusedSignIn{}
	}
	from := source{org, address}
	r.due[from] = append(r.due[from], attempt)
	r.n++
	select {
	case r.noted() <- struct{}{}:
	default: // it is about to be written
	}
}

func (r *refused) take() (due map[source][]chat.RefusedSignIn, lost int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	due, lost = r.due, r.lost
	r.due, r.n, r.lost = nil, 0, 0
	return due, lost
}

// WriteRefused writes the wrong passwords since the last time into the audit. What cannot
// be written is logged, without who it was.
func (s *SignIns) WriteRefused(ctx context.Context, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, touchLimit)
	defer cancel()
	due, lost := s.refused.take()
	for from, list := range due {
		if err := s.store.AuditRefusedSignIns(ctx, from.org, from.address, list); err != nil {
			lost += len(list)
			log.Warn("write refused sign-ins into the audit", "cause", err)
		}
	}
	if lost > 0 {
		log.Warn("refused sign-ins are missing in the audit", "count", lost)
	}
}
