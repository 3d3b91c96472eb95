package stage

import (
	"maps"
	"math"
	"net/http"
	"strconv"
	"time"

	"converse/internal/sandbox/fault"
)

// Answer is what a provider answers to a call.
type Answer struct {
	Status      int
	ContentType string
	Header      http.Header
	Body        []byte
	// Code is the provider's own code of a refusal, for the journal. May be empty.
	Code string
}

func (a Answer) write(w http.ResponseWriter) {
	a.head(w)
	_, _ = w.Write(a.Body)
}

func (a Answer) head(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.Header)
	w.Header().Set("Content-Type", a.ContentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
	w.WriteHeader(a.Status)
}

// Write answers a call that is not a send call.
func (a Answer) Write(w http.ResponseWriter) { a.write(w) }

func (a Answer) retryAfter(span time.Duration) Answer {
	if span > 0 {
		a.Header = a.Header.Clone()
		if a.Header == nil {
			a.Header = http.Header{}
		}
		a.Header.Set("Retry-After", strconv.Itoa(int(math.Ceil(span.Seconds()))))
	}
	return a
}

// redirect points back at the same path, so that a client that follows it shows
// up in the journal a second time.
func redirect(status int, path string) Answer {
	return Answer{
		Status: status, ContentType: "text/html; charset=utf-8",
		Header: http.Header{"Location": {path + "?moved=1"}},
		Body:   []byte("<html><head><title>Moved</title></head><body>Moved.</body></html>\n"),
	}
}

// page is what a proxy in front of a provider shows when it is unwell.
func page() Answer {
	return Answer{
		Status: http.StatusOK, ContentType: "text/html; charset=utf-8",
		Body: []byte("<!doctype html>\n<html><head><title>We'll be right back</title></head>" +
			"<body><h1>We'll be right back</h1><p>Our engineers were told.</p></body></html>\n"),
	}
}

// slowly is how long a slow answer takes when the rule does not say.
const slowly = 10 * time.Second

// deliver writes the answer the way the fault wants it.
func (s *Stage) deliver(w http.ResponseWriter, r *http.Request, rule fault.Rule, answer Answer) {
	switch rule.Kind {
	case fault.Hang:
		select {
		case <-r.Context().Done():
		case <-s.closing:
		}
		panic(http.ErrAbortHandler) // closes the connection without an answer
	case fault.Reset:
		reset(w)
	case fault.Cut:
		answer.head(w)
		_, _ = w.Write(answer.Body[:len(answer.Body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case fault.Slow:
		answer.head(w)
		step := rule.Delay(slowly) / time.Duration(max(1, len(answer.Body)))
		for i := range answer.Body {
			_ = http.NewResponseController(w).Flush()
			if !s.pause(r, step) {
				panic(http.ErrAbortHandler)
			}
			_, _ = w.Write(answer.Body[i : i+1])
		}
	default:
		answer.write(w)
	}
}

// reset closes the connection after the request was read, so that the client
// meets an error on a connection that had been fine.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 resets the stream instead
	}
	if tcp, ok := conn.(interface{ SetLinger(int) error }); ok {
		_ = tcp.SetLinger(0) // the client sees a reset and not an orderly end
	}
	_ = conn.Close()
}

// pause waits; false means that the client or the sandbox went away meanwhile.
func (s *Stage) pause(r *http.Request, span time.Duration) bool {
	if span <= 0 {
		return true
	}
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	case <-s.closing:
		return false
	}
}
