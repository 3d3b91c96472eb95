package ringcentral

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"converse/channels"
	"converse/channels/answer"
)

// mediaHost serves attachments (guide, "Receiving SMS"). It takes the access token too.
const mediaHost = "media.ringcentral.com"

// FetchMedia opens the address of an attachment with the token, which goes nowhere but
// to the API's own host and the one for media. It only reads, so nothing here is
// ambiguous.
func (a Adapter) FetchMedia(ctx context.Context, doer channels.Doer, account channels.Account, reference string) (*http.Response, error) {
	if strings.HasPrefix(reference, extension+"/") {
		reference = account.API(publicBaseURL) + reference
	}
	address, err := url.Parse(reference)
	if err != nil || !mayFetch(account, address) {
		return nil, &channels.Error{Reason: channels.ReasonRejected, Text: "The file's address is not one that the token may be sent to."}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, &channels.Error{Reason: channels.ReasonRejected, Text: "The file's address cannot be read."}
	}
	if err := authorize(request, account); err != nil {
		return nil, err
	}
	response, err := doer.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	refused := answer.Read(response)
	return nil, mediaRefusal(refused, repeatable(refusal(refused, a.known(account))))
}

func mayFetch(account channels.Account, address *url.URL) bool {
	if !account.MayOpen(publicBaseURL, address) {
		return false
	}
	api, err := url.Parse(account.API(publicBaseURL))
	return err == nil && address.Scheme == api.Scheme && strings.EqualFold(address.Host, api.Host) ||
		address.Scheme == "https" && strings.EqualFold(address.Host, mediaHost)
}

// mediaRefusal goes by the status where a code of texts would say too much: a file that
// is not given does not stop the connector.
func mediaRefusal(a answer.Answer, refused *channels.Error) *channels.Error {
	switch {
	case refused.Reason == channels.ReasonThrottled, refused.Reason == channels.ReasonTokenExpired:
	case a.Status >= 300 && a.Status <= 499 && a.Status != http.StatusRequestTimeout:
		refused.Reason = channels.ReasonRejected
	default:
		refused.Reason = channels.ReasonUnavailable
	}
	if refused.Code == "" {
		refused.Text = fmt.Sprintf("RingCentral did not give the file (HTTP %d).", a.Status)
	}
	return refused
}
