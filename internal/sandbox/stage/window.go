package stage

import (
	"maps"
	"time"

	"converse/internal/sandbox/fault"
)

// Window is how long a lead's message keeps the service window open (Meta,
// "Customer service windows").
const Window = 24 * time.Hour

// line is a business number toward a lead's phone.
type line struct{ provider, sender, handset string }

// openWindow notes what a lead wrote. The caller holds the lock.
func (s *Stage) openWindow(e *entry) {
	side, ok := s.Side(e.Provider)
	if !ok || !TraitsOf(side, e.Sender).Window || e.Kind == KindCall {
		return
	}
	// The clock starts at the message's own time, however late it is passed on.
	t, until := e.thread, e.At.Add(Window)
	if until.Before(time.Now()) {
		return
	}
	if until.After(t.windowUntil) {
		t.windowUntil = until
	}
	if len(s.windows) >= s.config.HandsetSize {
		now := time.Now()
		maps.DeleteFunc(s.windows, func(_ line, until time.Time) bool { return until.Before(now) })
	}
	if at := t.line(); until.After(s.windows[at]) {
		s.windows[at] = until
	}
}

func (t *thread) line() line { return line{t.provider, t.sender.Address, t.handset.id} }

// WindowOpen reports whether the service window of a business number toward a
// lead is open.
func (s *Stage) WindowOpen(provider, senderAddress, to string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.find(to)
	if h == nil {
		return time.Now().Before(s.windows[line{provider, senderAddress, to}])
	}
	for _, t := range h.threads {
		if t.provider == provider && t.sender.Address == senderAddress {
			return time.Now().Before(t.windowUntil)
		}
	}
	return time.Now().Before(s.windows[line{provider, senderAddress, h.id}])
}

// WindowFault reports whether a message outside the window is refused at once.
func (s *Stage) WindowFault(provider, to string) bool {
	_, hit := s.faults.Pick(fault.WindowError, provider, s.HandsetID(to))
	return hit
}

// ExpireWindow closes the service windows of a provider's number toward a lead.
// What is empty stands for all of them. It lasts until the lead writes again, or
// until Reset. The error is a *Problem.
func (s *Stage) ExpireWindow(provider, to, from string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if from == "" {
		for at := s.recent.Front(); at != nil; at = at.Next() {
			s.expire(at.Value.(*handset), provider, to) //nolint:errcheck // only handsets are in the list
		}
		return nil
	}
	h := s.find(from)
	switch {
	case h == nil:
		return problem("from", "%s has no handset here", from)
	case !s.expire(h, provider, to):
		return problem("to", "%s has no thread with %s", from, to)
	}
	return nil
}

func (s *Stage) expire(h *handset, provider, to string) (found bool) {
	for _, t := range h.threads {
		if (to == "" || t.sender.Address == to) && (provider == "" || t.provider == provider) {
			t.windowUntil, found = time.Now().Add(-time.Second), true
		}
	}
	if found {
		s.touch(h)
	}
	return found
}
