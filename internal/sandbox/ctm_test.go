package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCTMTextIsTakenAndReported(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := b.send(b.sms(url.Values{"msg": {"Hello there"}}))
	require.Equal(t, http.StatusOK, got.Status)
	require.Equal(t, `{"status":"processing"}`, got.Body, "no id, as the provider answers")
	call := b.journal("?provider=ctm")[0]
	id := call["id"].(string)
	require.Regexp(t, `^MSG[0-9A-F]{64}$`, id)
	require.Equal(t, id, call["reference"])

	for _, state := range []string{"sent", "delivered"} {
		body := b.hub.next(t).Body
		require.Equal(t, id, body["message_id"])
		require.Equal(t, 500001.0, body["account_id"])
		require.Equal(t, "msg_outbound", body["direction"])
		require.Equal(t, "Hello there", body["message_body"])
		for _, field := range []string{"status", "call_status", "dial_status"} {
			require.Equal(t, state, body[field])
		}
		require.NotContains(t, body, "sms_error_code")
	}
}

func TestCTMNumbersChangePlaces(t *testing.T) {
	t.Parallel()
	b := setup(t)
	arrangements := map[string]int{}
	of := map[string]string{}
	const texts = 40
	for range texts {
		b.send(b.sms(url.Values{}))
	}
	for range 2 * texts {
		body := b.hub.next(t).Body
		require.NotContains(t, body, "tracking_number")
		arrangement := ""
		switch {
		case body["caller_number"] == ctmNumber && body["called_number"] == lead:
			arrangement = "business calls"
			require.NotContains(t, body, "contact_number")
		case body["caller_number"] == lead && body["called_number"] == ctmNumber:
			arrangement = "lead calls"
			require.Equal(t, lead, body["contact_number"])
		}
		require.NotEmpty(t, arrangement, "%v", body)
		arrangements[arrangement]++
		id := body["message_id"].(string)
		if before, seen := of[id]; seen {
			require.Equal(t, before, arrangement, "a message keeps to one")
		}
		of[id] = arrangement
	}
	require.Len(t, arrangements, 2)
}

func TestCTMRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, c := range map[string]struct {
		form   url.Values
		change func(*http.Request)
		status int
		body   string
	}{
		"no credentials": {url.Values{}, func(r *http.Request) { r.Header.Del("Authorization") }, 401, `"reason"`},
		"wrong secret":   {url.Values{}, func(r *http.Request) { r.SetBasicAuth("key", "wrong") }, 401, `"reason"`},
		"other account":  {url.Values{}, func(r *http.Request) { r.URL.Path = "/api/v1/accounts/7/sms.json" }, 404, `account not found`},
		"unknown sender": {url.Values{"from": {"TPNunknown"}}, nil, 406, `"from":[`},
		"no recipient":   {url.Values{"to": {""}}, nil, 406, `"to":["can't be blank"]`},
		"no number":      {url.Values{"to": {"hello"}}, nil, 406, `"to":[`},
		"empty":          {url.Values{"msg": {""}}, nil, 406, `"msg":["can't be blank"]`},
		"too long":       {url.Values{"msg": {strings.Repeat("é", 1601)}}, nil, 406, `"msg":["is too long`},
		"json":           {url.Values{}, func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }, 406, `"reason"`},
	} {
		request := b.sms(c.form)
		if c.change != nil {
			c.change(request)
		}
		got := b.send(request)
		require.Equal(t, c.status, got.Status, "%s: %s", name, got.Body)
		require.Contains(t, strings.ReplaceAll(got.Body, `\u0026`, "&"), c.body, name)
	}
	require.Equal(t, http.StatusOK, b.send(b.sms(url.Values{"msg": {strings.Repeat("é", 1600)}})).Status)
	require.Equal(t, http.StatusOK, b.send(b.sms(url.Values{"from": {ctmNumber}})).Status, "a number does for its id")
}

