package sandbox_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// keys are an object's fields, sorted.
func keys(of any) []string { return slices.Sorted(maps.Keys(of.(object))) }

func TestInboundKinds(t *testing.T) {
	t.Parallel()
	for kind, c := range map[string]struct {
		ask   object
		want  string   // type in the webhook
		inner []string // fields of the object named like the type
	}{
		"text":        {object{"text": "Grüße 👋"}, "text", []string{"body"}},
		"image":       {object{"text": "Look"}, "image", []string{"caption", "id", "mime_type", "sha256", "url"}},
		"video":       {object{}, "video", []string{"id", "mime_type", "sha256", "url"}},
		"audio":       {object{"voice": true}, "audio", []string{"id", "mime_type", "sha256", "url", "voice"}},
		"document":    {object{}, "document", []string{"filename", "id", "mime_type", "sha256", "url"}},
		"sticker":     {object{}, "sticker", []string{"animated", "id", "mime_type", "sha256", "url"}},
		"location":    {object{}, "location", []string{"address", "latitude", "longitude", "name"}},
		"reaction":    {object{"replyTo": "wamid.x", "emoji": "👍"}, "reaction", []string{"emoji", "message_id"}},
		"button":      {object{"text": "Great", "replyTo": "wamid.x"}, "button", []string{"payload", "text"}},
		"interactive": {object{"text": "Yes", "buttonId": "yes"}, "interactive", []string{"button_reply", "type"}},
		"unsupported": {object{}, "unsupported", []string{"type"}},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			c.ask["to"], c.ask["from"], c.ask["kind"] = whatsappNumber, lead, kind
			got := b.call(http.MethodPost, "/control/reply", c.ask)
			require.Equal(t, 200.0, got["delivered"])
			hook := b.hub.next(t)
			message := hook.message(t)
			require.Equal(t, got["id"], message["id"])
			require.Equal(t, lead[1:], message["from"])
			require.Equal(t, c.want, message["type"])
			require.Equal(t, c.inner, keys(message[c.want]))
			require.Equal(t, []any{object{"profile": object{"name": "Test Customer"}, "wa_id": lead[1:]}}, hook.value(t)["contacts"])
			for _, b := range hook.Raw {
				require.Less(t, b, byte(0x80), "Meta escapes everything beyond ASCII")
			}
		})
	}
}

func TestContactsAndUnsupportedCarryTheirDetails(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call(http.MethodPost, "/control/reply", object{"to": whatsappNumber, "from": lead, "kind": "contacts"})
	contact := b.hub.next(t).message(t)["contacts"].([]any)[0].(object)
	require.Equal(t, "Sample Person", contact["name"].(object)["formatted_name"])
	require.Equal(t, "12025550145", contact["phones"].([]any)[0].(object)["wa_id"])

	b.call(http.MethodPost, "/control/reply", object{"to": whatsappNumber, "from": lead, "kind": "unsupported"})
	message := b.hub.next(t).message(t)
	require.Equal(t, object{"type": "poll"}, message["unsupported"])
	require.Equal(t, 131051.0, message["errors"].([]any)[0].(object)["code"])
}

func TestLeadWhoHidesTheNumber(t *testing.T) {
	t.Parallel()
	const userID = "US.13491208655302741918"
	b := setup(t)
	b.call(http.MethodPost, "/control/reply", object{"to": whatsappNumber, "from": userID, "text": "Hi", "name": "Quiet Person"})
	hook := b.hub.next(t)
	require.Equal(t, []any{object{"profile": object{"name": "Quiet Person", "username": "quietperson"}, "user_id": userID}}, hook.value(t)["contacts"])
	message := hook.message(t)
	require.NotContains(t, message, "from")
	require.Equal(t, userID, message["from_user_id"])

	got := b.send(b.whatsapp(object{"to": "", "recipient": userID, "text": object{"body": "Hello"}}))
	require.Equal(t, http.StatusOK, got.Status, got.Body)
	require.Equal(t, []any{object{"input": userID, "user_id": userID}}, got.json(t)["contacts"])
	status := b.hub.next(t).status(t)
	require.Equal(t, "sent", status["status"])
	require.NotContains(t, status, "recipient_id")
	require.Equal(t, userID, b.journal("")[0]["to"])
}

func TestPhoneCanHideItselfFromWhatsAppOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call(http.MethodPost, "/control/reply", object{
		"to": whatsappNumber, "from": lead, "text": "Hi", "hidePhone": true, "whatsappId": "US.1234567890",
	})
	message := b.hub.next(t).message(t)
	require.NotContains(t, message, "from")
	require.Equal(t, "US.1234567890", message["from_user_id"])
	b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "text": "Hi"})
	require.Equal(t, lead, b.hub.next(t).Body["caller_number"])
}

