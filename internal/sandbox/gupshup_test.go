package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/sandbox"
)

const (
	gupshupApp    = "4005ef9e-581e-41f4-9b04-e0797e0463d2"
	gupshupNumber = "+910000000001"
)

// withGupshup adds an app of Gupshup's to the accounts.
func withGupshup(config *sandbox.Config) {
	config.Accounts = append(config.Accounts, sandbox.Account{
		Provider: "gupshup", AccountID: gupshupApp, Name: "DemoAPI", SigningSecret: gupshupSecret,
		WebhookURL:  strings.Replace(config.Accounts[0].WebhookURL, "/hooks/ctm", "/hooks/gupshup", 1),
		Credentials: sandbox.Credentials{AccessKey: "gupshup-key", AccessToken: "gupshup-token"},
		Senders:     []sandbox.Sender{{Address: gupshupNumber, Ref: "269033402967482"}},
		Templates:   []sandbox.Template{{Name: "hello", Language: "en_US", Body: "Hi {{1}}, your {{2}} is ready.", Buttons: []string{"Great"}}},
	})
}

// gupshupForm makes the request of a send call.
func (b *bench) gupshupForm(path string, form url.Values) *http.Request {
	b.t.Helper()
	for key, value := range map[string]string{"channel": "whatsapp", "source": gupshupNumber[1:], "destination": lead[1:], "src.name": "DemoAPI"} {
		if !form.Has(key) {
			form.Set(key, value)
		}
	}
	request := b.request(http.MethodPost, "/wa/api/v1/"+path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	request.Header.Set("apikey", "gupshup-key")
	return request
}

func (b *bench) gupshup(message object) *http.Request {
	b.t.Helper()
	text, err := json.Marshal(message)
	require.NoError(b.t, err)
	return b.gupshupForm("msg", url.Values{"message": {string(text)}})
}

// partner makes a partner call.
func (b *bench) partner(method, path string, form url.Values) answered {
	b.t.Helper()
	request := b.request(method, "/partner/app/"+gupshupApp+path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	request.Header.Set("Authorization", "gupshup-token")
	return b.send(request)
}

// openGupshup lets the lead write to Gupshup's number.
func (b *bench) openGupshup() {
	b.t.Helper()
	b.call(http.MethodPost, "/control/reply", object{"to": gupshupNumber, "from": lead, "text": "Hi"})
	b.hub.next(b.t)
}

func TestGupshupMessageIsTakenAndReported(t *testing.T) {
	t.Parallel()
	b := setup(t, withGupshup)
	b.openGupshup()
	got := b.send(b.gupshup(object{"type": "text", "text": "Hello 🌍"}))
	require.Equal(t, http.StatusAccepted, got.Status, got.Body)
	require.Equal(t, "submitted", got.json(t)["status"])
	id := got.json(t)["messageId"].(string)
	require.Regexp(t, `^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`, id)

	first := b.hub.next(t).Body["payload"].(object)
	require.Equal(t, "enqueued", first["type"])
	require.Equal(t, id, first["id"])
	whatsApp := first["payload"].(object)["whatsappMessageId"]
	for _, state := range []string{"sent", "delivered"} {
		hook := b.hub.next(t)
		require.Equal(t, "message-event", hook.Body["type"])
		require.Greater(t, hook.Body["timestamp"], 1e12, "milliseconds")
		payload := hook.Body["payload"].(object)
		require.Equal(t, state, payload["type"])
		require.Equal(t, whatsApp, payload["id"])
		require.Equal(t, id, payload["gsId"])
		require.Less(t, payload["payload"].(object)["ts"], 1e11, "seconds")
	}
}

func TestGupshupRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t, withGupshup)
	text := url.Values{"message": {`{"type":"text","text":"Hello"}`}}
	with := func(key, value string) url.Values {
		return url.Values{"message": text["message"], key: {value}}
	}
	for name, c := range map[string]struct {
		form    url.Values
		path    string
		key     string
		status  int
		message string
	}{
		"wrong key":        {text, "msg", "guess", 401, "Authentication Failed"},
		"no key":           {text, "msg", "", 401, "Authentication Failed"},
		"other app":        {with("src.name", "Other"), "msg", "gupshup-key", 400, "Invalid App Details"},
		"other number":     {with("source", "910000000002"), "msg", "gupshup-key", 400, "Invalid App Details"},
		"nobody":           {with("destination", ""), "msg", "gupshup-key", 400, "Invalid Destination"},
		"plus sign":        {with("destination", lead), "msg", "gupshup-key", 400, "Invalid Destination"},
		"no message":       {with("message", "{}"), "msg", "gupshup-key", 400, "Invalid Message Type"},
		"long text":        {with("message", `{"type":"text","text":"`+strings.Repeat("x", 4097)+`"}`), "msg", "gupshup-key", 400, "Message Body Is Too Long"},
		"unknown template": {with("template", `{"id":"order_update","params":[]}`), "template/msg", "gupshup-key", 400, "Template Not Found"},
	} {
		request := b.gupshupForm(c.path, c.form)
		request.Header.Set("apikey", c.key)
		got := b.send(request)
		require.Equal(t, c.status, got.Status, name)
		require.Equal(t, object{"status": "error", "message": c.message}, got.json(t), name)
	}
	require.Empty(t, b.bubbles("gupshup"))
}

