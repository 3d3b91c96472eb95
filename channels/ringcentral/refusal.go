package ringcentral

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// penalty is how long RingCentral takes no call after too many. Each call made
// meanwhile begins it anew (guide, "Rate limits").
const penalty = time.Minute

// problem is the body of a refusal. The token endpoint adds OAuth's own fields.
type problem struct {
	Code        jsonstrict.Text                `json:"errorCode"`
	Message     string                         `json:"message"`
	Parameter   jsonstrict.Text                `json:"parameterName"`
	Errors      jsonstrict.List[problemDetail] `json:"errors"`
	OAuth       jsonstrict.Text                `json:"error"`
	Description string                         `json:"error_description"`
}

type problemDetail struct {
	Code      jsonstrict.Text `json:"errorCode"`
	Message   string          `json:"message"`
	Parameter jsonstrict.Text `json:"parameterName"`
}

// first is the first detail that can be read.
func (p problem) first() problemDetail {
	for detail, err := range p.Errors.All() {
		if err == nil {
			return detail
		}
	}
	return problemDetail{}
}

// readProblem reads a refusal; readable is false when it is not one of RingCentral's.
func readProblem(a answer.Answer) (said problemDetail, readable bool) {
	var p problem
	if !a.Whole || jsonstrict.Unmarshal(a.Body, &p) != nil {
		return problemDetail{}, false
	}
	said = problemDetail{Code: p.Code, Message: p.Message, Parameter: p.Parameter}
	// The first detail says which parameter it was, and the token endpoint has its codes
	// only there.
	if first := p.first(); said.Code == "" || said.Code == first.Code {
		said = first
	}
	if said.Code == "" {
		said.Code = p.OAuth
	}
	if said.Message == "" {
		said.Message = p.Description
	}
	return said, said.Code != ""
}

// refusal sorts an answer that does not do what was asked. One that was not understood
// may stand for a text that went out, so only a documented code, or a status that
// comes before any work, says otherwise.
func refusal(a answer.Answer, secrets []string) *channels.Error {
	said, readable := readProblem(a)
	refused := &channels.Error{
		Reason:     reason(a, said, readable),
		Code:       answer.Words(string(said.Code), secrets),
		Text:       cmp.Or(answer.Words(said.Message, secrets), a.Silence("RingCentral", true, "was not understood")),
		RetryAfter: a.RetryAfter,
	}
	if refused.Reason == channels.ReasonThrottled && refused.RetryAfter == 0 {
		refused.RetryAfter = penalty
	}
	return refused
}

func reason(a answer.Answer, said problemDetail, readable bool) channels.Reason {
	code := string(said.Code)
	switch {
	case a.Status == http.StatusTooManyRequests:
		return channels.ReasonThrottled
	case a.Status == http.StatusUnauthorized:
		// All codes of the group OAU are about the token: expired, revoked, unknown.
		return channels.ReasonTokenExpired
	case a.Status == http.StatusServiceUnavailable && a.RetryAfter > 0:
		// Asked to come again, as the guide says of an overload: nothing was taken.
		return channels.ReasonUnavailable
	case !readable:
		return unread(a)
	case code == "CMN-101" && strings.HasPrefix(string(said.Parameter), "to"):
		return channels.ReasonInvalidRecipient
	}
	if known, ok := calls[code]; ok && a.Status >= 400 && a.Status <= 499 {
		return known.reason
	}
	if a.Status >= 400 && a.Status <= 499 && a.Status != http.StatusRequestTimeout {
		return channels.ReasonRejected
	}
	return channels.ReasonAmbiguous
}

// unread sorts an answer that is none of RingCentral's refusals.
func unread(a answer.Answer) channels.Reason {
	switch {
	case !a.Whole, a.Status == http.StatusRequestTimeout:
		return channels.ReasonAmbiguous
	case a.Status >= 400 && a.Status <= 499, a.OK() && !a.Empty():
		return channels.ReasonMalformed
	}
	return channels.ReasonAmbiguous
}
