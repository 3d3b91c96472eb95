package sandbox_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"testing"

	"github.com/stretchr/testify/require"
)

// graph makes a call of the account's management.
func (b *bench) graph(method, path string, body any) answered {
	b.t.Helper()
	text, err := json.Marshal(body)
	require.NoError(b.t, err)
	request := b.request(method, "/v24.0/"+path, "application/json", bytes.NewReader(text))
	request.Header.Set("Authorization", "Bearer "+accessToken)
	return b.send(request)
}

// upload hands a file over, as the number that is to send it.
func (b *bench) upload(contentType string, data []byte) answered {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(b.t, form.WriteField("messaging_product", "whatsapp"))
	require.NoError(b.t, form.WriteField("type", contentType))
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="plan"`}, "Content-Type": {contentType},
	})
	require.NoError(b.t, err)
	_, err = part.Write(data)
	require.NoError(b.t, err)
	require.NoError(b.t, form.Close())
	request := b.request(http.MethodPost, "/v24.0/"+whatsappRef+"/media", form.FormDataContentType(), &body)
	request.Header.Set("Authorization", "Bearer "+accessToken)
	return b.send(request)
}

func TestWhatsAppFileIsUploadedSentAndShown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open()
	kept := b.upload("image/png", []byte("a picture"))
	require.Equal(t, http.StatusOK, kept.Status, kept.Body)
	id := kept.json(t)["id"]

	got := b.send(b.whatsapp(object{"type": "image", "image": object{"id": id, "caption": "Floor plan"}}))
	require.Equal(t, http.StatusOK, got.Status, got.Body)
	require.Equal(t, "sent", b.hub.next(t).status(t)["status"])
	require.Equal(t, "delivered", b.hub.next(t).status(t)["status"])
	bubbles := b.bubbles("whatsapp_cloud")
	last := bubbles[len(bubbles)-1]
	require.Equal(t, "Floor plan", last["text"])
	require.Len(t, last["media"], 1)

	// A file under the wrong name is taken, and fails when it is looked at.
	b.send(b.whatsapp(object{"type": "video", "video": object{"id": id}}))
	failed := b.hub.next(t).status(t)
	require.Equal(t, "failed", failed["status"])
	require.Equal(t, 131053.0, failed["errors"].([]any)[0].(object)["code"])
}

func TestWhatsAppFilesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for contentType, size := range map[string]int{"image/svg+xml": 10, "image/png": 5<<20 + 1, "audio/aac": 16<<20 + 1} {
		got := b.upload(contentType, make([]byte, size))
		require.Equal(t, http.StatusBadRequest, got.Status, contentType)
		require.Contains(t, []any{100.0, 131053.0}, got.json(t)["error"].(object)["code"], contentType)
	}
}

func TestWhatsAppTemplateIsReviewed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	define := func(name string) object {
		return object{"name": name, "language": "en_US", "category": "UTILITY", "components": []any{
			object{"type": "HEADER", "format": "TEXT", "text": "Dear {{1}}", "example": object{"header_text": []string{"Asha"}}},
			object{"type": "BODY", "text": "Your order {{1}} leaves today.", "example": object{"body_text": [][]string{{"42"}}}},
			object{"type": "BUTTONS", "buttons": []any{object{"type": "URL", "text": "Track", "url": "https://example.com/{{1}}", "example": []string{"https://example.com/x"}}}},
		}}
	}
	made := b.graph(http.MethodPost, waba+"/message_templates", define("shipped"))
	require.Equal(t, http.StatusOK, made.Status, made.Body)
	require.Equal(t, "PENDING", made.json(t)["status"])

	send := func() answered {
		word := func(text string) object { return object{"type": "text", "text": text} }
		return b.send(b.whatsapp(object{"type": "template", "template": object{
			"name": "shipped", "language": object{"code": "en_US"}, "components": []any{
				object{"type": "header", "parameters": []any{word("Asha")}},
				object{"type": "body", "parameters": []any{word("42")}},
				object{"type": "button", "sub_type": "url", "index": "0", "parameters": []any{word("42")}},
			},
		}}))
	}
	require.Equal(t, http.StatusNotFound, send().Status, "not approved yet")

	review := func() object {
		change := b.hub.next(t).Body["entry"].([]any)[0].(object)["changes"].([]any)[0].(object)
		require.Equal(t, "message_template_status_update", change["field"])
		return change["value"].(object)
	}
	news := review()
	require.Equal(t, "APPROVED", news["event"])
	require.Equal(t, "en-US", news["message_template_language"])
	require.Equal(t, http.StatusOK, send().Status)
	b.hub.next(t)
	b.hub.next(t)
	bubbles := b.bubbles("whatsapp_cloud")
	require.Equal(t, "Your order 42 leaves today.", bubbles[len(bubbles)-1]["text"])
	require.Equal(t, "Dear Asha", bubbles[len(bubbles)-1]["header"])

	twice := b.graph(http.MethodPost, waba+"/message_templates", define("shipped"))
	require.Equal(t, 2388024.0, twice.json(t)["error"].(object)["error_subcode"])
	b.graph(http.MethodPost, waba+"/message_templates", define("refuse_me"))
	require.Equal(t, "INVALID_FORMAT", review()["reason"])

	listed := map[any]any{}
	for _, one := range b.graph(http.MethodGet, waba+"/message_templates?limit=100", nil).json(t)["data"].([]any) {
		listed[one.(object)["name"]] = one.(object)["status"]
	}
	require.Equal(t, map[any]any{
		"hello": "APPROVED", "booking": "APPROVED", "code": "APPROVED", "shipped": "APPROVED", "refuse_me": "REJECTED",
	}, listed)
}

// TestWhatsAppTemplateIsEdited mends one that was rejected, and finds out what else Meta
// lets nobody do.
func TestWhatsAppTemplateIsEdited(t *testing.T) {
	t.Parallel()
	b := setup(t)
	says := func(text string) []any { return []any{object{"type": "BODY", "text": text}} }
	made := b.graph(http.MethodPost, waba+"/message_templates", object{
		"name": "shipped", "language": "en_US", "category": "UTILITY", "components": says("We refuse to wait."),
	}).json(t)["id"].(string)
	review := func() any {
		return b.hub.next(t).Body["entry"].([]any)[0].(object)["changes"].([]any)[0].(object)["value"].(object)["event"]
	}
	refused := func(id string, change object) object {
		got := b.graph(http.MethodPost, id, change)
		require.Equal(t, http.StatusBadRequest, got.Status, got.Body)
		return got.json(t)["error"].(object)
	}
	require.Contains(t, refused(made, object{"components": says("On its way.")})["error_user_msg"], "approved, rejected or paused", "in review")
	require.Equal(t, "REJECTED", review())

	require.Equal(t, 33.0, refused("100000000000001", object{"components": says("On its way.")})["error_subcode"], "of nobody")
	require.Equal(t, 100.0, refused(made, object{"name": "sent", "components": says("On its way.")})["code"], "another name")
	require.Equal(t, 100.0, refused(made, object{})["code"], "nothing")
	require.Equal(t, 2388072.0, refused(made, object{"components": says("")})["error_subcode"], "what could not be made either")

	edited := b.graph(http.MethodPost, made, object{"category": "MARKETING", "components": says("On its way.")})
	require.Equal(t, object{"success": true}, edited.json(t))
	require.Equal(t, "APPROVED", review())
	listed := b.graph(http.MethodGet, waba+"/message_templates?name=shipped", nil).json(t)["data"].([]any)
	require.Len(t, listed, 1)
	one := listed[0].(object)
	require.Equal(t, []any{made, "APPROVED", "MARKETING"}, []any{one["id"], one["status"], one["category"]})
	require.Equal(t, "On its way.", one["components"].([]any)[0].(object)["text"])

	require.Contains(t, refused(made, object{"category": "UTILITY"})["error_user_msg"], "category of an approved")
	require.Equal(t, http.StatusOK, b.graph(http.MethodPost, made, object{"components": says("On its way!")}).Status, "an approved one, once")
	require.Equal(t, "APPROVED", review())
	require.Contains(t, refused(made, object{"components": says("On its way?")})["error_user_msg"], "once in 24 hours")
}

func TestWhatsAppTemplatesThatAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := func(text string) []any { return []any{object{"type": "BODY", "text": text}} }
	for name, c := range map[string]struct {
		change  object
		subcode any
	}{
		"name":            {object{"name": "Hello There"}, nil},
		"category":        {object{"category": "FUN"}, nil},
		"no text":         {object{"components": []any{}}, nil},
		"ends in a value": {object{"components": body("Hello {{1}}")}, 2388299.0},
		"too many values": {object{"components": body("A {{1}}{{2}}{{3}} b")}, 2388293.0},
		"no example":      {object{"components": body("Hello {{1}} and goodbye")}, 2388043.0},
		"code without example": {object{"components": append(body("Hello you"), object{"type": "BUTTONS", "buttons": []any{
			object{"type": "COPY_CODE", "example": []string{""}},
		}})}, nil},
		"file without proof": {object{"components": append(body("Hello you"), object{"type": "HEADER", "format": "IMAGE"})}, 2388273.0},
	} {
		request := object{"name": "greeting", "language": "en", "category": "UTILITY", "components": body("Hello you")}
		maps.Copy(request, c.change)
		got := b.graph(http.MethodPost, waba+"/message_templates", request)
		require.Equal(t, http.StatusBadRequest, got.Status, name)
		require.Equal(t, c.subcode, got.json(t)["error"].(object)["error_subcode"], name)
	}
}

func TestWhatsAppNumbersAreListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	numbers := b.graph(http.MethodGet, waba+"/phone_numbers?fields=id", nil).json(t)["data"].([]any)
	require.Len(t, numbers, 1)
	require.Equal(t, whatsappRef, numbers[0].(object)["id"])
	require.Equal(t, "+1 202-555-0101", numbers[0].(object)["display_phone_number"])
	require.Len(t, b.graph(http.MethodGet, waba+"/subscribed_apps", nil).json(t)["data"], 1)

	other := b.request(http.MethodGet, "/v24.0/"+waba+"/phone_numbers", "", nil)
	other.Header.Set("Authorization", "Bearer wrong")
	require.Equal(t, http.StatusUnauthorized, b.send(other).Status)
}

func TestCTMNumbersAreListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ask := func(path, secret string) answered {
		request := b.request(http.MethodGet, "/api/v1/accounts/"+ctmAccount+path, "", nil)
		request.SetBasicAuth("key", secret)
		return b.send(request)
	}
	numbers := ask("/numbers.json?page=1&per_page=150", "secret").json(t)["numbers"].([]any)
	require.Len(t, numbers, 1)
	require.Equal(t, ctmRef, numbers[0].(object)["id"])
	require.Equal(t, ctmNumber, numbers[0].(object)["number"])
	require.Equal(t, 0.0, ask("/opt_out_texts?per_page=1", "secret").json(t)["total_entries"])
	require.Equal(t, http.StatusUnauthorized, ask("/numbers.json", "wrong").Status)
	require.Equal(t, http.StatusBadRequest, ask("/numbers.json?per_page=151", "secret").Status)
}