func TestGupshupWindowIsEnforced(t *testing.T) {
	t.Parallel()
	b := setup(t, withGupshup)
	got := b.send(b.gupshup(object{"type": "text", "text": "Hello"}))
	require.Equal(t, http.StatusAccepted, got.Status)
	require.Equal(t, "enqueued", b.hub.next(t).Body["payload"].(object)["type"])
	failed := b.hub.next(t).Body["payload"].(object)
	require.Equal(t, "failed", failed["type"])
	require.EqualValues(t, 470, failed["payload"].(object)["code"])
}

func TestGupshupFilesGoBothWays(t *testing.T) {
	t.Parallel()
	b := setup(t, withGupshup)
	b.call(http.MethodPost, "/control/reply", object{"to": gupshupNumber, "from": lead, "kind": "image", "text": "Look"})
	said := b.hub.next(t).Body["payload"].(object)
	require.Equal(t, "image", said["type"])
	address, err := url.Parse(said["payload"].(object)["url"].(string))
	require.NoError(t, err)
	got := b.send(b.request(http.MethodGet, address.RequestURI(), "", nil))
	require.Equal(t, http.StatusOK, got.Status)
	require.Equal(t, said["payload"].(object)["contentType"], got.Header.Get("Content-Type"))
	require.NotEmpty(t, got.Body)
	require.Equal(t, http.StatusNotFound, b.send(b.request(http.MethodGet, address.Path, "", nil)).Status)

	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", map[string]string{"/plan": "image/png", "/page": "text/html"}[r.URL.Path])
		_, _ = fmt.Fprint(w, "bytes of ", r.URL.Path)
	}))
	t.Cleanup(files.Close)
	picture := func(path string) object {
		return object{"type": "image", "originalUrl": files.URL + path, "previewUrl": files.URL + path, "caption": "Plan"}
	}
	require.Equal(t, http.StatusAccepted, b.send(b.gupshup(picture("/plan"))).Status)
	for _, state := range []string{"enqueued", "sent", "delivered"} {
		require.Equal(t, state, b.hub.next(t).Body["payload"].(object)["type"])
	}
	bubbles := b.bubbles("gupshup")
	require.Equal(t, "Plan", bubbles[len(bubbles)-1]["text"])
	require.Equal(t, "image", bubbles[len(bubbles)-1]["kind"])

	require.Equal(t, http.StatusAccepted, b.send(b.gupshup(picture("/page"))).Status, "what is no picture fails later")
	b.hub.next(t)
	failed := b.hub.next(t).Body["payload"].(object)
	require.EqualValues(t, 1010, failed["payload"].(object)["code"])
	require.NotContains(t, failed, "gsId", "the id is Gupshup's own")
}

