package whatsappcloud

import (
	"cmp"
	"net/http"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// sendAnswer is what Graph answers to a send: the ids of what it took, or an error.
type sendAnswer struct {
	Messages []struct {
		ID jsonstrict.Text `json:"id"`
	} `json:"messages"`
	Error graphError `json:"error"`
}

// refusal sorts an answer that holds no message id. An answer that was not
// understood may stand for a message that went out, so only a documented code, or
// a status that comes before any work is done, says otherwise.
func refusal(a answer.Answer, said graphError, unreadable bool, secrets []string) *channels.Error {
	refused := &channels.Error{
		Reason:     reason(a, said, unreadable),
		Code:       answer.Words(said.code(), secrets),
		Text:       cmp.Or(answer.Words(said.words(), secrets), a.Silence("WhatsApp", !unreadable, "holds no id")),
		RetryAfter: a.RetryAfter,
	}
	return refused
}

func reason(a answer.Answer, said graphError, unreadable bool) channels.Reason {
	if known, ok := lookup(said.code()); ok {
		return known.reason
	}
	refused := a.Status >= 400 && a.Status <= 499
	switch {
	case a.Status == http.StatusTooManyRequests:
		return throttled
	case a.Status == http.StatusUnauthorized:
		return badCredentials
	case !a.Whole, a.Status == http.StatusRequestTimeout:
		return ambiguous
	case refused && said.Code != "":
		return rejected
	case refused, a.OK() && unreadable:
		return channels.ReasonMalformed
	}
	return ambiguous
}
