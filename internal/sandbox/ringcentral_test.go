package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/sandbox"
)

const (
	ringcentralNumber = "+12025550150"
	tollFreeNumber    = "+18005550150"
	ringcentralUser   = "/restapi/v1.0/account/~/extension/~"
)

// ringcentralBench is a bench with one more account, and a token that opens it.
type ringcentralBench struct {
	*bench
	token string
}

func setupRingCentral(t *testing.T) *ringcentralBench {
	t.Helper()
	b := &ringcentralBench{bench: setup(t)}
	require.NoError(t, b.AddAccount(sandbox.Account{
		Provider: "ringcentral", AccountID: "6298930001", WebhookURL: b.hub.server.URL + "/hooks/ringcentral", SigningSecret: ringcentralWord,
		Credentials: sandbox.Credentials{AccessKey: "client", SecretKey: "client-secret", AccessToken: "head.body.sign"},
		Senders: []sandbox.Sender{
			{Address: ringcentralNumber, Ref: "407310004", Label: "Example Motors"}, {Address: tollFreeNumber, Ref: "407310005"},
		},
	}))
	got := b.grant("client-secret", "head.body.sign")
	require.Equal(t, http.StatusOK, got.Status, got.Body)
	b.token = got.json(t)["access_token"].(string)
	return b
}

func (b *ringcentralBench) grant(secret, jwt string) answered {
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {jwt}}
	request := b.request(http.MethodPost, "/restapi/oauth/token", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	request.SetBasicAuth("client", secret)
	return b.send(request)
}

// do makes a call with the token.
func (b *ringcentralBench) do(method, path string, body any) answered {
	b.t.Helper()
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		require.NoError(b.t, err)
		reader = bytes.NewReader(text)
	}
	request := b.request(method, path, "application/json", reader)
	request.Header.Set("Authorization", "Bearer "+b.token)
	return b.send(request)
}

func (b *ringcentralBench) text(changes object) answered {
	b.t.Helper()
	body := object{"from": object{"phoneNumber": ringcentralNumber}, "to": []object{{"phoneNumber": lead}}, "text": "Hello there"}
	maps.Copy(body, changes)
	return b.do(http.MethodPost, ringcentralUser+"/sms", body)
}

// files sends an MMS.
func (b *ringcentralBench) files(from string, types ...string) answered {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part := func(name, contentType, content string) {
		head := textproto.MIMEHeader{"Content-Disposition": {name}, "Content-Type": {contentType}}
		into, err := form.CreatePart(head)
		require.NoError(b.t, err)
		_, err = io.WriteString(into, content)
		require.NoError(b.t, err)
	}
	part(`form-data; name="json"`, "application/json", fmt.Sprintf(`{"from":{"phoneNumber":%q},"to":[{"phoneNumber":%q}],"text":"Look"}`, from, lead))
	for _, contentType := range types {
		kind, size, _ := strings.Cut(contentType, " ")
		content := "the picture"
		if size != "" {
			content = strings.Repeat("x", 1_500_001)
		}
		part(`form-data; name="attachment"; filename="a.png"`, kind, content)
	}
	require.NoError(b.t, form.Close())
	request := b.request(http.MethodPost, ringcentralUser+"/sms", form.FormDataContentType(), &body)
	request.Header.Set("Authorization", "Bearer "+b.token)
	return b.send(request)
}

// counted waits for an event that counts changes.
func (b *ringcentralBench) counted() (fresh, updated float64) {
	b.t.Helper()
	got := b.hub.next(b.t)
	event := got.Body
	require.Equal(b.t, "/restapi/v1.0/account/6298930001/extension/6298930001/message-store", event["event"])
	require.NotContains(b.t, string(got.Raw), "Hello there", "the event does not say what changed")
	change := event["body"].(object)["changes"].([]any)[0].(object)
	require.Equal(b.t, "SMS", change["type"])
	return change["newCount"].(float64), change["updatedCount"].(float64)
}

