package whatsappcloud

import (
	"context"
	"fmt"
	"net/http"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// failing is an answer that may be an error.
type failing interface{ failed() graphError }

// orError is embedded in answers.
type orError struct {
	Error graphError `json:"error"`
}

func (o orError) failed() graphError { return o.Error }

// ask makes a call that may be repeated, and reads its answer into one.
func ask[T failing](ctx context.Context, doer channels.Doer, account channels.Account, method, address, what string) (T, error) {
	var said T
	request, err := newRequest(ctx, account, method, address, nil)
	if err != nil {
		return said, err
	}
	got, err := answer.Of(doer, request)
	if err != nil {
		return said, err
	}
	readable := got.Whole && jsonstrict.Unmarshal(got.Body, &said) == nil
	if !got.OK() || !readable || said.failed().Code != "" {
		return said, readRefusal(got, said.failed(), what, Adapter{}.Secrets(account))
	}
	return said, nil
}

// readRefusal sorts the answer to a call that may be repeated, so that nothing is
// ambiguous: what may pass is unavailable. what is what Meta did not do.
func readRefusal(a answer.Answer, said graphError, what string, secrets []string) *channels.Error {
	refused := &channels.Error{
		Reason:     unavailable,
		Code:       answer.Words(said.code(), secrets),
		Text:       answer.Words(said.words(), secrets),
		RetryAfter: a.RetryAfter,
	}
	if refused.Text == "" {
		refused.Text = fmt.Sprintf("WhatsApp did not %s (HTTP %d).", what, a.Status)
	}
	known, ok := lookup(said.code())
	switch {
	case ok && known.reason != ambiguous:
		refused.Reason = known.reason
	case ok:
	case a.Status == http.StatusTooManyRequests:
		refused.Reason = throttled
	case a.Status == http.StatusUnauthorized:
		refused.Reason = badCredentials
	case a.Status >= 300 && a.Status <= 499 && a.Status != http.StatusRequestTimeout:
		refused.Reason = rejected
	}
	return refused
}
