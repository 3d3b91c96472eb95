package sandbox

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"converse/internal/sandbox/stage"
)

const (
	// maxViewers bounds how many handset pages are open at the same time.
	maxViewers = 64
	// gather is how long changes are collected before a page is told, so that a
	// campaign reaches it as a few events and not as thousands.
	gather = 40 * time.Millisecond
	// beat keeps proxies from closing a quiet stream.
	beat = 15 * time.Second
	// patience is how long a page may take to read one event before it is let go.
	patience = 10 * time.Second
)

// getEvents is the stream of server-sent events of one open page: "hello" with the
// page's token, then "rows" with the phones that changed.
func (s *Sandbox) getEvents(w http.ResponseWriter, r *http.Request) {
	watcher := s.stage.Watch()
	defer watcher.Close()
	viewer := rand.Text()
	if !s.admit(viewer, watcher) {
		writeError(w, http.StatusTooManyRequests, "", "too many handset pages are open")
		return
	}
	defer s.dismiss(viewer)

	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	if !emit(w, out, "hello", map[string]string{"viewer": viewer}) {
		return
	}
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-s.stage.Closing():
			return
		case <-ticker.C:
			if !say(w, out, ": still here\n\n") {
				return
			}
		case <-watcher.Wake():
			if !s.tell(w, out, r, watcher) {
				return
			}
		}
	}
}

// tell writes what has changed; false when the page has gone.
func (s *Sandbox) tell(w http.ResponseWriter, out *http.ResponseController, r *http.Request, watcher *stage.Watcher) bool {
	timer := time.NewTimer(gather)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
		return false
	case <-s.stage.Closing():
		return false
	}
	ids, all := watcher.Take()
	return emit(w, out, "rows", struct {
		Rows []stage.HandsetRow `json:"rows"`
		All  bool               `json:"all"`
	}{s.stage.Rows(ids), all})
}

func emit(w http.ResponseWriter, out *http.ResponseController, name string, value any) bool {
	data, err := json.Marshal(value)
	if err != nil {
		return false
	}
	return say(w, out, fmt.Sprintf("event: %s\ndata: %s\n\n", name, data))
}

// say writes to the stream; false when the page has gone or does not read.
func say(w http.ResponseWriter, out *http.ResponseController, text string) bool {
	_ = out.SetWriteDeadline(time.Now().Add(patience)) // not every server has one
	_, err := io.WriteString(w, text)
	return err == nil && out.Flush() == nil
}

func (s *Sandbox) admit(viewer string, watcher *stage.Watcher) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.viewers) >= maxViewers {
		return false
	}
	s.viewers[viewer] = watcher
	return true
}

func (s *Sandbox) dismiss(viewer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.viewers, viewer)
}