func TestTapOnATemplatesButton(t *testing.T) {
	t.Parallel()
	b := setup(t)
	word := object{"type": "text", "text": "x"}
	sent := b.send(b.whatsapp(object{"type": "template", "template": object{
		"name": "hello", "language": object{"code": "en_US"},
		"components": []any{
			object{"type": "body", "parameters": []any{word, word}},
			object{"type": "button", "sub_type": "quick_reply", "index": "1", "parameters": []any{object{"type": "payload", "payload": "LATER_7"}}},
		},
	}})).json(t)["messages"].([]any)[0].(object)["id"]
	b.hub.next(t)
	b.hub.next(t)
	b.call(http.MethodPost, "/handset/api/handsets/"+lead+"/messages", object{
		"to": whatsappNumber, "kind": "button", "replyTo": sent, "buttonId": "LATER_7",
	})
	message := b.hub.next(t).message(t)
	require.Equal(t, "button", message["type"])
	require.Equal(t, object{"payload": "LATER_7", "text": "Later"}, message["button"])
	require.Equal(t, object{"from": whatsappNumber[1:], "id": sent}, message["context"])
}

func TestReactionShowsOnTheMessage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.call(http.MethodPost, "/control/reply", object{"to": whatsappNumber, "from": lead, "text": "Hi"})["id"]
	b.hub.next(t)
	b.send(b.whatsapp(object{"type": "reaction", "reaction": object{"message_id": id, "emoji": "❤️"}}))
	b.hub.next(t)
	bubbles := b.bubbles("whatsapp_cloud")
	require.Len(t, bubbles, 1, "a reaction is no bubble of its own")
	require.Equal(t, "❤️", bubbles[0]["theirEmoji"])
}

func TestMediaBothWays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open()
	content := []byte("\x89PNG\r\n\x1a\nnot really")

	// The business uploads, as Meta wants it, and sends.
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	require.NoError(t, writer.WriteField("messaging_product", "whatsapp"))
	require.NoError(t, writer.WriteField("type", "image/png"))
	part, err := writer.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="plan.png"`}, "Content-Type": {"image/png"},
	})
	require.NoError(t, err)
	_, err = part.Write(content)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	upload := b.request(http.MethodPost, "/v24.0/"+whatsappRef+"/media", writer.FormDataContentType(), &form)
	upload.Header.Set("Authorization", "Bearer "+accessToken)
	uploaded := b.send(upload)
	require.Equal(t, http.StatusOK, uploaded.Status, uploaded.Body)
	id := uploaded.json(t)["id"].(string)
	sent := b.send(b.whatsapp(object{"type": "image", "image": object{"id": id, "caption": "Floor plan"}}))
	require.Equal(t, http.StatusOK, sent.Status, sent.Body)
	b.hub.next(t)
	b.hub.next(t)
	bubbles := b.bubbles("whatsapp_cloud")
	require.Equal(t, id, bubbles[len(bubbles)-1]["media"].([]any)[0].(object)["id"])
	shown, err := b.try(b.request(http.MethodGet, "/handset/api/media/"+id, "", nil))
	require.NoError(t, err)
	require.Equal(t, string(content), shown.Body)

	// The lead sends, and the hub fetches in two steps.
	kept := b.send(b.request(http.MethodPost, "/handset/api/media?name=photo.png", "image/png", bytes.NewReader(content)))
	require.Equal(t, http.StatusOK, kept.Status, kept.Body)
	b.call(http.MethodPost, "/control/reply", object{
		"to": whatsappNumber, "from": lead, "kind": "image", "mediaId": kept.json(t)["id"],
	})
	image := b.hub.next(t).message(t)["image"].(object)
	digest := sha256.Sum256(content)
	require.Equal(t, base64.StdEncoding.EncodeToString(digest[:]), image["sha256"])
	get := func(path, token string) answered {
		request := b.request(http.MethodGet, path, "", nil)
		if token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
		got, err := b.try(request)
		require.NoError(t, err)
		return got
	}
	require.Equal(t, http.StatusUnauthorized, get("/v24.0/"+image["id"].(string), "").Status)
	described := get("/v24.0/"+image["id"].(string), accessToken).json(t)
	require.Equal(t, []string{"file_size", "id", "messaging_product", "mime_type", "sha256", "url"}, keys(described))
	link := described["url"].(string)[len(b.url):]
	require.Equal(t, http.StatusUnauthorized, get(link, "").Status)
	require.Equal(t, string(content), get(link, accessToken).Body)
	require.Equal(t, http.StatusNotFound, get(link+"x", accessToken).Status)
}

func TestTemplateListPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	list := func(query string) object {
		request := b.request(http.MethodGet, "/v24.0/"+waba+"/message_templates?"+query, "", nil)
		request.Header.Set("Authorization", "Bearer "+accessToken)
		return b.send(request).json(t)
	}
	first := list("limit=2")
	require.Len(t, first["data"], 2)
	require.Equal(t, "POSITIONAL", first["data"].([]any)[0].(object)["parameter_format"])
	require.Equal(t, "booking", first["data"].([]any)[1].(object)["name"])
	require.Equal(t, "NAMED", first["data"].([]any)[1].(object)["parameter_format"])
	require.Contains(t, first["paging"], "next")
	second := list("limit=2&after=" + first["paging"].(object)["cursors"].(object)["after"].(string))
	require.Len(t, second["data"], 1)
	require.NotContains(t, second["paging"], "next")
}
