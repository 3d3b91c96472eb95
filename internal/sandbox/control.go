package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/stage"
)

// controlRoutes is the API for tests.
func (s *Sandbox) controlRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /control/journal", s.getJournal)
	mux.HandleFunc("GET /control/webhooks", s.getWebhooks)
	mux.HandleFunc("GET /control/handsets", s.getHandsets)
	mux.HandleFunc("GET /control/faults", s.getFaults)
	mux.HandleFunc("PUT /control/faults", s.putFault)
	mux.HandleFunc("DELETE /control/faults", s.deleteFaults)
	mux.HandleFunc("POST /control/reply", s.postReply)
	mux.HandleFunc("POST /control/receipt", s.postReceipt)
	mux.HandleFunc("POST /control/media", s.postMedia)
	mux.HandleFunc("POST /control/challenge", s.postChallenge)
	mux.HandleFunc("POST /control/expire-window", s.postExpireWindow)
	mux.HandleFunc("POST /control/silent", s.postSilent)
	mux.HandleFunc("POST /control/reset", s.postReset)
	return mux
}

// getJournal answers every send call, optionally ?provider=, ?to=, ?since=, which
// is a time or the seq of the last call already seen, and ?limit= for the latest only.
func (s *Sandbox) getJournal(w http.ResponseWriter, r *http.Request) {
	query := stage.Query{Provider: r.FormValue("provider"), To: r.FormValue("to")}
	if number, ok := stage.E164(query.To); ok {
		query.To = number
	}
	if since := r.FormValue("since"); since != "" {
		at, err := time.Parse(time.RFC3339Nano, since)
		seq, errSeq := strconv.Atoi(since)
		switch {
		case errSeq == nil:
			query.AfterSeq = seq
		case err == nil:
			query.Since = at
		default:
			writeError(w, http.StatusBadRequest, "since", "since must be a time like 2026-01-31T12:00:00Z or a seq")
			return
		}
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

func (s *Sandbox) getHandsets(w http.ResponseWriter, r *http.Request) {
	limit, ok := limitOf(w, r, 1000)
	if ok {
		write(w, map[string]any{"handsets": s.stage.Handsets(r.FormValue("search"), limit)})
	}
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

func (s *Sandbox) getFaults(w http.ResponseWriter, _ *http.Request) {
	write(w, map[string]any{"faults": s.stage.Faults().Rules(), "kinds": fault.Kinds()})
}

// putFault sets one rule; a share of 0 clears it.
func (s *Sandbox) putFault(w http.ResponseWriter, r *http.Request) {
	var rule fault.Rule
	if !read(w, r, &rule) {
		return
	}
	if rule.Provider != "" {
		if _, known := s.stage.Side(rule.Provider); !known {
			writeError(w, http.StatusBadRequest, "provider", "provider "+strconv.Quote(rule.Provider)+" is not played here")
			return
		}
	}
	if rule.Handset != "" {
		rule.Handset = s.stage.HandsetID(address(rule.Handset))
	}
	if err := s.stage.Faults().Put(rule); err != nil {
		refuse(w, err)
		return
	}
	s.getFaults(w, r)
}

func (s *Sandbox) deleteFaults(w http.ResponseWriter, r *http.Request) {
	s.stage.Faults().Clear()
	s.getFaults(w, r)
}

// postExpireWindow closes the service window of our number `to` toward the lead `from`.
func (s *Sandbox) postExpireWindow(w http.ResponseWriter, r *http.Request) {
	var body struct {
		To   string `json:"to"`
		From string `json:"from"`
	}
	if !read(w, r, &body) {
		return
	}
	if err := s.stage.ExpireWindow(address(body.To), address(body.From)); err != nil {
		refuse(w, err)
		return
	}
	write(w, struct{}{})
}

// postSilent stops and resumes the receipts of a lead's phone. A phone that is
// not there yet is made, so that it is silent from its first message on.
func (s *Sandbox) postSilent(w http.ResponseWriter, r *http.Request) {
	var body struct {
		From   string `json:"from"`
		Silent bool   `json:"silent"`
	}
	if !read(w, r, &body) {
		return
	}
	lead := stage.Lead{Phone: body.From}
	if stage.IsUserID(body.From) {
		lead = stage.Lead{WhatsAppID: body.From}
	}
	id, err := s.stage.Introduce(lead)
	if err != nil {
		writeError(w, http.StatusBadRequest, "from", "from must be a number such as +12025550123 or a WhatsApp user id")
		return
	}
	s.stage.Switch(id, stage.Switches{Silent: &body.Silent})
	write(w, map[string]any{"id": id, "silent": body.Silent})
}

// postReset forgets everything but accounts and media.
func (s *Sandbox) postReset(w http.ResponseWriter, _ *http.Request) {
	s.stage.Reset()
	write(w, struct{}{})
}

// postChallenge plays the handshake that follows the registration of a webhook.
func (s *Sandbox) postChallenge(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Provider  string `json:"provider"`
		AccountID string `json:"accountId"`
	}
	if !read(w, r, &body) {
		return
	}
	side, known := s.stage.Side(body.Provider)
	challenger, able := side.(stage.Challenger)
	if !known || !able {
		writeError(w, http.StatusBadRequest, "provider", "provider must be one with a handshake")
		return
	}
	for _, account := range s.stage.Accounts() {
		if account.Provider == body.Provider && (body.AccountID == "" || body.AccountID == account.AccountID) {
			s.challenge(w, r, challenger, account)
			return
		}
	}
	writeError(w, http.StatusBadRequest, "accountId", "there is no such account")
}

func (s *Sandbox) challenge(w http.ResponseWriter, r *http.Request, with stage.Challenger, account *Account) {
	if account.WebhookURL == "" {
		refuse(w, &stage.Problem{Field: "accountId", Text: "has no webhookUrl yet"})
		return
	}
	request, want, err := with.Challenge(account)
	if err != nil {
		refuse(w, err)
		return
	}
	out := struct {
		OK     bool   `json:"ok"`
		Status int    `json:"status"`
		Want   string `json:"want"`
		Got    string `json:"got"`
		Error  string `json:"error,omitempty"`
	}{Want: want}
	response, err := s.stage.Office().Client().Do(request.WithContext(r.Context()))
	if err != nil {
		out.Error = errors.Unwrap(err).Error()
		write(w, out)
		return
	}
	defer func() { _ = response.Body.Close() }()
	answer, _ := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	out.Status, out.Got = response.StatusCode, string(answer)
	out.OK = out.Status == http.StatusOK && out.Got == want
	write(w, out)
}

// address reads a number in any form, and leaves anything else as it is.
func address(text string) string {
	if number, ok := stage.E164(text); ok {
		return number
	}
	return text
}
