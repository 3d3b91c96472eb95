package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"converse/internal/sandbox/stage"
)

// queryOf reads which calls are asked for; false means that the request has been
// answered.
func queryOf(w http.ResponseWriter, r *http.Request) (stage.Query, bool) {
	query := stage.Query{Provider: r.FormValue("provider"), To: address(r.FormValue("to")), All: r.FormValue("all") == "1"}
	since := r.FormValue("since")
	if since == "" {
		return query, true
	}
	at, err := time.Parse(time.RFC3339Nano, since)
	seq, errSeq := strconv.Atoi(since)
	switch {
	case errSeq == nil:
		query.AfterSeq = seq
	case err == nil:
		query.Since = at
	default:
		writeError(w, http.StatusBadRequest, "since", "since must be a time like 2026-01-31T12:00:00Z or a seq")
		return query, false
	}
	return query, true
}

func (s *Sandbox) getJournal(w http.ResponseWriter, r *http.Request) {
	query, ok := queryOf(w, r)
	if !ok {
		return
	}
	calls := s.stage.Calls(query)
	limit, ok := limitOf(w, r, len(calls))
	if !ok {
		return
	}
	calls = calls[max(0, len(calls)-limit):]
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	// Written one by one: a campaign's journal is large.
	encoder := json.NewEncoder(w)
	_, _ = io.WriteString(w, `{"calls":[`)
	for i, call := range calls {
		if i > 0 {
			_, _ = io.WriteString(w, ",")
		}
		if err := encoder.Encode(call); err != nil {
			return // the caller has gone
		}
	}
	_, _ = io.WriteString(w, "]}\n")
}

func (s *Sandbox) getCounts(w http.ResponseWriter, r *http.Request) {
	query, ok := queryOf(w, r)
	if !ok {
		return
	}
	counts := s.stage.Counts(query)
	repeated := 0
	for _, c := range counts {
		if c.Accepted > 1 {
			repeated++
		}
	}
	write(w, map[string]any{"counts": counts, "repeated": repeated})
}

// getWebhooks answers the latest webhooks posted, with the hub's answers,
// optionally only the last ?limit=.
func (s *Sandbox) getWebhooks(w http.ResponseWriter, r *http.Request) {
	entries, total := s.stage.Office().Log().Entries()
	limit, ok := limitOf(w, r, len(entries))
	if !ok {
		return
	}
	entries = entries[max(0, len(entries)-limit):]
	write(w, map[string]any{"webhooks": entries, "total": total, "outstanding": s.stage.Outstanding()})
}

// limitOf reads ?limit=; false means that the request has been answered.
func limitOf(w http.ResponseWriter, r *http.Request, otherwise int) (int, bool) {
	text := r.FormValue("limit")
	if text == "" {
		return otherwise, true
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		writeError(w, http.StatusBadRequest, "limit", "limit must be a number above 0")
		return 0, false
	}
	return number, true
}
