package twilio

import (
	"cmp"
	"net/http"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// said is what Twilio answers: something that exists now, or an error.
type said struct {
	SID    jsonstrict.Text `json:"sid"`
	Status jsonstrict.Text `json:"status"`
	// Code and Message are those of a refusal; status is then HTTP's.
	Code    jsonstrict.Text `json:"code"`
	Message jsonstrict.Text `json:"message"`
	// ErrorCode and ErrorMessage are those of a message that has failed already.
	ErrorCode    jsonstrict.Text `json:"error_code"`
	ErrorMessage jsonstrict.Text `json:"error_message"`
}

// readSaid reads an answer; false when it is no object of this shape.
func readSaid(a answer.Answer) (said, bool) {
	var s said
	if !a.Whole || a.Empty() || jsonstrict.Unmarshal(a.Body, &s) != nil {
		return said{}, false
	}
	return s, true
}

// refusal sorts an answer that does not give what was asked for. One that was not
// understood may stand for a message that went out, so only a code, or a status that
// comes before any work is done, says otherwise.
func refusal(a answer.Answer, s said, readable bool, secrets []string) *channels.Error {
	refused := &channels.Error{
		Reason:     reason(a, s, readable),
		Code:       answer.Words(string(s.Code), secrets),
		Text:       cmp.Or(answer.Words(string(s.Message), secrets), a.Silence("Twilio", readable, "holds no id")),
		RetryAfter: a.RetryAfter,
	}
	return refused
}

func reason(a answer.Answer, s said, readable bool) channels.Reason {
	if known, ok := lookup(string(s.Code)); ok && !a.OK() {
		return known.reason
	}
	refused := a.Status >= 400 && a.Status <= 499
	switch {
	case a.Status == http.StatusTooManyRequests:
		return throttled
	case a.Status == http.StatusUnauthorized, a.Status == http.StatusForbidden:
		return badCredentials
	case !a.Whole, a.Status == http.StatusRequestTimeout:
		return channels.ReasonAmbiguous
	case refused && s.Code != "":
		return rejected
	case refused, a.OK() && !readable && !a.Empty():
		return channels.ReasonMalformed
	}
	return channels.ReasonAmbiguous
}

// asked classifies the refusal of a call that only reads, or that a lead sees nothing
// of: it may be repeated, so nothing about it is ambiguous.
func asked(a answer.Answer, secrets []string) *channels.Error {
	s, readable := readSaid(a)
	refused := refusal(a, s, readable, secrets)
	switch {
	case refused.Reason != channels.ReasonAmbiguous && refused.Reason != channels.ReasonMalformed:
	case a.Whole && a.Status >= 300 && a.Status <= 499 && a.Status != http.StatusRequestTimeout:
		refused.Reason = rejected
	default:
		refused.Reason = channels.ReasonUnavailable
	}
	return refused
}
