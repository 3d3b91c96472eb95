package sandbox

import (
	"net/http"

	"converse/internal/sandbox/stage"
)

// postNotice has a provider tell of one of our numbers, or of its account.
func (s *Sandbox) postNotice(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Provider string       `json:"provider"`
		To       string       `json:"to"`
		What     stage.Notice `json:"what"`
	}
	if !read(w, r, &body) {
		return
	}
	tally := newTally(1)
	posted, err := s.stage.Notify(body.Provider, address(body.To), body.What, tally.add)
	s.report(w, r, tally, "", posted, err)
}

// postConsent has a lead say by the provider's own means whether we may write to them.
func (s *Sandbox) postConsent(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Provider string `json:"provider"`
		To       string `json:"to"`
		From     string `json:"from"`
		OptedOut *bool  `json:"optedOut"`
	}
	if !read(w, r, &body) {
		return
	}
	if body.OptedOut == nil {
		writeError(w, http.StatusBadRequest, "optedOut", "optedOut is missing: true to leave, false to come back")
		return
	}
	tally := newTally(1)
	posted, err := s.stage.Consent(body.Provider, address(body.To), body.From, *body.OptedOut, tally.add)
	s.report(w, r, tally, "", posted, err)
}

// postMove gives a lead another number, of which the provider tells.
func (s *Sandbox) postMove(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Provider  string `json:"provider"`
		To        string `json:"to"`
		From      string `json:"from"`
		NewNumber string `json:"newNumber"`
	}
	if !read(w, r, &body) {
		return
	}
	tally := newTally(1)
	id, posted, err := s.stage.Move(body.Provider, address(body.To), body.From, body.NewNumber, tally.add)
	s.report(w, r, tally, id, posted, err)
}

// report answers how the hub took the one webhook of a call.
func (s *Sandbox) report(w http.ResponseWriter, r *http.Request, tally *tally, id string, posted bool, err error) {
	if err != nil {
		refuse(w, err)
		return
	}
	if !posted {
		tally.skip(1)
	}
	s.answer(w, r, tally, []string{id})
}
