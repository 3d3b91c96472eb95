package gupshup

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"converse/channels"
	"converse/channels/answer"
)

// FetchMedia opens a file: by the address that the callback gave, which needs no key
// and is given none, or by its id with a partner call. Both only read, so nothing here
// is ambiguous.
func (a Adapter) FetchMedia(ctx context.Context, doer channels.Doer, account channels.Account, reference string) (*http.Response, error) {
	request, err := mediaRequest(ctx, account, reference)
	if err != nil {
		return nil, err
	}
	response, err := doer.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	got := answer.Read(response)
	refused := &channels.Error{
		Reason: unavailable, RetryAfter: got.RetryAfter, Text: fmt.Sprintf("Gupshup did not give the file (HTTP %d).", got.Status),
	}
	switch {
	case got.Status == http.StatusTooManyRequests:
		refused.Reason = throttled
	case got.Status >= 300 && got.Status <= 499 && got.Status != http.StatusRequestTimeout:
		refused.Reason = rejected
	}
	return nil, refused
}

func mediaRequest(ctx context.Context, account channels.Account, reference string) (*http.Request, error) {
	if idPattern.MatchString(reference) {
		return newPartner(ctx, account, http.MethodGet, "/media/"+reference, nil)
	}
	link, err := url.Parse(reference)
	if err != nil || !account.MayOpen(publicAPI, link) {
		return nil, &channels.Error{Reason: rejected, Text: "The file's address is not one that may be opened."}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link.String(), nil)
	if err != nil {
		return nil, &channels.Error{Reason: rejected, Text: "The file's address cannot be read."}
	}
	return request, nil
}
