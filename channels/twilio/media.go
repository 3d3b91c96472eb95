package twilio

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// Limits of files (Twilio, "Accepted content types for media" and the Messages API,
// "MediaUrl"). Megabytes are taken for the smaller ones.
const (
	maxFiles        = 10
	maxMMS          = 5_000_000
	maxWhatsApp     = 16_000_000
	maxWhatsAppShot = 5_000_000
	// maxCaption is WhatsApp's, shorter than Twilio's Body.
	maxCaption = 1024
)

// noLink refuses a file that Twilio could not fetch.
func noLink() *channels.Error {
	return &channels.Error{Reason: rejected, Text: "The file has no public link that Twilio could fetch it by."}
}

// mediaRules are what each channel carries. An MMS takes the three types that Twilio
// converts to what the lead's phone can show; every other one is passed on as it is, and
// carriers drop it above about 600 KB. WhatsApp takes the product's own list, one file at
// a time.
func mediaRules() []channels.MediaRule {
	whatsApp := func(kind chat.MessageKind, size int64, caption int, types ...string) channels.MediaRule {
		return channels.MediaRule{Channel: chat.ChannelWhatsApp, Kind: kind, PerMessage: 1, Types: types, MaxBytes: size, Caption: caption}
	}
	return []channels.MediaRule{
		{
			Channel: chat.ChannelSMS, Kind: chat.KindImage, Types: []string{"image/jpeg", "image/png", "image/gif"},
			MaxBytes: maxMMS, Caption: maxText,
		},
		whatsApp(chat.KindImage, maxWhatsAppShot, maxCaption, "image/jpeg", "image/png"),
		whatsApp(chat.KindVideo, maxWhatsApp, maxCaption, "video/mp4", "video/3gpp"),
		whatsApp(chat.KindAudio, maxWhatsApp, 0, "audio/aac", "audio/x-aac", "audio/mpeg"),
		whatsApp(chat.KindDocument, maxWhatsApp, 0,
			"application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
	}
}

// attach names the links of the message's files. Together those of an MMS may have
// 5 MB, which no rule for a single file can say.
func attach(form url.Values, message channels.Outgoing) *channels.Error {
	switch count := len(message.Media); {
	case count > maxFiles:
		return &channels.Error{Reason: rejected, Text: fmt.Sprintf("One message takes at most %d files.", maxFiles)}
	case count > 1 && message.From.Channel == chat.ChannelWhatsApp:
		return &channels.Error{Reason: rejected, Text: "One WhatsApp message takes one file."}
	}
	total := int64(0)
	for _, file := range message.Media {
		if file.URL == "" {
			return noLink()
		}
		form.Add("MediaUrl", file.URL)
		total += file.Size
	}
	if message.From.Channel == chat.ChannelSMS && total > maxMMS {
		return &channels.Error{Reason: rejected, Text: "The files of one MMS may have 5 MB together."}
	}
	return nil
}

// FetchMedia opens a file by its address, or by its place in the list of a message's
// files, as a poll tells it. Twilio answers with a redirect to storage whose address is
// the key: the account's credentials go to the API's own host alone, and never along.
// All of it only reads, so nothing here is ambiguous.
func (a Adapter) FetchMedia(ctx context.Context, doer channels.Doer, account channels.Account, reference string) (*http.Response, error) {
	address, number, listed := strings.Cut(reference, "#")
	if listed {
		found, err := a.findMedia(ctx, doer, account, address, number)
		if err != nil {
			return nil, err
		}
		address = found
	}
	response, err := a.open(ctx, doer, account, address)
	if err != nil || response.StatusCode < 300 || response.StatusCode > 399 {
		return a.opened(account, response, err)
	}
	_ = response.Body.Close() // a redirect says everything in its head
	next, ok := target(address, response.Header.Get("Location"))
	if !ok {
		return nil, &channels.Error{Reason: rejected, Text: "Twilio does not say where the file is."}
	}
	response, err = a.get(ctx, doer, account, next, false)
	if err == nil && (response.StatusCode == http.StatusForbidden || response.StatusCode == http.StatusNotFound) {
		_ = response.Body.Close() // storage's words on a link that ran out
		// The link is too old, not the file; the next attempt gets a new one.
		return nil, &channels.Error{Reason: channels.ReasonUnavailable, Text: "The file's link does not work any more."}
	}
	return a.opened(account, response, err)
}

// target is where a redirect leads to.
func target(from, location string) (*url.URL, bool) {
	base, err := url.Parse(from)
	if err != nil || location == "" {
		return nil, false
	}
	next, err := base.Parse(location)
	return next, err == nil
}

// open makes the first call, with the credentials where it goes to the API.
func (a Adapter) open(ctx context.Context, doer channels.Doer, account channels.Account, address string) (*http.Response, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, &channels.Error{Reason: rejected, Text: "The file's address cannot be read."}
	}
	api, err := url.Parse(account.API(publicAPI))
	known := err == nil && strings.EqualFold(api.Host, parsed.Host) && api.Scheme == parsed.Scheme
	return a.get(ctx, doer, account, parsed, known)
}

func (Adapter) get(ctx context.Context, doer channels.Doer, account channels.Account, address *url.URL, authorized bool) (*http.Response, error) {
	if !account.MayOpen(publicAPI, address) {
		return nil, &channels.Error{Reason: rejected, Text: "The file's address is not one that is opened."}
	}
	request, err := newRequest(ctx, account, http.MethodGet, address.String(), "")
	if err != nil {
		return nil, err
	}
	if !authorized {
		request.Header.Del("Authorization")
	}
	return doer.Do(request)
}

// opened is the file, or why there is none.
func (a Adapter) opened(account channels.Account, response *http.Response, err error) (*http.Response, error) {
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	got := answer.Read(response)
	refused := asked(got, a.Secrets(account))
	switch {
	case got.Status == http.StatusNotFound:
		refused.Reason = rejected // 20404: here it is the file that is gone
	case refused.Reason == badCredentials && refused.Code == "":
		// It was not the API that said so: a Doer that follows redirects came to storage.
		refused.Reason = channels.ReasonUnavailable
	}
	return nil, refused
}

// findMedia asks for the list of a message's files, and returns the address of one.
func (a Adapter) findMedia(ctx context.Context, doer channels.Doer, account channels.Account, address, number string) (string, error) {
	base, err := resource(account, "/Messages/")
	if err != nil {
		return "", err
	}
	place, err := strconv.Atoi(number)
	if err != nil || place < 0 || !strings.HasPrefix(address, base) {
		return "", &channels.Error{Reason: rejected, Text: "The file's reference is not one of Twilio's."}
	}
	response, err := a.open(ctx, doer, account, address)              //nolint:bodyclose // opened or answer.Read does
	if response, err = a.opened(account, response, err); err != nil { //nolint:bodyclose // as above
		return "", err
	}
	var list struct {
		Files []struct {
			URI jsonstrict.Text `json:"uri"`
		} `json:"media_list"`
	}
	got := answer.Read(response)
	if !got.Whole || jsonstrict.Unmarshal(got.Body, &list) != nil {
		return "", &channels.Error{Reason: channels.ReasonUnavailable, Text: "Twilio's list of the message's files was not understood."}
	}
	if place >= len(list.Files) || !strings.HasPrefix(string(list.Files[place].URI), "/") {
		return "", &channels.Error{Reason: rejected, Text: "Twilio does not keep this file any more."}
	}
	return account.API(publicAPI) + strings.TrimSuffix(string(list.Files[place].URI), ".json"), nil
}
