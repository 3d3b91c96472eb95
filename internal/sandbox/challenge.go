package sandbox

import (
	"errors"
	"io"
	"net/http"

	"converse/internal/sandbox/stage"
)

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
