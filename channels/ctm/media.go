package ctm

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"converse/channels"
	"converse/channels/answer"
)

// FetchMedia opens the address that a text announced. The address comes from a
// webhook that may be unsigned, so the account's keys go only to the API's own
// host, and nothing is opened in clear text unless the API itself is, as in a
// sandbox. It only reads, so nothing here is ambiguous.
func (a Adapter) FetchMedia(ctx context.Context, doer channels.Doer, account channels.Account, reference string) (*http.Response, error) {
	address, err := url.Parse(reference)
	if err != nil || !account.MayOpen(publicBaseURL, address) {
		return nil, &channels.Error{Reason: channels.ReasonRejected, Text: "The file's address is not one that is opened."}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, &channels.Error{Reason: channels.ReasonRejected, Text: "The file's address cannot be read."}
	}
	api, err := url.Parse(account.API(publicBaseURL))
	authorized := err == nil && strings.EqualFold(api.Host, address.Host) && api.Scheme == address.Scheme
	if authorized {
		request.SetBasicAuth(account.Secrets[SecretAccessKey], account.Secrets[SecretKey])
	}
	response, err := doer.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	refused := answer.Read(response)
	return nil, &channels.Error{
		Reason:     mediaReason(refused.Status, authorized),
		Text:       fmt.Sprintf("The file was not given (HTTP %d).", refused.Status),
		RetryAfter: refused.RetryAfter,
	}
}

func mediaReason(status int, authorized bool) channels.Reason {
	switch {
	case status == http.StatusTooManyRequests:
		return channels.ReasonThrottled
	case authorized && (status == http.StatusUnauthorized || status == http.StatusForbidden):
		return channels.ReasonBadCredentials
	case status >= 300 && status <= 499 && status != http.StatusRequestTimeout:
		return channels.ReasonRejected
	}
	return channels.ReasonUnavailable
}
