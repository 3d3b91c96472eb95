package sandbox_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// page is an open handset page: its stream of events.
type page struct {
	t      *testing.T
	lines  *bufio.Scanner
	viewer string
}

func (b *bench) page() *page {
	b.t.Helper()
	client := &http.Client{}
	response, err := client.Do(b.request(http.MethodGet, "/handset/api/events", "", nil))
	require.NoError(b.t, err)
	b.t.Cleanup(func() {
		_ = response.Body.Close()
		client.CloseIdleConnections()
	})
	p := &page{t: b.t, lines: bufio.NewScanner(response.Body)}
	p.viewer = p.next("hello")["viewer"].(string)
	return p
}

// next reads the next event, which must have the name.
func (p *page) next(name string) object {
	p.t.Helper()
	event := ""
	for p.lines.Scan() {
		line := p.lines.Text()
		if after, ok := strings.CutPrefix(line, "event: "); ok {
			event = after
		}
		if after, ok := strings.CutPrefix(line, "data: "); ok {
			require.Equal(p.t, name, event)
			var data object
			require.NoError(p.t, json.Unmarshal([]byte(after), &data))
			return data
		}
	}
	p.t.Fatal("the stream ended")
	return nil
}

func TestOpeningAThreadReadsIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open()
	id := b.send(hello(b)).json(t)["messages"].([]any)[0].(object)["id"]
	b.hub.next(t)
	b.hub.next(t)
	require.Equal(t, 1.0, b.phone()["unread"])

	p := b.page()
	b.call(http.MethodPost, "/handset/api/handsets/"+lead+"/open", object{"viewer": p.viewer, "thread": "whatsapp_cloud:" + whatsappNumber})
	status := b.hub.next(t).status(t)
	require.Equal(t, "read", status["status"])
	require.Equal(t, id, status["id"])
	require.Zero(t, b.phone()["unread"])

	b.send(hello(b))
	require.Equal(t, "sent", b.hub.next(t).status(t)["status"])
	require.Equal(t, "read", b.hub.next(t).status(t)["status"], "read at once: delivered is left out")
}

func TestReadReceiptsCanBeOff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open()
	b.call(http.MethodPatch, "/handset/api/handsets/"+lead, object{"readReceipts": false})
	p := b.page()
	b.call(http.MethodPost, "/handset/api/handsets/"+lead+"/open", object{"viewer": p.viewer, "thread": "whatsapp_cloud:" + whatsappNumber})
	b.send(hello(b))
	require.Equal(t, "sent", b.hub.next(t).status(t)["status"])
	require.Equal(t, "delivered", b.hub.next(t).status(t)["status"])
	require.Zero(t, b.phone()["unread"])
}

func TestPhoneThatReadsByItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open()
	b.call(http.MethodPatch, "/handset/api/handsets/"+lead, object{"autoRead": true})
	b.send(hello(b))
	for _, state := range []string{"sent", "delivered", "read"} {
		require.Equal(t, state, b.hub.next(t).status(t)["status"])
	}
}

func TestFlightModeHoldsEverythingBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call(http.MethodPatch, "/handset/api/handsets/"+lead, object{"flight": true})
	b.send(b.sms(url.Values{"msg": {"Where are you?"}}))
	require.Equal(t, "sent", b.hub.next(t).Body["status"])
	got := b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "text": "Just landed"})
	require.Equal(t, true, got["held"])
	// A message to another phone proves that the first one's receipt is not on its way.
	b.send(b.sms(url.Values{"to": {"+12025550124"}}))
	require.Equal(t, "sent", b.hub.next(t).Body["status"])
	require.Equal(t, "delivered", b.hub.next(t).Body["status"])
	require.Zero(t, b.phone()["unread"], "the phone does not have it yet")

	b.call(http.MethodPatch, "/handset/api/handsets/"+lead, object{"flight": false})
	first, second := b.hub.next(t).Body, b.hub.next(t).Body
	require.Equal(t, "delivered", first["status"])
	require.Equal(t, "Where are you?", first["message_body"])
	require.Equal(t, "Just landed", second["message_body"])
}

func TestSilentPhoneGivesNoReceipts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const other = "+12025550124"
	b.call(http.MethodPost, "/control/silent", object{"from": other, "silent": true})
	b.send(b.sms(url.Values{"to": {other}, "msg": {"Hello?"}}))
	require.Equal(t, "sent", b.hub.next(t).Body["status"], "the provider's own word")
	b.send(b.sms(url.Values{"msg": {"next"}}))
	require.Equal(t, "next", b.hub.next(t).Body["message_body"])
	require.Equal(t, "next", b.hub.next(t).Body["message_body"])
	rows := b.call(http.MethodGet, "/control/handsets?search=0124", nil)["handsets"].([]any)
	require.Len(t, rows, 1)
	require.Equal(t, 1.0, rows[0].(object)["unread"], "the phone has it all the same")
}

func TestPageHearsOfChanges(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.page()
	b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "text": "Hi"})
	row := p.next("rows")["rows"].([]any)[0].(object)
	require.Equal(t, lead, row["id"])
	require.Equal(t, "Hi", row["lastText"])
	require.Equal(t, "sms", row["lastChannel"])

	since := b.phone()["revision"].(float64)
	view := b.call(http.MethodGet, "/handset/api/handsets/"+lead+"?since="+strconv.FormatFloat(since, 'f', 0, 64), nil)
	require.Empty(t, view["threads"].([]any)[0].(object)["messages"], "only what changed since")
	b.call(http.MethodPost, "/control/reset", object{})
	for {
		if p.next("rows")["all"] == true {
			return
		}
	}
}
