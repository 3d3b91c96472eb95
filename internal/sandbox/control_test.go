package sandbox_test

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSameMessageDeliveredTogether(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const times = 8
	// The hub answers none of them before all have come.
	var together sync.WaitGroup
	together.Add(times)
	b.hub.answers(func(hook) int {
		together.Done()
		together.Wait()
		return http.StatusOK
	})
	got := b.call(http.MethodPost, "/control/reply", object{"to": whatsappNumber, "from": lead, "text": "Hi", "times": times})
	require.Equal(t, 200.0, got["delivered"])
	require.Len(t, got["deliveries"], times)
	for range times {
		require.Equal(t, got["id"], b.hub.next(t).message(t)["id"])
	}
	require.Len(t, b.bubbles("whatsapp_cloud"), 1)
}

func TestMessageCanBeRepeated(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ask := object{"to": ctmNumber, "from": lead, "text": "Hi", "providerMessageId": "MSG0001"}
	b.call(http.MethodPost, "/control/reply", ask)
	b.call(http.MethodPost, "/control/reply", ask)
	first, second := b.hub.next(t), b.hub.next(t)
	require.Equal(t, "MSG0001", first.Body["message_id"])
	require.Equal(t, first.Raw, second.Raw)
	require.Len(t, b.bubbles("ctm"), 1)
}

func TestManyMessagesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const count = 50
	got := b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "text": "Line", "count": count})
	require.Len(t, got["ids"], count)
	for i := range count {
		require.Equal(t, got["ids"].([]any)[i], b.hub.next(t).Body["message_id"])
	}
}

func TestReceiptsInAnyOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open()
	b.fault(object{"kind": "drop_receipts", "share": 1})
	id := b.send(b.whatsapp(object{"text": object{"body": "Hello"}, "biz_opaque_callback_data": "ours"})).
		json(t)["messages"].([]any)[0].(object)["id"]
	for _, name := range []any{"ours", id} {
		for _, state := range []string{"read", "sent", "failed", "delivered"} {
			got := b.call(http.MethodPost, "/control/receipt", object{"reference": name, "status": state, "errorCode": "131049"})
			require.Equal(t, 200.0, got["delivered"])
			require.Equal(t, id, got["id"])
			status := b.hub.next(t).status(t)
			require.Equal(t, state, status["status"])
			require.Equal(t, "ours", status["biz_opaque_callback_data"])
		}
	}
	got := b.call(http.MethodPost, "/control/receipt", object{"reference": id, "status": "read", "times": 5, "timestamp": 1_700_000_000})
	require.Len(t, got["deliveries"], 5)
	require.Equal(t, "1700000000", b.hub.next(t).status(t)["timestamp"])
}

func TestReceiptForAMessageNeverSent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	refused := b.ask(http.MethodPost, "/control/receipt", object{"reference": "wamid.unknown", "status": "sent"})
	require.Equal(t, "reference", refused.json(t)["field"])
	b.call(http.MethodPost, "/control/receipt", object{
		"reference": "wamid.unknown", "status": "sent", "from": whatsappNumber, "to": lead,
	})
	require.Equal(t, "wamid.unknown", b.hub.next(t).status(t)["id"])
}

func TestControlNamesTheFieldAtFault(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, c := range []struct {
		path, field string
		body        object
	}{
		{"reply", "to", object{"from": lead, "text": "x"}},
		{"reply", "to", object{"from": lead, "text": "x", "to": "+12025550177"}},
		{"reply", "from", object{"to": ctmNumber, "text": "x", "from": "me"}},
		{"reply", "text", object{"to": ctmNumber, "from": lead}},
		{"reply", "kind", object{"to": ctmNumber, "from": lead, "kind": "smell"}},
		{"reply", "times", object{"to": ctmNumber, "from": lead, "text": "x", "times": 101}},
		{"reply", "mediaId", object{"to": ctmNumber, "from": lead, "kind": "image", "mediaId": "9"}},
		{"reply", "count", object{"to": ctmNumber, "from": lead, "text": "x", "count": "three"}},
		{"receipt", "status", object{"reference": "x", "status": "lost"}},
		{"expire-window", "from", object{"to": whatsappNumber, "from": "+12025550177"}},
		{"expire-window", "provider", object{"provider": "whatsapp"}},
		{"reply", "too", object{"too": ctmNumber}},
		{"reply", "text", object{"to": ctmNumber, "from": lead, "text": 7}},
		{"accounts", "accountId", object{"provider": "ctm"}},
		{"accounts", "address", object{"provider": "ctm", "accountId": "1", "senders": []any{object{"address": 7}}}},
		{"silent", "from", object{"from": "nobody"}},
		{"challenge", "provider", object{"provider": "ctm"}},
	} {
		got := b.ask(http.MethodPost, "/control/"+c.path, c.body)
		require.Equal(t, http.StatusBadRequest, got.Status, "%v", c)
		require.Equal(t, c.field, got.json(t)["field"], "%v", c)
		require.NotEmpty(t, got.json(t)["error"])
	}
	unknown := b.ask(http.MethodPost, "/control/reply", object{"from": lead, "text": "x", "to": "+12025550177"})
	require.Contains(t, unknown.json(t)["error"], ctmNumber+" (ctm)", "says which numbers there are")
	for field, rule := range map[string]object{
		"kind":     {"kind": "hangs", "share": 1},
		"share":    {"kind": "hang"},
		"provider": {"kind": "hang", "share": 1, "provider": "whatsapp"},
		"delayMs":  {"kind": "hang", "share": 1, "delayMs": -1},
		"shar":     {"kind": "hang", "shar": 1},
	} {
		got := b.ask(http.MethodPut, "/control/faults", rule)
		require.Equal(t, http.StatusBadRequest, got.Status, rule)
		require.Equal(t, field, got.json(t)["field"], rule)
	}
	require.Empty(t, b.call(http.MethodGet, "/control/faults", nil)["faults"])
	curl := b.request(http.MethodPost, "/control/reset", "application/x-www-form-urlencoded", strings.NewReader("{}"))
	require.Equal(t, http.StatusOK, b.send(curl).Status, "curl -d says so of any body")
	xml := b.request(http.MethodPost, "/control/reply", "application/xml", strings.NewReader("<a/>"))
	require.Equal(t, http.StatusUnsupportedMediaType, b.send(xml).Status)
	large := b.ask(http.MethodPost, "/control/reply", object{"text": strings.Repeat("x", 1<<20)})
	require.Equal(t, http.StatusRequestEntityTooLarge, large.Status)
}

