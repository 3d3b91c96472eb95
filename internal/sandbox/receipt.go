package sandbox

import (
	"fmt"
	"net/http"
	"slices"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// postReceipt posts a receipt now, whatever the phone does and whatever came
// before, for a message named by the hub's reference or the provider's id. With
// from and to it reports on a message that was never sent from here.
func (s *Sandbox) postReceipt(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Reference string      `json:"reference"`
		Status    chat.Status `json:"status"`
		ErrorCode string      `json:"errorCode"`
		Times     int         `json:"times"`
		Timestamp moment      `json:"timestamp"`
		Provider  string      `json:"provider"`
		From      string      `json:"from"`
		To        string      `json:"to"`
	}
	if !read(w, r, &body) {
		return
	}
	states := []chat.Status{chat.StatusSent, chat.StatusDelivered, chat.StatusRead, chat.StatusFailed}
	switch {
	case body.Reference == "":
		writeError(w, http.StatusBadRequest, "reference", "reference is missing")
		return
	case !slices.Contains(states, body.Status):
		writeError(w, http.StatusBadRequest, "status", fmt.Sprintf("status must be one of %v", states))
		return
	case body.Times < 0 || body.Times > maxTimes:
		writeError(w, http.StatusBadRequest, "times", fmt.Sprintf("times must be from 1 to %d", maxTimes))
		return
	}
	receipt := stage.Receipt{
		Reference: body.Reference, Status: body.Status, Code: body.ErrorCode, At: body.Timestamp.Time,
		Times: max(1, body.Times), Provider: body.Provider, From: address(body.From), To: address(body.To),
	}
	tally := newTally(receipt.Times)
	id, posted, err := s.stage.SendReceipt(receipt, tally.add)
	if err != nil {
		refuse(w, err)
		return
	}
	if !posted {
		writeError(w, http.StatusBadRequest, "status",
			"the provider never reports this status, or the account has no webhook address")
		return
	}
	s.answer(w, r, tally, []string{id})
}