func TestCTMInbound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "text": "Is my door fixed?"})
	body := b.hub.next(t).Body
	require.Equal(t, object{
		"message_id": got["id"], "account_id": 500001.0, "caller_number": lead, "tracking_number": ctmNumber,
		"direction": "msg_inbound", "message_body": "Is my door fixed?", "unix_time": body["unix_time"],
	}, body)

	b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "kind": "image"})
	media := b.hub.next(t).Body["message_media"].([]any)[0]
	if wrapped, ok := media.(object); ok {
		media = wrapped["url"]
	}
	file, err := b.try(b.request(http.MethodGet, strings.TrimPrefix(media.(string), b.url), "", nil))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, file.Status)
	require.Equal(t, "image/png", file.Header.Get("Content-Type"))

	b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "kind": "call"})
	call := b.hub.next(t).Body
	require.NotContains(t, call, "message_id")
	require.Equal(t, "answered", call["dial_status"])

	nobody := b.ask(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": "US.1234", "text": "Hi"})
	require.Equal(t, "from", nobody.json(t)["field"])
	refused := b.ask(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "kind": "location"})
	require.Equal(t, http.StatusBadRequest, refused.Status)
	require.Equal(t, "kind", refused.json(t)["field"])
}

func TestCTMLists(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 3 {
		b.send(b.sms(url.Values{}))
		b.hub.next(t)
		b.hub.next(t)
	}
	b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "text": "Hi"})
	get := func(path string) answered {
		request := b.request(http.MethodGet, "/api/v1/accounts/"+ctmAccount+path, "", nil)
		request.SetBasicAuth("key", "secret")
		return b.send(request)
	}
	page := get("/calls.json?per_page=3").json(t)
	require.Len(t, page["calls"], 3)
	require.Equal(t, 4.0, page["total_entries"])
	require.Equal(t, 2.0, page["total_pages"])
	require.Equal(t, "msg_inbound", page["calls"].([]any)[0].(object)["direction"], "latest first")
	require.Equal(t, "delivered", page["calls"].([]any)[1].(object)["status"])
	next := page["next_page"].(string)
	rest := get(strings.TrimPrefix(next, b.url+"/api/v1/accounts/"+ctmAccount)).json(t)
	require.Len(t, rest["calls"], 1)
	require.NotContains(t, rest, "next_page")
	require.Empty(t, get("/calls.json?end_date=2020-01-01").json(t)["calls"])

	limit := get("/calls.json?per_page=151")
	require.Equal(t, http.StatusBadRequest, limit.Status)
	require.JSONEq(t, `{"error":"per_page limit is 150"}`, limit.Body)
	require.Len(t, get("/sms.json?direction=inbound").json(t)["sms"], 1)
	require.Len(t, get("/sms.json?direction=outbound").json(t)["sms"], 3)
}

func TestCTMTriesAWebhookOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.hub.answers(func(hook) int { return http.StatusServiceUnavailable })
	got := b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "text": "lost"})
	require.Equal(t, 503.0, got["delivered"])
	b.hub.next(t)

	b.fault(object{"kind": "retry_webhooks", "provider": "ctm", "share": 1})
	got = b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "text": "kept"})
	first := b.hub.next(t)
	require.Equal(t, "kept", first.Body["message_body"])
	second := b.hub.next(t)
	require.Equal(t, first.Raw, second.Raw)
	require.Equal(t, got["id"], second.Body["message_id"])
}

func TestWhatsAppTriesAWebhookAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	tries := 0
	b.hub.answers(func(hook) int {
		if tries++; tries < 4 {
			return http.StatusInternalServerError
		}
		return http.StatusOK
	})
	got := b.call(http.MethodPost, "/control/reply", object{"to": whatsappNumber, "from": lead, "text": "Hi"})
	require.Equal(t, 500.0, got["delivered"], "of the first try")
	for i := range 4 {
		hook := b.hub.next(t)
		require.Equal(t, got["id"], hook.message(t)["id"])
		require.Equal(t, i == 3, hook.Answered == http.StatusOK)
	}
	var log map[string]any
	require.Eventually(t, func() bool { // the hub has answered before the sandbox has noted it
		log = b.call(http.MethodGet, "/control/webhooks", nil)
		return log["total"] == 4.0
	}, patience, time.Millisecond)
	require.Equal(t, 4.0, log["webhooks"].([]any)[3].(object)["attempt"])
}
