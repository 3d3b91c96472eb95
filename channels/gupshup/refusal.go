package gupshup

import (
	"fmt"
	"net/http"

	"converse/channels"
	"converse/channels/answer"
)

// refusal sorts an answer that holds no message id. An answer that was not understood
// may stand for a message that went out, so only a documented refusal, or a status that
// comes before any work is done, says otherwise.
func refusal(a answer.Answer, status, message string, readable bool, secrets []string) *channels.Error {
	refused := &channels.Error{Text: answer.Words(message, secrets), RetryAfter: a.RetryAfter}
	known, documented := meanings[refused.Text]
	if documented {
		refused.Code = refused.Text
	}
	refused.Reason = reason(a, readable, status == "error")
	if documented && readable && (a.Status >= 400 && a.Status <= 499 || a.OK() && status == "error") {
		refused.Reason = known.reason
	}
	switch {
	case refused.Text != "":
	case !a.Whole:
		refused.Text = fmt.Sprintf("The answer broke off (HTTP %d).", a.Status)
	case a.Empty():
		refused.Text = fmt.Sprintf("Gupshup answered HTTP %d without a word.", a.Status)
	case !readable:
		refused.Text = fmt.Sprintf("The answer was not understood (HTTP %d).", a.Status)
	case a.OK():
		refused.Text = fmt.Sprintf("The answer holds no message id (HTTP %d).", a.Status)
	default:
		refused.Text = fmt.Sprintf("Gupshup answered HTTP %d without a reason.", a.Status)
	}
	return refused
}

func reason(a answer.Answer, readable, saysError bool) channels.Reason {
	refused := a.Status >= 400 && a.Status <= 499
	switch {
	case a.Status == http.StatusTooManyRequests:
		return throttled
	case a.Status == http.StatusUnauthorized, a.Status == http.StatusForbidden:
		return badCredentials
	case !a.Whole, a.Status == http.StatusRequestTimeout:
		return ambiguous
	case (refused || a.OK()) && readable && saysError:
		return rejected
	case refused, a.OK() && !readable && !a.Empty():
		return channels.ReasonMalformed
	}
	return ambiguous
}
