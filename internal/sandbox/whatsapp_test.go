package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatsAppMessageIsTakenAndReported(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open()

	got := b.send(b.whatsapp(object{"text": object{"body": "Hello 🌍"}, "biz_opaque_callback_data": "our-id"}))
	require.Equal(t, http.StatusOK, got.Status, got.Body)
	answer := got.json(t)
	require.Equal(t, "whatsapp", answer["messaging_product"])
	require.Equal(t, []any{object{"input": lead, "wa_id": lead[1:]}}, answer["contacts"])
	id := answer["messages"].([]any)[0].(object)["id"].(string)
	require.True(t, strings.HasPrefix(id, "wamid."))

	for _, state := range []string{"sent", "delivered"} {
		status := b.hub.next(t).status(t)
		require.Equal(t, state, status["status"])
		require.Equal(t, id, status["id"])
		require.Equal(t, "our-id", status["biz_opaque_callback_data"])
		require.Equal(t, lead[1:], status["recipient_id"])
		require.IsType(t, "", status["timestamp"])
		require.NotContains(t, status, "conversation", "no longer sent from v24 on")
	}
	calls := b.journal("")
	require.Len(t, calls, 1)
	require.Equal(t, object{
		"seq": 1.0, "time": calls[0]["time"], "provider": "whatsapp_cloud", "path": "/v24.0/" + whatsappRef + "/messages",
		"to": lead, "reference": "our-id", "text": "Hello 🌍", "status": 200.0, "accepted": true, "id": id,
	}, calls[0])
}

func TestWhatsAppOlderVersionTellsOfConversation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open()
	request := b.whatsapp(object{"text": object{"body": "Hello"}})
	request.URL.Path = "/v23.0/" + whatsappRef + "/messages"
	b.send(request)
	status := b.hub.next(t).status(t)
	require.Contains(t, status, "conversation")
	require.Contains(t, status, "pricing")
}

func TestWhatsAppRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	hello := func(parameters ...any) object {
		return object{"type": "template", "template": object{
			"name": "hello", "language": object{"code": "en_US"},
			"components": []any{object{"type": "body", "parameters": parameters}},
		}}
	}
	word := object{"type": "text", "text": "x"}
	for name, c := range map[string]struct {
		message object
		change  func(*http.Request)
		status  int
		code    float64
		subcode any
	}{
		"wrong token":        {object{}, func(r *http.Request) { r.Header.Set("Authorization", "Bearer wrong") }, 401, 190, 463.0},
		"no token":           {object{}, func(r *http.Request) { r.Header.Del("Authorization") }, 401, 190, 463.0},
		"unknown number":     {object{}, func(r *http.Request) { r.URL.Path = "/v24.0/999999999/messages" }, 400, 100, 33.0},
		"no product":         {object{"messaging_product": ""}, nil, 400, 100, nil},
		"no recipient":       {object{"to": ""}, nil, 400, 100, nil},
		"not a number":       {object{"to": "abc"}, nil, 400, 131009, nil},
		"sender":             {object{"to": whatsappNumber}, nil, 400, 131021, nil},
		"unknown type":       {object{"type": "fax"}, nil, 400, 100, nil},
		"no text":            {object{"text": object{}}, nil, 400, 100, nil},
		"long text":          {object{"text": object{"body": strings.Repeat("é", 4097)}}, nil, 400, 100, nil},
		"unknown media":      {object{"type": "image", "image": object{"id": "1234567890"}}, nil, 400, 100, nil},
		"unknown template":   {object{"type": "template", "template": object{"name": "x", "language": object{"code": "en"}}}, nil, 404, 132001, nil},
		"too few values":     {hello(word), nil, 400, 132000, nil},
		"too many values":    {hello(word, word, word), nil, 400, 132000, nil},
		"value with a break": {hello(word, object{"type": "text", "text": "a\nb"}), nil, 400, 132018, nil},
		"no such button": {object{"type": "template", "template": object{
			"name": "hello", "language": object{"code": "en_US"}, "components": []any{
				object{"type": "body", "parameters": []any{word, word}},
				object{"type": "button", "sub_type": "quick_reply", "index": "2"},
			},
		}}, nil, 400, 132018, nil},
		"code to a user id": {object{
			"to": "", "recipient": "US.13491208655302741918", "type": "template",
			"template": object{"name": "code", "language": object{"code": "en_US"}},
		}, nil, 400, 131062, nil},
		"named, positional": {hello(word, object{"type": "text", "text": "x", "parameter_name": "day"}), nil, 400, 132012, nil},
		"four buttons": {object{"type": "interactive", "interactive": object{
			"type": "button", "body": object{"text": "Pick"}, "action": object{"buttons": make([]object, 4)},
		}}, nil, 400, 131009, nil},
	} {
		if _, set := c.message["text"]; !set {
			c.message["text"] = object{"body": "Hello"}
		}
		request := b.whatsapp(c.message)
		if c.change != nil {
			c.change(request)
		}
		got := b.send(request)
		require.Equal(t, c.status, got.Status, "%s: %s", name, got.Body)
		problem := got.json(t)["error"].(object)
		require.Equal(t, c.code, problem["code"], "%s: %s", name, got.Body)
		require.Equal(t, c.subcode, problem["error_subcode"], name)
		require.NotEmpty(t, problem["message"], name)
		require.NotEmpty(t, problem["fbtrace_id"], name)
	}
	for _, call := range b.journal("") {
		require.Equal(t, false, call["accepted"])
	}
}

