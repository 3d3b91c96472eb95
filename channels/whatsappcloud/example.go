package whatsappcloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/channels/parts"
	"converse/internal/chat"
)

// exampleRules are the files that reviewers look at. Their types are those of the upload
// (Meta, "Graph API, Upload a file"), which takes fewer than messages do; their sizes are
// those of messages.
var exampleRules = []channels.MediaRule{
	{Kind: chat.KindImage, Types: []string{"image/jpeg", "image/png"}, MaxBytes: 5 * megabyte},
	{Kind: chat.KindVideo, Types: []string{"video/mp4"}, MaxBytes: 16 * megabyte},
	{Kind: chat.KindDocument, Types: []string{"application/pdf"}, MaxBytes: 100 * megabyte},
}

// ExampleFiles needs the app's id: Meta takes such a file for an app, not for an account.
func (Adapter) ExampleFiles(account channels.Account) ([]channels.MediaRule, error) {
	if account.Settings[SettingAppID] == "" {
		return nil, &channels.Error{
			Reason: unsupported, Text: "The connector has no App ID: Meta takes the example file of a template by the app's id. Enter it in the connector.",
		}
	}
	return exampleRules, nil
}

// mostInterruptions is how often a file is gone on with after its upload broke off.
const mostInterruptions = 5

// handOver gives Meta an example file, and returns the handle that a template names it by
// (Meta, "Graph API, Upload a file"). The file is not held in memory. An upload that breaks
// off is gone on with from where Meta has it, as long as that moves.
func (a Adapter) handOver(ctx context.Context, doer channels.Doer, account channels.Account, file channels.OutgoingMedia) (string, error) {
	if refused := checkExample(account, file); refused != nil {
		return "", refused
	}
	session, err := a.beginUpload(ctx, doer, account, file)
	if err != nil {
		return "", err
	}
	from := int64(0)
	for broken := 0; ; broken++ {
		handle, err := a.sendFile(ctx, doer, account, session, file, from)
		var refused *channels.Error
		if err == nil || errors.As(err, &refused) || broken == mostInterruptions {
			return handle, err
		}
		there, asked := a.uploaded(ctx, doer, account, session)
		// What has arrived is not always known at once.
		for asks := 1; asked == nil && there <= from && asks < mostAsks && pause(ctx, settling); asks++ {
			there, asked = a.uploaded(ctx, doer, account, session)
		}
		if asked != nil || there <= from || there >= file.Size {
			return "", err
		}
		from = there
	}
}

// Meta is given a moment to know what it has of a file, and asked so often.
const (
	settling = 300 * time.Millisecond
	mostAsks = 3
)

// pause waits, and is false when ctx ends first.
func pause(ctx context.Context, span time.Duration) bool {
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func checkExample(account channels.Account, file channels.OutgoingMedia) *channels.Error {
	rules, err := Adapter{}.ExampleFiles(account)
	if missing, ok := errors.AsType[*channels.Error](err); ok {
		return missing
	}
	if !appPattern.MatchString(account.Settings[SettingAppID]) {
		return &channels.Error{Reason: unsupported, Text: "The App ID in the connector is not a number. Correct it there."}
	}
	at := slices.IndexFunc(rules, func(r channels.MediaRule) bool { return r.Kind == file.Kind })
	switch {
	case at < 0 || !slices.Contains(rules[at].Types, file.ContentType):
		return &channels.Error{Reason: rejected, Text: "Meta takes a JPEG or PNG picture, an MP4 video or a PDF as the example of a template."}
	case file.Size > rules[at].MaxBytes:
		return &channels.Error{Reason: rejected, Text: fmt.Sprintf("The example file is larger than %d MB.", rules[at].MaxBytes/megabyte)}
	}
	return nil
}

// sessionPattern is what names an upload. The signature behind it is a query.
var sessionPattern = regexp.MustCompile(`^upload:[0-9A-Za-z+/=_:-]{1,1000}(\?sig=[0-9A-Za-z_-]{1,500})?$`)

// unknownObject is the subcode of an id that Meta does not know, or does not show.
const unknownObject = "33"

// beginUpload announces a file, and returns what names its upload.
func (a Adapter) beginUpload(ctx context.Context, doer channels.Doer, account channels.Account, file channels.OutgoingMedia) (string, error) {
	query := url.Values{"file_name": {cmp.Or(file.Name, "example")}, "file_length": {strconv.FormatInt(file.Size, 10)}, "file_type": {file.ContentType}}
	address, err := endpoint(account, account.Settings[SettingAppID], "/uploads?"+query.Encode())
	if err != nil {
		return "", err
	}
	request, err := newRequest(ctx, account, http.MethodPost, address, nil)
	if err != nil {
		return "", err
	}
	got, err := answer.Of(doer, request)
	if err != nil {
		return "", err
	}
	var said struct {
		ID    jsonstrict.Text `json:"id"`
		Error graphError      `json:"error"`
	}
	readable := got.Whole && jsonstrict.Unmarshal(got.Body, &said) == nil
	if got.OK() && readable && sessionPattern.MatchString(string(said.ID)) {
		return string(said.ID), nil
	}
	if readable && said.Error.Subcode == unknownObject {
		return "", &channels.Error{Reason: unsupported, Text: "Meta knows no app of this App ID, or the access token is of another app. Compare the App ID in the connector with the app's."}
	}
	return "", readRefusal(got, said.Error, "take the example file", a.Secrets(account))
}

// sendFile sends a file from a byte on. An error that is no *channels.Error broke it off.
func (a Adapter) sendFile(ctx context.Context, doer channels.Doer, account channels.Account, session string, file channels.OutgoingMedia, from int64) (string, error) {
	address, err := address(account, session)
	if err != nil {
		return "", err
	}
	request, err := parts.NewFile(ctx, address, file, from)
	if err != nil {
		return "", err
	}
	if err := authorizeUpload(request, account); err != nil {
		return "", err
	}
	request.Header.Set("file_offset", strconv.FormatInt(from, 10))
	got, err := answer.Of(doer, request)
	if err != nil {
		return "", err
	}
	var said struct {
		Handle string     `json:"h"`
		Error  graphError `json:"error"`
	}
	readable := got.Whole && jsonstrict.Unmarshal(got.Body, &said) == nil
	if got.OK() && readable && said.Handle != "" {
		return said.Handle, nil
	}
	return "", readRefusal(got, said.Error, "take the example file", a.Secrets(account))
}

// uploaded asks how much of a file Meta has.
func (a Adapter) uploaded(ctx context.Context, doer channels.Doer, account channels.Account, session string) (int64, error) {
	address, err := address(account, session)
	if err != nil {
		return 0, err
	}
	request, err := newRequest(ctx, account, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	if err := authorizeUpload(request, account); err != nil {
		return 0, err
	}
	got, err := answer.Of(doer, request)
	if err != nil {
		return 0, err
	}
	var said struct {
		Offset int64      `json:"file_offset"`
		Error  graphError `json:"error"`
	}
	if !got.OK() || !got.Whole || jsonstrict.Unmarshal(got.Body, &said) != nil {
		return 0, readRefusal(got, said.Error, "say how much of the example file it has", a.Secrets(account))
	}
	return said.Offset, nil
}

// authorizeUpload puts the token into a request about an upload, which wants it under
// another word than the rest of Graph.
func authorizeUpload(request *http.Request, account channels.Account) error {
	if err := authorize(request, account); err != nil {
		return err
	}
	request.Header.Set("Authorization", "OAuth "+account.Secrets[SecretAccessToken])
	return nil
}