// settled waits until so many changes have been counted, in whatever order: a text comes
// into being, is sent and delivered, or fails.
func (b *ringcentralBench) settled(changes int) (fresh float64) {
	b.t.Helper()
	for range changes {
		one, _ := b.counted()
		fresh += one
	}
	return fresh
}

// synced is what the message sync tells; a token asks for what changed since.
func (b *ringcentralBench) synced(token string) (records []object, next string) {
	b.t.Helper()
	query := "syncType=FSync"
	if token != "" {
		query = "syncType=ISync&syncToken=" + token
	}
	got := b.do(http.MethodGet, ringcentralUser+"/message-sync?messageType=SMS&"+query, nil)
	require.Equal(b.t, http.StatusOK, got.Status, got.Body)
	var page struct {
		Records  []object
		SyncInfo struct{ SyncToken string }
	}
	require.NoError(b.t, json.Unmarshal([]byte(got.Body), &page))
	return page.Records, page.SyncInfo.SyncToken
}

func TestRingCentralGivesTokensForTheRightKeys(t *testing.T) {
	t.Parallel()
	b := setupRingCentral(t)
	require.Contains(t, b.grant("wrong", "head.body.sign").Body, "invalid_client")
	got := b.grant("client-secret", "wrong")
	require.Equal(t, http.StatusBadRequest, got.Status)
	require.Contains(t, got.Body, "OAU-251")
	require.Equal(t, "auth", got.Header.Get("X-Rate-Limit-Group"))
	for range 3 {
		require.Equal(t, http.StatusOK, b.grant("client-secret", "head.body.sign").Status)
	}
	got = b.grant("client-secret", "head.body.sign")
	require.Equal(t, http.StatusTooManyRequests, got.Status, "five a minute")
	require.Equal(t, "60", got.Header.Get("Retry-After"))
	b.token = "guess"
	got = b.text(nil)
	require.Equal(t, http.StatusUnauthorized, got.Status)
	require.Contains(t, got.Body, "OAU-129")
}

func TestRingCentralTextIsTakenAndCounted(t *testing.T) {
	t.Parallel()
	b := setupRingCentral(t)
	got := b.text(nil)
	require.Equal(t, http.StatusOK, got.Status, got.Body)
	require.Contains(t, got.Body, `"messageStatus":"Queued"`)
	require.Equal(t, "medium", got.Header.Get("X-Rate-Limit-Group"))
	id := b.journal("?provider=ringcentral")[0]["id"].(string)
	require.Contains(t, got.Body, `"id":`+id+`,`, "a number in answers")
	require.InDelta(t, 1, b.settled(3), 0)
	records, token := b.synced("")
	require.Len(t, records, 1)
	require.Equal(t, "Delivered", records[0]["messageStatus"])
	require.Equal(t, "Hello there", records[0]["subject"])
	again, token := b.synced(token)
	require.Len(t, again, 1, "a sync reaches back a few seconds")
	_, _ = b.synced(token)
	require.Contains(t, b.do(http.MethodGet, ringcentralUser+"/message-sync?syncType=ISync&syncToken=old", nil).Body, "syncToken")
	require.Contains(t, b.do(http.MethodGet, ringcentralUser+"/message-store/"+id, nil).Body, `"Delivered"`)
	require.Equal(t, http.StatusNotFound, b.do(http.MethodGet, ringcentralUser+"/message-store/1", nil).Status)
}

