package gupshup

import (
	"cmp"
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
	refused.Text = cmp.Or(refused.Text, a.Silence("Gupshup", readable, "holds no message id"))
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
