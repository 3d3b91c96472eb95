package whatsappcloud

import (
	"context"
	"net/http"
	"net/url"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
)

// mediaAnswer is what Graph knows about a file.
type mediaAnswer struct {
	URL   string     `json:"url"`
	Error graphError `json:"error"`
}

// giveFile is what Meta did not do when a file cannot be had.
const giveFile = "give the file"

// FetchMedia opens a file by its media id: one call finds its address, which lives
// five minutes, and one opens that with the same token (Meta, "Media"). Both only
// read, so nothing here is ambiguous: what may pass is unavailable.
func (a Adapter) FetchMedia(ctx context.Context, doer channels.Doer, account channels.Account, reference string) (*http.Response, error) {
	secrets := a.Secrets(account)
	if !idPattern.MatchString(reference) {
		return nil, &channels.Error{Reason: rejected, Text: "The file's id is not one of WhatsApp's."}
	}
	address, err := endpoint(account, reference, "")
	if err != nil {
		return nil, err
	}
	address, err = findMedia(ctx, doer, account, address, secrets)
	if err != nil {
		return nil, err
	}
	request, err := newRequest(ctx, account, http.MethodGet, address, nil)
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
	refused := readRefusal(answer.Read(response), graphError{}, giveFile, secrets)
	if response.StatusCode == http.StatusNotFound {
		// The address is too old, not the file; the next attempt gets a new one.
		refused.Reason = unavailable
	}
	return nil, refused
}

func findMedia(ctx context.Context, doer channels.Doer, account channels.Account, address string, secrets []string) (string, error) {
	request, err := newRequest(ctx, account, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	got, err := answer.Of(doer, request)
	if err != nil {
		return "", err
	}
	var said mediaAnswer
	readable := got.Whole && jsonstrict.Unmarshal(got.Body, &said) == nil
	if !got.OK() || !readable || said.URL == "" {
		return "", readRefusal(got, said.Error, giveFile, secrets)
	}
	// The token goes along to that address.
	if link, err := url.Parse(said.URL); err != nil || !account.MayOpen(publicBaseURL, link) {
		return "", &channels.Error{Reason: rejected, Text: "The file's address is not one that the token may be sent to."}
	}
	return said.URL, nil
}
