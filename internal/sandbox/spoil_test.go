package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAWhatsAppFileThatCannotBeHad: the hub finds a file in two steps, and each can fail.
func TestAWhatsAppFileThatCannotBeHad(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.call(http.MethodPost, "/control/reply", object{"to": whatsappNumber, "from": lead, "kind": "image"})
	id := b.hub.next(t).message(t)["image"].(object)["id"].(string)
	find := func() answered { return b.graph(http.MethodGet, id, nil) }
	link := find().json(t)["url"].(string)[len(b.url):]
	fetch := func() answered {
		request := b.request(http.MethodGet, link, "", nil)
		request.Header.Set("Authorization", "Bearer "+accessToken)
		return b.send(request)
	}
	statuses := func() []int { return []int{find().Status, fetch().Status} }
	require.Equal(t, []int{200, 200}, statuses())

	b.fault(object{"kind": "file_stale", "share": 1, "handset": lead})
	require.Equal(t, []int{200, 404}, statuses(), "a new address is given, and has run out too")
	require.Contains(t, fetch().Body, "expired")
	b.fault(object{"kind": "file_error", "share": 1, "handset": lead, "status": 503})
	require.Equal(t, []int{503, 404}, statuses())
	b.call(http.MethodDelete, "/control/faults", nil)

	b.fault(object{"kind": "file_gone", "share": 1, "provider": "whatsapp_cloud"})
	require.Equal(t, []int{400, 404}, statuses())
	require.EqualValues(t, 33, find().json(t)["error"].(object)["error_subcode"], "as for a file that never was")
	b.call(http.MethodDelete, "/control/faults", nil)

	b.fault(object{"kind": "file_gone", "share": 1, "handset": "+12025550199"})
	require.Equal(t, []int{200, 200}, statuses(), "somebody else's files are")
}

// TestNoProviderGivesAFileUnderAFault: wherever a lead's file is fetched, it can be kept back.
func TestNoProviderGivesAFileUnderAFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		with   func(*testing.T) *bench
		number string
		get    func(*bench, hook) func() answered
		want   []int // for file_error, file_gone, file_stale
	}{
		"ctm": {func(t *testing.T) *bench { return setup(t) }, ctmNumber, func(b *bench, said hook) func() answered {
			file := said.Body["message_media"].([]any)[0]
			if wrapped, ok := file.(object); ok {
				file = wrapped["url"]
			}
			return func() answered { return b.ask(http.MethodGet, strings.TrimPrefix(file.(string), b.url), nil) }
		}, []int{500, 404, 404}},
		"gupshup": {func(t *testing.T) *bench { return setup(t, withGupshup) }, gupshupNumber, func(b *bench, said hook) func() answered {
			address, err := url.Parse(said.Body["payload"].(object)["payload"].(object)["url"].(string))
			require.NoError(b.t, err)
			return func() answered { return b.ask(http.MethodGet, address.RequestURI(), nil) }
		}, []int{500, 404, 404}},
		"twilio": {func(t *testing.T) *bench { return setup(t, withTwilio) }, twilioNumber, func(b *bench, said hook) func() answered {
			path := strings.TrimPrefix(said.Form.Get("MediaUrl0"), b.url)
			return func() answered {
				moved := b.twilio(http.MethodGet, path, nil)
				if moved.Status != http.StatusTemporaryRedirect {
					return moved
				}
				return b.ask(http.MethodGet, strings.TrimPrefix(moved.Header.Get("Location"), b.url), nil)
			}
		}, []int{500, 404, 403}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := c.with(t)
			b.call(http.MethodPost, "/control/reply", object{"to": c.number, "from": lead, "kind": "image"})
			get := c.get(b, b.hub.next(t))
			require.Equal(t, http.StatusOK, get().Status)
			for i, kind := range []string{"file_error", "file_gone", "file_stale"} {
				b.fault(object{"kind": kind, "share": 1, "handset": lead})
				require.Equal(t, c.want[i], get().Status, kind)
				b.call(http.MethodDelete, "/control/faults", nil)
			}
			require.Equal(t, http.StatusOK, get().Status)
		})
	}
}
