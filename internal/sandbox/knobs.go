package sandbox

import (
	"fmt"
	"net/http"

	"converse/internal/sandbox/fault"
	"converse/internal/sandbox/stage"
)

func (s *Sandbox) getFaults(w http.ResponseWriter, _ *http.Request) {
	write(w, map[string]any{"faults": s.stage.Faults().Rules(), "kinds": fault.Kinds()})
}

// putFault sets one rule; a share of 0 clears it.
func (s *Sandbox) putFault(w http.ResponseWriter, r *http.Request) {
	var body struct {
		fault.Rule
		// Share hides the rule's: to leave it out is a mistake, and not 0.
		Share *float64 `json:"share"`
	}
	if !read(w, r, &body) {
		return
	}
	if body.Share == nil {
		writeError(w, http.StatusBadRequest, "share", "share is missing: 1 is always, 0 removes the fault")
		return
	}
	rule := body.Rule
	rule.Share = *body.Share
	if rule.Provider != "" && !s.plays(w, "provider", rule.Provider) {
		return
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

// plays reports whether a provider is played here; false means that the request has
// been answered.
func (s *Sandbox) plays(w http.ResponseWriter, field, provider string) bool {
	if _, known := s.stage.Side(provider); known {
		return true
	}
	var names []string
	for _, side := range s.stage.Sides() {
		names = append(names, side.Traits().Provider)
	}
	writeError(w, http.StatusBadRequest, field, fmt.Sprintf("%s must be one of %v", field, names))
	return false
}

func (s *Sandbox) deleteFaults(w http.ResponseWriter, r *http.Request) {
	s.stage.Faults().Clear()
	s.getFaults(w, r)
}

func (s *Sandbox) postExpireWindow(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Provider string `json:"provider"`
		To       string `json:"to"`
		From     string `json:"from"`
	}
	if !read(w, r, &body) {
		return
	}
	if body.Provider != "" && !s.plays(w, "provider", body.Provider) {
		return
	}
	if err := s.stage.ExpireWindow(body.Provider, address(body.To), address(body.From)); err != nil {
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
