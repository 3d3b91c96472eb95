package sandbox_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/sandbox"
)

const (
	metaApp = "1410000000000001"
	png     = "\x89PNG\r\n\x1a\n and the rest of it"
)

// announce begins an upload of a file for reviewers.
func (b *bench) announce(app, token string, query url.Values) answered {
	b.t.Helper()
	request := b.request(http.MethodPost, "/v24.0/"+app+"/uploads?"+query.Encode(), "", nil)
	request.Header.Set("Authorization", "Bearer "+token)
	return b.send(request)
}

func about(contentType, data string) url.Values {
	return url.Values{"file_name": {"house"}, "file_length": {strconv.Itoa(len(data))}, "file_type": {contentType}}
}

// part sends bytes of an upload from an offset on.
func (b *bench) part(session, authorization, offset, data string) answered {
	b.t.Helper()
	request := b.request(http.MethodPost, "/v24.0/"+session, "application/x-www-form-urlencoded", strings.NewReader(data))
	request.Header.Set("Authorization", authorization)
	if offset != "" {
		request.Header.Set("file_offset", offset)
	}
	return b.send(request)
}

// session is what names an upload that was announced.
func (b *bench) session(contentType, data string) string {
	b.t.Helper()
	begun := b.announce(metaApp, accessToken, about(contentType, data))
	require.Equal(b.t, http.StatusOK, begun.Status, begun.Body)
	id := begun.json(b.t)["id"].(string)
	require.Regexp(b.t, `^upload:[0-9A-Za-z_=-]+\?sig=\w+$`, id)
	return id
}

// withHeader is a template with a file over it.
func withHeader(name, format, handle string) object {
	return object{"name": name, "language": "en_US", "category": "UTILITY", "components": []any{
		object{"type": "HEADER", "format": format, "example": object{"header_handle": []string{handle}}},
		object{"type": "BODY", "text": "Your new home."},
	}}
}

func subcode(t *testing.T, got answered) any {
	t.Helper()
	failure, _ := got.json(t)["error"].(object)
	return failure["error_subcode"]
}

func TestWhatsAppTakesAnExampleFileByParts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.session("image/png", png)
	const oauth = "OAuth " + accessToken
	for name, got := range map[string]answered{
		"no offset":          b.part(id, oauth, "", png),
		"another offset":     b.part(id, oauth, "5", png[5:]),
		"longer than it was": b.part(id, oauth, "0", png+"!"),
		"half of it":         b.part(id, oauth, "0", png[:10]),
	} {
		require.Equal(t, http.StatusBadRequest, got.Status, name)
	}
	require.Equal(t, http.StatusUnauthorized, b.part(id, "Bearer "+accessToken, "10", png[10:]).Status, "the token goes by another word")
	require.Equal(t, http.StatusUnauthorized, b.part(id, "OAuth guess", "10", png[10:]).Status)
	require.Equal(t, http.StatusBadRequest, b.part(strings.Split(id, "?")[0], oauth, "10", png[10:]).Status, "without its signature")

	ask := b.request(http.MethodGet, "/v24.0/"+id, "", nil)
	ask.Header.Set("Authorization", oauth)
	require.Equal(t, 10.0, b.send(ask).json(t)["file_offset"], "what came of the half is there")
	done := b.part(id, oauth, "10", png[10:])
	require.Equal(t, http.StatusOK, done.Status, done.Body)
	handle := done.json(t)["h"].(string)
	require.Regexp(t, `^4::aW1hZ2UvcG5n:AR`, handle)

	templates := waba + "/message_templates"
	require.Equal(t, 2388273.0, subcode(t, b.graph(http.MethodPost, templates, withHeader("guessed", "IMAGE", "4::guess"))))
	require.Equal(t, 2388273.0, subcode(t, b.graph(http.MethodPost, templates, withHeader("other_kind", "VIDEO", handle))))
	made := b.graph(http.MethodPost, templates, withHeader("house", "IMAGE", handle))
	require.Equal(t, http.StatusOK, made.Status, made.Body)
	listed := b.graph(http.MethodGet, templates+"?name=house", nil).json(t)["data"].([]any)[0].(object)
	shown := listed["components"].([]any)[0].(object)["example"].(object)["header_handle"].([]any)[0].(string)
	file := b.request(http.MethodGet, strings.TrimPrefix(shown, b.url), "", nil)
	file.Header.Set("Authorization", "Bearer "+accessToken)
	require.Equal(t, png, b.send(file).Body, "a list shows where the example is")
}