func TestGupshupTemplateIsListedFilledAndReviewed(t *testing.T) {
	t.Parallel()
	b := setup(t, withGupshup)
	list := b.partner(http.MethodGet, "/templates", nil).json(t)["templates"].([]any)
	require.Len(t, list, 1)
	id := list[0].(object)["id"].(string)
	form := url.Values{"template": {`{"id":"` + id + `","params":["Ada","car"]}`}, "postbackTexts": {`[{"index":0,"text":"yes-42"}]`}}
	require.Equal(t, http.StatusAccepted, b.send(b.gupshupForm("template/msg", form)).Status)
	for _, state := range []string{"enqueued", "sent", "delivered"} {
		require.Equal(t, state, b.hub.next(t).Body["payload"].(object)["type"], "no window is needed")
	}
	require.Equal(t, "Hi Ada, your car is ready.", b.bubbles("gupshup")[0]["text"])

	asked := url.Values{
		"elementName": {"offer"}, "category": {"MARKETING"}, "templateType": {"TEXT"}, "vertical": {"offer"},
		"content": {"An offer for {{1}}"}, "example": {"An offer for Ada"}, "enableSample": {"true"},
	}
	made := b.partner(http.MethodPost, "/templates", asked)
	require.Equal(t, http.StatusOK, made.Status, made.Body)
	require.Equal(t, "PENDING", made.json(t)["template"].(object)["status"])
	hook := b.hub.next(t)
	require.Equal(t, "template-event", hook.Body["type"])
	require.Equal(t, "approved", hook.Body["payload"].(object)["status"])
	require.Equal(t, http.StatusBadRequest, b.partner(http.MethodPost, "/templates", asked).Status, "it is there already")
}

func TestGupshupSubscriptionSaysWhereAndHow(t *testing.T) {
	t.Parallel()
	b := setup(t, withGupshup)
	there := b.partner(http.MethodGet, "/subscription", nil).json(t)["subscriptions"].([]any)
	require.Len(t, there, 1, "the address of the set-up")
	old := there[0].(object)
	require.Equal(t, http.StatusNoContent, b.partner(http.MethodDelete, "/subscription/"+old["id"].(string), nil).Status)
	order := url.Values{
		"modes": {"SENT,DELIVERED,READ,FAILED,ENQUEUED,MESSAGE"}, "tag": {"mine"}, "url": {old["url"].(string)}, "version": {"3"},
		"meta": {`{"headers":{"X-Converse-Secret":"` + gupshupSecret + `"}}`},
	}
	made := b.partner(http.MethodPost, "/subscription", order)
	require.Equal(t, http.StatusOK, made.Status, made.Body)
	require.Equal(t, http.StatusBadRequest, b.partner(http.MethodPost, "/subscription", order).Status, "the tag is taken")

	b.call(http.MethodPost, "/control/reply", object{"to": gupshupNumber, "from": lead, "text": "Hi"})
	hook := b.hub.next(t) // it checks the header
	require.Equal(t, "whatsapp_business_account", hook.Body["object"])
	require.Equal(t, gupshupApp, hook.Body["gs_app_id"])
	b.send(b.gupshup(object{"type": "text", "text": "Hello"}))
	require.Contains(t, string(b.hub.next(t).Raw), `"status":"enqueued"`)
	require.Contains(t, string(b.hub.next(t).Raw), `"gs_id"`)

	wrong := b.request(http.MethodGet, "/partner/app/"+gupshupApp+"/subscription", "", nil)
	wrong.Header.Set("Authorization", "guess")
	require.Equal(t, http.StatusUnauthorized, b.send(wrong).Status)
}
