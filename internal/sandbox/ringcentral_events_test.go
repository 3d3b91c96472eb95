package sandbox_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRingCentralSubscriptionIsOrderedAndStopped(t *testing.T) {
	t.Parallel()
	b := setupRingCentral(t)
	order := func(address string) answered {
		return b.do(http.MethodPost, "/restapi/v1.0/subscription", object{
			"eventFilters": []string{ringcentralUser + "/message-store/instant?type=SMS"}, "expiresIn": 604800,
			"deliveryMode": object{"transportType": "WebHook", "address": address, "verificationToken": ringcentralWord},
		})
	}
	made := order(b.hub.server.URL + "/hooks/ringcentral")
	require.Equal(t, http.StatusOK, made.Status, made.Body)
	require.NotContains(t, made.Body, ringcentralWord)
	path := "/restapi/v1.0/subscription/" + made.json(t)["id"].(string)
	require.Equal(t, http.StatusOK, b.do(http.MethodPost, path+"/renew", nil).Status)

	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(silent.Close)
	require.Contains(t, order(silent.URL).Body, "SUB-520", "the token was not given back")
	long := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Validation-Token", r.Header.Get("Validation-Token"))
		_, _ = io.WriteString(w, strings.Repeat("x", 1024))
	}))
	t.Cleanup(long.Close)
	require.Contains(t, order(long.URL).Body, "SUB-525", "the answer is too long")
	require.Contains(t, order("http://127.0.0.1:1/").Body, "SUB-521")
	require.Contains(t, order("http://hub.example.com/").Body, "SUB-523")

	b.call(http.MethodPost, "/control/stop-webhooks", object{"provider": "ringcentral", "how": "Blacklisted"})
	require.Contains(t, b.do(http.MethodGet, path, nil).Body, `"blacklistedData"`)
	require.Equal(t, http.StatusForbidden, b.do(http.MethodPost, path+"/renew", nil).Status)
	got := b.call(http.MethodPost, "/control/reply", object{"to": ringcentralNumber, "from": lead, "text": "Anybody there?"})
	require.InDelta(t, 0, got["delivered"], 0, "nobody is told")
	records, _ := b.synced("")
	require.Equal(t, "Anybody there?", records[0]["subject"], "the message store has it")
	require.Equal(t, http.StatusNoContent, b.do(http.MethodDelete, path, nil).Status)
	require.Equal(t, http.StatusNotFound, b.do(http.MethodGet, path, nil).Status)
	require.Equal(t, http.StatusBadRequest, b.ask(http.MethodPost, "/control/stop-webhooks", object{"provider": "ctm", "how": "Gone"}).Status)
}

func TestRingCentralKeepsConsents(t *testing.T) {
	t.Parallel()
	b := setupRingCentral(t)
	b.call(http.MethodPost, "/control/reply", object{"to": ringcentralNumber, "from": lead, "text": "stop"})
	seen := map[string]object{}
	for range 2 {
		event := b.hub.next(t).Body
		seen[event["event"].(string)] = event["body"].(object)
	}
	record := seen["/restapi/v2/accounts/6298930001/sms/consents"]["records"].([]any)[0].(object)
	require.Equal(t, ringcentralNumber, record["from"])
	require.Equal(t, lead, record["to"])
	require.Equal(t, "OptOut", record["optStatus"])

	require.Equal(t, http.StatusOK, b.text(nil).Status, "the failure comes later")
	b.settled(2)
	records, _ := b.synced("")
	require.Equal(t, "SendingFailed", records[0]["messageStatus"])
	require.Equal(t, "SMS-RC-413", records[0]["deliveryErrorCode"])

	patched := b.do(http.MethodPatch, "/restapi/v2/accounts/~/sms/consents", object{"records": []object{{"from": "*", "to": lead, "optStatus": "OptIn"}}})
	require.Equal(t, http.StatusOK, patched.Status)
	require.Contains(t, string(b.hub.next(t).Raw), `"OptIn"`)
	require.NotContains(t, b.do(http.MethodGet, "/restapi/v2/accounts/~/sms/consents?optStatus=OptIn", nil).Body, "OptOut")
	require.Equal(t, http.StatusOK, b.text(nil).Status)
	b.settled(3)
}

func TestRingCentralTellsOfTextsFromItsOwnApp(t *testing.T) {
	t.Parallel()
	b := setupRingCentral(t)
	id := b.call(http.MethodPost, "/control/elsewhere", object{"from": ringcentralNumber, "to": lead, "text": "From my phone"})["id"]
	b.settled(2)
	records, _ := b.synced("")
	require.Equal(t, "From my phone", records[0]["subject"])
	require.Equal(t, "Outbound", records[0]["direction"])
	require.Contains(t, b.do(http.MethodGet, ringcentralUser+"/message-store/"+id.(string), nil).Body, "From my phone")
	require.Empty(t, b.journal("?provider=ringcentral"), "it is no call of the hub's")
}