func TestWhatsAppTakesNoOtherFilesThanReviewersLookAt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	change := func(key, value string) url.Values {
		query := about("image/png", png)
		query.Set(key, value)
		return query
	}
	for name, query := range map[string]url.Values{
		"no name": change("file_name", ""), "no length": change("file_length", ""), "too long": change("file_length", "104857601"),
		"a document of Word's": change("file_type", "application/msword"), "a film of 3GPP": change("file_type", "video/3gpp"),
	} {
		require.Equal(t, http.StatusBadRequest, b.announce(metaApp, accessToken, query).Status, name)
	}
	require.Equal(t, http.StatusUnauthorized, b.announce(metaApp, "guess", about("image/png", png)).Status)
	require.Equal(t, 33.0, subcode(t, b.announce("1410000000000002", accessToken, about("image/png", png))), "another app's")
	got := b.part(b.session("application/pdf", png), "OAuth "+accessToken, "0", png)
	require.Equal(t, http.StatusBadRequest, got.Status, "a picture that was said to be a document")
}

func TestWhatsAppForgetsAnUploadThatWasBegun(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *sandbox.Config) { c.UploadLife = time.Nanosecond })
	got := b.part(b.session("image/png", png), "OAuth "+accessToken, "0", png)
	require.Equal(t, http.StatusBadRequest, got.Status)
	require.Equal(t, 33.0, subcode(t, got))
}

// TestAHandleIsGoodForAWhile makes templates by one handle until it has ended.
func TestAHandleIsGoodForAWhile(t *testing.T) {
	t.Parallel()
	b := setup(t, withGupshup, func(c *sandbox.Config) { c.UploadLife = 2 * time.Second })
	handle := b.part(b.session("image/png", png), "OAuth "+accessToken, "0", png).json(t)["h"].(string)
	own := b.gupshupProof("image/png", png).json(t)["handleId"].(object)["message"].(string)
	made := 0
	require.Eventually(t, func() bool {
		made++
		got := b.graph(http.MethodPost, waba+"/message_templates", withHeader("house_"+strconv.Itoa(made), "IMAGE", handle))
		return got.Status == http.StatusBadRequest && subcode(t, got) == 2388273.0
	}, 20*time.Second, 50*time.Millisecond)
	require.Greater(t, made, 1)
	require.Equal(t, http.StatusBadRequest, b.partner(http.MethodPost, "/templates", gupshupWithHeader("IMAGE", own)).Status)
}

// gupshupProof gives Gupshup a file for reviewers.
func (b *bench) gupshupProof(contentType, data string) answered {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(b.t, form.WriteField("file_type", contentType))
	file, err := form.CreateFormFile("file", "house")
	require.NoError(b.t, err)
	_, err = file.Write([]byte(data))
	require.NoError(b.t, err)
	require.NoError(b.t, form.Close())
	request := b.request(http.MethodPost, "/partner/app/"+gupshupApp+"/upload/media", form.FormDataContentType(), &body)
	request.Header.Set("Authorization", "gupshup-token")
	return b.send(request)
}

func gupshupWithHeader(kind, handle string) url.Values {
	return url.Values{
		"elementName": {"house"}, "languageCode": {"en_US"}, "category": {"UTILITY"}, "templateType": {kind}, "vertical": {"house"},
		"content": {"Your new home."}, "example": {"Your new home."}, "enableSample": {"true"}, "exampleMedia": {handle},
	}
}

func TestGupshupTakesAnExampleFile(t *testing.T) {
	t.Parallel()
	b := setup(t, withGupshup)
	require.Equal(t, "Invalid file type", b.gupshupProof("application/msword", png).json(t)["message"])
	require.Equal(t, "Invalid file type", b.gupshupProof("image/jpeg", png).json(t)["message"])
	given := b.gupshupProof("image/png", png)
	require.Equal(t, http.StatusOK, given.Status, given.Body)
	handle := given.json(t)["handleId"].(object)["message"].(string)

	require.Equal(t, http.StatusBadRequest, b.partner(http.MethodPost, "/templates", gupshupWithHeader("IMAGE", "")).Status)
	require.Equal(t, http.StatusBadRequest, b.partner(http.MethodPost, "/templates", gupshupWithHeader("VIDEO", handle)).Status)
	made := b.partner(http.MethodPost, "/templates", gupshupWithHeader("IMAGE", handle))
	require.Equal(t, http.StatusOK, made.Status, made.Body)
	require.Equal(t, "IMAGE", made.json(t)["template"].(object)["templateType"])
	require.Equal(t, "template-event", b.hub.next(t).Body["type"])

	send := func(message string) object {
		form := url.Values{"template": {`{"id":"` + made.json(t)["template"].(object)["id"].(string) + `","params":[]}`}}
		if message != "" {
			form.Set("message", message)
		}
		require.Equal(t, http.StatusAccepted, b.send(b.gupshupForm("template/msg", form)).Status)
		b.hub.next(t) // enqueued
		return b.hub.next(t).Body["payload"].(object)
	}
	require.Equal(t, 132012.0, send("")["payload"].(object)["code"], "the template has a picture over it")
	require.Equal(t, 132012.0, send(`{"type":"video","video":{"link":"` + b.url + `/none"}}`)["payload"].(object)["code"])
}