func TestWhatsAppTemplateIsFilled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	parameter := func(name, text string) object {
		p := object{"type": "text", "text": text}
		if name != "" {
			p["parameter_name"] = name
		}
		return p
	}
	send := func(name string, parameters ...any) string {
		got := b.send(b.whatsapp(object{"type": "template", "template": object{
			"name": name, "language": object{"code": "en_US"},
			"components": []any{object{"type": "body", "parameters": parameters}},
		}}))
		require.Equal(t, http.StatusOK, got.Status, got.Body)
		require.Equal(t, "accepted", got.json(t)["messages"].([]any)[0].(object)["message_status"])
		require.Equal(t, "sent", b.hub.next(t).status(t)["status"])
		require.Equal(t, "delivered", b.hub.next(t).status(t)["status"])
		bubbles := b.bubbles("whatsapp_cloud")
		return bubbles[len(bubbles)-1]["text"].(string)
	}
	require.Equal(t, "Hi Ada, your car is ready.", send("hello", parameter("", "Ada"), parameter("", "car")))
	require.Equal(t, "4 guests on Saturday", send("booking", parameter("day", "Saturday"), parameter("guests", "4")))
}

func TestWindowIsEnforced(t *testing.T) {
	t.Parallel()
	b := setup(t)
	send := func() answered { return b.send(b.whatsapp(object{"text": object{"body": "Hello"}})) }
	fails := func() {
		t.Helper()
		require.Equal(t, http.StatusOK, send().Status, "Meta takes it and reports the failure later")
		status := b.hub.next(t).status(t)
		require.Equal(t, "failed", status["status"])
		require.Equal(t, 131047.0, status["errors"].([]any)[0].(object)["code"])
	}
	fails()
	b.open()
	send()
	require.Equal(t, "sent", b.hub.next(t).status(t)["status"])
	require.Equal(t, "delivered", b.hub.next(t).status(t)["status"])

	b.call(http.MethodPost, "/control/expire-window", object{"to": whatsappNumber, "from": lead})
	fails()
	b.fault(object{"kind": "window_error", "share": 1})
	refused := send()
	require.Equal(t, http.StatusBadRequest, refused.Status)
	require.Equal(t, 131047.0, refused.json(t)["error"].(object)["code"])
}

func TestOldMessageDoesNotOpenWindow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call(http.MethodPost, "/control/reply", object{"to": whatsappNumber, "from": lead, "text": "Hi", "timestamp": 1_700_000_000})
	require.Equal(t, "1700000000", b.hub.next(t).message(t)["timestamp"])
	b.send(b.whatsapp(object{"text": object{"body": "Hello"}}))
	require.Equal(t, "failed", b.hub.next(t).status(t)["status"])
}

func TestReadMarkerAndTypingReachTheHandset(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.call(http.MethodPost, "/control/reply", object{"to": whatsappNumber, "from": lead, "text": "Hi"})["id"]
	require.Equal(t, "delivered", b.bubbles("whatsapp_cloud")[0]["status"], "the hub took it")
	marker := object{"status": "read", "message_id": id, "typing_indicator": object{"type": "text"}}
	got := b.send(b.whatsapp(marker))
	require.Equal(t, http.StatusOK, got.Status)
	require.JSONEq(t, `{"success":true}`, got.Body)
	require.Equal(t, "read", b.bubbles("whatsapp_cloud")[0]["status"])
	require.Contains(t, b.phone()["threads"].([]any)[0], "typingUntil")
	require.Empty(t, b.journal(""), "marking as read is not a send call")

	unknown := b.send(b.whatsapp(object{"status": "read", "message_id": "wamid.unknown"}))
	require.Equal(t, http.StatusBadRequest, unknown.Status)
}
