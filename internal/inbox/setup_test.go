package inbox_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
	"converse/internal/inbox"
	"converse/internal/metric"
	"converse/internal/store"
	"converse/internal/testkit"
	"converse/internal/testkit/world"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// How long to wait for what must come, and how often to look.
const (
	eventually = 20 * time.Second
	tick       = 20 * time.Millisecond
)

// maxBody is the limit of the tests' door, in bytes.
const maxBody = 256 << 10

func longAgo() time.Time { return time.Now().Add(-time.Hour) }

// bundle is a door with real adapters behind a real server.
type bundle struct {
	*world.World
	accounts *world.Accounts
	inbox    *inbox.Inbox
	server   *httptest.Server
	registry *prometheus.Registry
}

func setup(t *testing.T, adapters ...channels.Adapter) *bundle {
	t.Helper()
	return setupAt(t, world.New(t), adapters...)
}

func setupAt(t *testing.T, w *world.World, adapters ...channels.Adapter) *bundle {
	t.Helper()
	if len(adapters) == 0 {
		adapters = []channels.Adapter{whatsappcloud.New(), ctm.New()}
	}
	b := &bundle{World: w}
	b.accounts = w.NewAccounts(t, "http://127.0.0.1:1", adapters...)
	return attach(t, b)
}

// attach puts a door of its own before a bundle's store.
func attach(t *testing.T, b *bundle) *bundle {
	t.Helper()
	b.registry = prometheus.NewRegistry()
	b.inbox = inbox.New(b.Store, b.accounts, inbox.Options{MaxBody: maxBody, Metrics: metric.New(b.registry)})
	mux := http.NewServeMux()
	mux.Handle("/hooks/{provider}/{endpoint}", b.inbox)
	b.server = httptest.NewServer(mux)
	t.Cleanup(b.server.Close)
	return b
}

func (b *bundle) url(provider, endpoint string) string {
	return b.server.URL + "/hooks/" + provider + "/" + endpoint
}

// post sends a WhatsApp webhook with a good signature and returns the status.
func (b *bundle) post(t testing.TB, body string) int {
	t.Helper()
	return b.postSigned(t, body, signature(body))
}

func (b *bundle) postSigned(t testing.TB, body, signature string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url("whatsapp_cloud", b.accounts.WhatsAppEndpoint), strings.NewReader(body))
	require.NoError(t, err)
	if signature != "" {
		req.Header.Set("X-Hub-Signature-256", signature)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

func signature(body string) string {
	mac := hmac.New(sha256.New, []byte(world.AppSecret))
	mac.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// callbacks lists what is stored, the newest first.
func (b *bundle) callbacks(t testing.TB) []store.StoredCallback {
	t.Helper()
	list, err := b.Store.Callbacks(t.Context(), b.Org, "", "", "", 100)
	require.NoError(t, err)
	return list
}

// messages lists the messages of the only conversation there is.
func (b *bundle) messages(t testing.TB) []chat.Message {
	t.Helper()
	page, err := b.Store.Conversations(t.Context(), b.Admin, store.ConversationFilter{Most: 10})
	require.NoError(t, err)
	require.Len(t, page.Conversations, 1)
	list, err := b.Store.Messages(t.Context(), b.Admin, page.Conversations[0].ID, 0, 0, 100)
	require.NoError(t, err)
	return list
}

// counted is the value of converse_callbacks_total.
func (b *bundle) counted(t testing.TB, provider, result string) int {
	t.Helper()
	families, err := b.registry.Gather()
	require.NoError(t, err)
	for _, family := range families {
		if family.GetName() != "converse_callbacks_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if labels["provider"] == provider && labels["result"] == result {
				return int(m.GetCounter().GetValue())
			}
		}
	}
	return 0
}

// webhook wraps elements of value.messages or value.statuses into Meta's envelope.
func webhook(values ...string) string {
	var body bytes.Buffer
	body.WriteString(`{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[`)
	for i, value := range values {
		if i > 0 {
			body.WriteByte(',')
		}
		fmt.Fprintf(&body, `{"field":"messages","value":{"messaging_product":"whatsapp",`+
			`"metadata":{"display_phone_number":"12025550111","phone_number_id":"106540352242999"},%s}}`, value)
	}
	body.WriteString(`]}]}`)
	return body.String()
}

func textFrom(phone, id, text string) string {
	return fmt.Sprintf(`"contacts":[{"profile":{"name":"Test Customer"},"wa_id":%q}],`+
		`"messages":[{"from":%q,"id":%q,"timestamp":"%d","type":"text","text":{"body":%q}}]`,
		phone, phone, id, time.Now().Unix(), text)
}

func statusOf(id, status, reference string) string {
	return fmt.Sprintf(`"statuses":[{"id":%q,"status":%q,"timestamp":"%d","recipient_id":"12025550123","biz_opaque_callback_data":%q}]`,
		id, status, time.Now().Unix(), reference)
}
