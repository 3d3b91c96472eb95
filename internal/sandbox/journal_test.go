package sandbox_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJournalHoldsWhatWasRefusedAndWhy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	text := object{"text": object{"body": "Hello"}, "biz_opaque_callback_data": "ours"}
	wrongToken := b.whatsapp(text)
	wrongToken.Header.Set("Authorization", "Bearer wrong")
	unknownNumber := b.whatsapp(text)
	unknownNumber.URL.Path = "/v24.0/999999999/messages"
	for _, request := range []*http.Request{
		wrongToken, unknownNumber, b.whatsapp(text), // the window is closed
		b.whatsapp(object{"type": "template", "template": object{"name": "none", "language": object{"code": "en"}}}),
	} {
		b.send(request)
	}
	b.send(b.sms(url.Values{"from": {"TPNunknown"}}))
	type seen struct {
		status   any
		code     any
		accepted any
		text     any
	}
	var got []seen
	for _, c := range b.journal("") {
		got = append(got, seen{c["status"], c["code"], c["accepted"], c["text"]})
	}
	require.Equal(t, []seen{
		{401.0, "190", false, "Hello"},
		{400.0, "100", false, "Hello"},
		{200.0, "131047", true, "Hello"}, // taken, and reported as failed
		{404.0, "132001", false, ""},
		{406.0, nil, false, "Hello"},
	}, got)
}

func TestJournalCountsWhatWasSentTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open()
	once := object{"text": object{"body": "Once"}, "biz_opaque_callback_data": "once"}
	twice := object{"text": object{"body": "Twice"}, "biz_opaque_callback_data": "twice"}
	b.send(b.whatsapp(once))
	b.send(b.whatsapp(twice))
	b.fault(object{"kind": "throttle", "share": 1})
	b.send(b.whatsapp(once)) // not taken: no harm done
	b.fault(object{"kind": "throttle", "share": 0})
	b.fault(object{"kind": "server_error_accepted", "share": 1})
	b.send(b.whatsapp(twice))
	b.fault(object{"kind": "server_error_accepted", "share": 0})
	b.send(b.sms(url.Values{"msg": {"Twice"}})) // a provider without references
	b.send(b.sms(url.Values{"msg": {"Twice"}}))
	b.send(b.sms(url.Values{"msg": {"Twice"}, "to": {"+12025550124"}}))

	count := func(provider, key, to, text string, calls, accepted float64) object {
		return object{"provider": provider, "key": key, "to": to, "text": text, "calls": calls, "accepted": accepted}
	}
	got := b.call(http.MethodGet, "/control/journal/counts", nil)
	require.Equal(t, 2.0, got["repeated"])
	require.Equal(t, []any{
		count("whatsapp_cloud", "twice", lead, "Twice", 2, 2),
		count("ctm", lead+" Twice", lead, "Twice", 2, 2),
		count("whatsapp_cloud", "once", lead, "Once", 2, 1),
		count("ctm", "+12025550124 Twice", "+12025550124", "Twice", 1, 1),
	}, got["counts"])
	require.Len(t, b.call(http.MethodGet, "/control/journal/counts?provider=ctm&to=%2B12025550124", nil)["counts"], 1)
}

func TestOtherCallsAreInTheJournalWhenAskedFor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.send(b.sms(url.Values{}))
	list := b.request(http.MethodGet, "/v24.0/"+waba+"/message_templates", "", nil)
	b.send(list)
	list = b.request(http.MethodGet, "/v24.0/"+waba+"/message_templates", "", nil)
	list.Header.Set("Authorization", "Bearer "+accessToken)
	b.send(list)
	b.send(b.request(http.MethodGet, "/ctm/media/1/2/3", "", nil))
	require.Len(t, b.journal(""), 1)
	var got []any
	for _, c := range b.journal("?all=1") {
		got = append(got, []any{c["provider"], c["method"], c["path"], c["status"]})
	}
	require.Equal(t, []any{
		[]any{"ctm", nil, "/api/v1/accounts/" + ctmAccount + "/sms.json", 200.0},
		[]any{"whatsapp_cloud", "GET", "/v24.0/" + waba + "/message_templates", 401.0},
		[]any{"whatsapp_cloud", "GET", "/v24.0/" + waba + "/message_templates", 200.0},
		[]any{"ctm", "GET", "/ctm/media/1/2/3", 404.0},
	}, got)
	require.Len(t, b.journal("?all=1&provider=whatsapp_cloud"), 2)
}

// The index is what a newcomer knows of the sandbox, so it must not lie.
func TestIndexListsWhatThereIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	index := b.call(http.MethodGet, "/control", nil)
	require.Equal(t, index, b.call(http.MethodGet, "/control/", nil))
	require.NotEmpty(t, index["calls"])
	for _, c := range index["calls"].([]any) {
		method, path := c.(object)["method"].(string), c.(object)["path"].(string)
		require.NotEmpty(t, c.(object)["about"])
		fields, _ := c.(object)["fields"].(object)
		if method == http.MethodGet {
			require.Equal(t, http.StatusOK, b.ask(method, path, nil).Status, path)
		}
		if method == http.MethodGet || path == "/control/media" {
			continue // their fields are in the query
		}
		for field := range fields {
			got := b.ask(method, path, object{field: nil})
			require.NotContains(t, got.Body, "is not a field", "%s %s %s", method, path, field)
			require.NotEqual(t, http.StatusNotFound, got.Status, "%s %s", method, path)
		}
	}
	kinds := b.call(http.MethodGet, "/control/faults", nil)["kinds"].([]any)
	require.Len(t, index["faults"], len(kinds))
	for _, kind := range index["faults"].([]any) {
		require.NotEmpty(t, kind.(object)["about"])
		b.fault(object{"kind": kind.(object)["kind"], "share": 0.5})
	}
	for _, lost := range []string{"/control/nothing", "/control/journal/x"} {
		got := b.ask(http.MethodGet, lost, nil)
		require.Equal(t, http.StatusNotFound, got.Status)
		require.Contains(t, got.json(t)["error"], "GET /control lists")
	}
	require.Contains(t, b.ask(http.MethodGet, "/control/reset", nil).json(t)["error"], "there is no GET /control/reset")
}

func TestAccountsCanBeAddedByTheControlAPI(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call(http.MethodPost, "/control/accounts", object{
		"provider": "ctm", "accountId": "500002", "webhookUrl": b.hub.server.URL + "/hooks/ctm", "signingSecret": ctmSecret,
		"credentials": object{"accessKey": "other", "secretKey": "other"},
		"senders":     []any{object{"address": "+12025550111", "ref": "TPN2"}},
	})
	b.call(http.MethodPost, "/control/reply", object{"to": "+12025550111", "from": lead, "text": "Hi"})
	require.Equal(t, 500002.0, b.hub.next(t).Body["account_id"])
	require.Len(t, b.call(http.MethodGet, "/control/accounts", nil)["accounts"], 3)
}