func TestRingCentralRefusals(t *testing.T) {
	t.Parallel()
	b := setupRingCentral(t)
	people := func(numbers ...string) object {
		var to []object
		for _, number := range numbers {
			to = append(to, object{"phoneNumber": number})
		}
		return object{"to": to}
	}
	for code, changes := range map[string]object{
		"MSG-245": {"from": object{"phoneNumber": lead}}, "CMN-101 from": {"from": object{}}, "CMN-101 to.phoneNumber": people("hello there"),
		"CMN-101 to": {"to": []object{}}, "MSG-247": people("12345"), "MSG-381": people(strings.Fields(strings.Repeat(lead+" ", 11))...),
		"MSG-246": {"to": []object{{"extensionNumber": "101"}}}, "CMN-101 text": {"text": ""}, "CMN-101 [text]": {"text": strings.Repeat("😀", 501)},
	} {
		got := b.text(changes)
		require.GreaterOrEqual(t, got.Status, 400, code)
		want, parameter, _ := strings.Cut(code, " ")
		require.Contains(t, got.Body, want, code)
		require.Contains(t, got.Body, parameter, code)
	}
	require.Equal(t, http.StatusOK, b.text(object{"text": strings.Repeat("😀", 500)}).Status)
	request := b.request(http.MethodPost, ringcentralUser+"/sms", "application/json",
		strings.NewReader(`{"from":{"phoneNumber":"`+ringcentralNumber+`"},"to":[{"phoneNumber":"+1","phoneNumber":"`+lead+`"}],"text":"x"}`))
	request.Header.Set("Authorization", "Bearer "+b.token)
	require.Contains(t, b.send(request).Body, "CMN-100", "a name that occurs twice")

	require.Contains(t, b.files(ringcentralNumber, "application/x-dosexec").Body, "MSG-348")
	require.Contains(t, b.files(ringcentralNumber, "image/png large").Body, "MSG-338")
	require.Contains(t, b.files(ringcentralNumber, strings.Split(strings.Repeat("image/png,", 10)+"image/png", ",")...).Body, "MSG-347")
	require.Contains(t, b.files(tollFreeNumber, "image/png").Body, "MSG-380")
	require.Equal(t, http.StatusNotFound, b.do(http.MethodGet, "/restapi/v1.0/account/7/extension/~/phone-number", nil).Status)
}

func TestRingCentralCountsCallsInRateGroups(t *testing.T) {
	t.Parallel()
	b := setupRingCentral(t)
	for range 40 {
		require.Equal(t, http.StatusOK, b.text(nil).Status)
	}
	got := b.text(nil)
	require.Equal(t, http.StatusTooManyRequests, got.Status)
	require.Equal(t, "0", got.Header.Get("X-Rate-Limit-Remaining"))
	require.Equal(t, "60", got.Header.Get("Retry-After"))
	require.Equal(t, http.StatusOK, b.do(http.MethodGet, ringcentralUser+"/phone-number", nil).Status, "another group")
}

func TestRingCentralFilesGoBothWays(t *testing.T) {
	t.Parallel()
	b := setupRingCentral(t)
	got := b.files(ringcentralNumber, "image/png")
	require.Equal(t, http.StatusOK, got.Status, got.Body)
	b.settled(3)
	bubble := b.bubbles("ringcentral")[0]
	require.Equal(t, "image", bubble["kind"])
	file := bubble["media"].([]any)[0].(object)
	require.Equal(t, "a.png", file["name"])

	b.call(http.MethodPost, "/control/reply", object{"to": ringcentralNumber, "from": lead, "kind": "image", "text": "My door"})
	event := b.hub.next(t).Body
	require.Contains(t, event["event"], "/message-store/instant")
	body := event["body"].(object)
	require.IsType(t, "", body["id"], "a text in events")
	require.Equal(t, "My door", body["subject"])
	attached := body["attachments"].([]any)[1].(object)
	require.Equal(t, "MmsAttachment", attached["type"])
	path := strings.TrimPrefix(attached["uri"].(string), b.url)
	picture := b.do(http.MethodGet, path, nil)
	require.Equal(t, http.StatusOK, picture.Status)
	require.Equal(t, "image/png", picture.Header.Get("Content-Type"))
	b.fault(object{"kind": "file_gone", "share": 1, "handset": lead})
	require.Equal(t, http.StatusNotFound, b.do(http.MethodGet, path, nil).Status)
	b.token = ""
	require.Equal(t, http.StatusUnauthorized, b.do(http.MethodGet, path, nil).Status, "the address alone opens nothing")
}