func TestChallenge(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := b.call(http.MethodPost, "/control/challenge", object{"provider": "whatsapp_cloud"})
	require.Equal(t, true, got["ok"])
	require.Equal(t, got["want"], got["got"])
}

func TestResetKeepsOnlyAccountsAndLeads(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open()
	b.send(hello(b))
	b.fault(object{"kind": "hang", "share": 1})
	b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": "+12025550124", "text": "x"})
	b.call(http.MethodPost, "/control/reset", object{})
	require.Empty(t, b.journal(""))
	require.Empty(t, b.call(http.MethodGet, "/control/faults", nil)["faults"])
	rows := b.call(http.MethodGet, "/control/handsets", nil)["handsets"].([]any)
	require.Len(t, rows, 1)
	require.Equal(t, "Test Customer", rows[0].(object)["name"])
	require.Empty(t, b.phone()["threads"])
}

// The hub goes by what the lead wrote; a sandbox that forgot it would refuse what a
// test may well send after its reset.
func TestResetLeavesServiceWindowsOpen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open()
	b.call(http.MethodPost, "/control/expire-window", object{})
	b.call(http.MethodPost, "/control/reset", object{})
	b.send(hello(b))
	require.Equal(t, "sent", b.hub.next(t).status(t)["status"], "the knob is forgotten, the lead's message is not")
	require.NotEmpty(t, b.phone()["threads"].([]any)[0].(object)["windowUntil"])
}

func TestWindowsExpireForWhomItIsSaid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const other = "+12025550124"
	send := func(to string) string {
		b.send(b.whatsapp(object{"to": to, "text": object{"body": "Hello"}}))
		state := b.hub.next(t).status(t)["status"].(string)
		if state == "sent" {
			require.Equal(t, "delivered", b.hub.next(t).status(t)["status"])
		}
		return state
	}
	open := func() {
		b.open()
		b.call(http.MethodPost, "/control/reply", object{"to": whatsappNumber, "from": other, "text": "Hi"})
		b.hub.next(t)
	}
	for _, c := range []struct {
		ask  object
		want []string
	}{
		{object{"from": lead}, []string{"failed", "sent"}},
		{object{"to": whatsappNumber, "from": other}, []string{"sent", "failed"}},
		{object{"to": whatsappNumber}, []string{"failed", "failed"}},
		{object{"provider": "whatsapp_cloud"}, []string{"failed", "failed"}},
		{object{"provider": "ctm"}, []string{"sent", "sent"}},
		{object{}, []string{"failed", "failed"}},
	} {
		open()
		b.call(http.MethodPost, "/control/expire-window", c.ask)
		require.Equal(t, c.want, []string{send(lead), send(other)}, c.ask)
	}
}

func TestJournalFilters(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.send(b.sms(map[string][]string{"to": {"+12025550124"}}))
	between := time.Now().UTC().Format(time.RFC3339Nano)
	b.send(b.sms(map[string][]string{}))
	b.send(hello(b))
	require.Len(t, b.journal("?provider=ctm"), 2)
	require.Len(t, b.journal("?to=%2B12025550124"), 1)
	require.Len(t, b.journal("?since="+between), 2)
	require.Len(t, b.journal("?since=1"), 2)
	require.Equal(t, 3.0, b.journal("?limit=1")[0]["seq"])
	require.Equal(t, "limit", b.ask(http.MethodGet, "/control/webhooks?limit=none", nil).json(t)["field"])
	require.Equal(t, "since", b.ask(http.MethodGet, "/control/journal?since=lately", nil).json(t)["field"])
}

func TestConcurrentCallsAreAllCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const workers, each = 16, 25
	var taken atomic.Int32
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := range each {
				phone := []string{"+12025550124", "+12025550125", "+12025550126"}[(w+i)%3]
				got, err := b.try(b.sms(map[string][]string{"to": {phone}}))
				if err == nil && got.Status == http.StatusOK {
					taken.Add(1)
				}
			}
		})
	}
	group.Wait()
	require.EqualValues(t, workers*each, taken.Load())
	calls := b.journal("")
	require.Len(t, calls, workers*each)
	ids := map[any]bool{}
	for i, call := range calls {
		require.Equal(t, float64(i+1), call["seq"])
		ids[call["id"]] = true
	}
	require.Len(t, ids, workers*each)
	states := map[any]int{}
	for range 2 * workers * each {
		states[b.hub.next(t).Body["status"]]++
	}
	require.Equal(t, map[any]int{"sent": workers * each, "delivered": workers * each}, states)
}
