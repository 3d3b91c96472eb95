package stage

import (
	"net/http"
	"time"
)

// otherCalls is how many calls other than send calls the journal keeps.
const otherCalls = 5000

// witness sees how a call is answered, and whether it was a send call.
type witness struct {
	http.ResponseWriter
	status int
	sends  bool
}

// WriteHeader notes the status.
func (w *witness) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets faults get at the connection.
func (w *witness) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// sends marks the call that is answered by w as a send call.
func sends(w http.ResponseWriter) {
	if seen, ok := w.(*witness); ok {
		seen.sends = true
	}
}

// Serve has a side answer a call. Send calls get into the journal by Perform and
// Refuse, and all others here.
func (s *Stage) Serve(side Side, w http.ResponseWriter, r *http.Request) {
	seen := &witness{ResponseWriter: w, status: http.StatusOK}
	call := Call{Time: time.Now(), Provider: side.Traits().Provider, Method: r.Method, Path: r.URL.Path}
	side.ServeHTTP(seen, r)
	if seen.sends {
		return
	}
	call.Status = CallStatus(seen.status)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.others.add(call)
}
