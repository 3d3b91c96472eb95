package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/sandbox"
)

const (
	ctmAccount     = "500001"
	ctmNumber      = "+12025550100"
	ctmRef         = "TPNC3C4B23EXAMPLE"
	waba           = "102290129340398"
	whatsappNumber = "+12025550101"
	whatsappRef    = "106540352242922"
	accessToken    = "access-token"
	lead           = "+12025550123"
)

// bench is a sandbox between a hub double and the test.
type bench struct {
	*sandbox.Sandbox
	t   *testing.T
	hub *hubDouble
	url string
}

func setup(t *testing.T, changes ...func(*sandbox.Config)) *bench {
	t.Helper()
	hub := newHub(t)
	config := sandbox.Config{
		Seed:              1,
		DefaultDelays:     sandbox.Delays{Sent: time.Millisecond, Delivered: 2 * time.Millisecond, Read: time.Millisecond},
		WebhookRetryAfter: time.Millisecond,
		Leads:             []sandbox.Handset{{Phone: lead, Name: "Test Customer"}},
		Accounts: []sandbox.Account{
			{
				Provider: "ctm", AccountID: ctmAccount, WebhookURL: hub.server.URL + "/hooks/ctm", SigningSecret: ctmSecret,
				Credentials: sandbox.Credentials{AccessKey: "key", SecretKey: "secret"},
				Senders:     []sandbox.Sender{{Address: ctmNumber, Ref: ctmRef, Label: "Example Motors"}},
			},
			{
				Provider: "whatsapp_cloud", AccountID: waba, WebhookURL: hub.server.URL + "/hooks/whatsapp_cloud",
				SigningSecret: whatsappSecret, VerifyToken: verifyToken,
				Credentials: sandbox.Credentials{AccessToken: accessToken},
				Senders:     []sandbox.Sender{{Address: whatsappNumber, Ref: whatsappRef, Label: "Example Motors"}},
				Templates: []sandbox.Template{
					{Name: "hello", Language: "en_US", Body: "Hi {{1}}, your {{2}} is ready.", Buttons: []string{"Great", "Later"}},
					{Name: "booking", Language: "en_US", Body: "{{guests}} guests on {{day}}", Named: true},
					{Name: "code", Language: "en_US", Body: "Your code is ready.", Category: "authentication"},
				},
			},
		},
	}
	for _, change := range changes {
		change(&config)
	}
	b := &bench{Sandbox: sandbox.New(config), t: t, hub: hub}
	server := httptest.NewServer(b.Handler())
	b.url = server.URL
	t.Cleanup(server.Close)
	t.Cleanup(b.Close) // first: it lets go what hangs on purpose
	return b
}

// answered is what came back for a request.
type answered struct {
	Status int
	Header http.Header
	Body   string
}

func (a answered) json(t *testing.T) map[string]any {
	t.Helper()
	var out map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.Body), &out), a.Body)
	return out
}

func (b *bench) try(request *http.Request) (answered, error) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		return answered{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answered{response.StatusCode, response.Header, string(body)}, err
}

func (b *bench) request(method, path, contentType string, body io.Reader) *http.Request {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, body)
	require.NoError(b.t, err)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	return request
}

// call makes a request to the control API or the handset and wants 200.
func (b *bench) call(method, path string, body any) map[string]any {
	b.t.Helper()
	got := b.ask(method, path, body)
	require.Equal(b.t, http.StatusOK, got.Status, got.Body)
	return got.json(b.t)
}

func (b *bench) ask(method, path string, body any) answered {
	b.t.Helper()
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		require.NoError(b.t, err)
		reader = bytes.NewReader(text)
	}
	got, err := b.try(b.request(method, path, "application/json", reader))
	require.NoError(b.t, err)
	return got
}

type object = map[string]any

// whatsapp makes the request that sends a message.
func (b *bench) whatsapp(message object) *http.Request {
	b.t.Helper()
	for key, value := range (object{"messaging_product": "whatsapp", "to": lead, "type": "text"}) {
		if _, set := message[key]; !set {
			message[key] = value
		}
	}
	text, err := json.Marshal(message)
	require.NoError(b.t, err)
	request := b.request(http.MethodPost, "/v24.0/"+whatsappRef+"/messages", "application/json", bytes.NewReader(text))
	request.Header.Set("Authorization", "Bearer "+accessToken)
	return request
}

// sms makes the request that sends a text.
func (b *bench) sms(form url.Values) *http.Request {
	for key, value := range map[string]string{"from": ctmRef, "to": lead, "msg": "Hello"} {
		if !form.Has(key) {
			form.Set(key, value)
		}
	}
	request := b.request(http.MethodPost, "/api/v1/accounts/"+ctmAccount+"/sms.json",
		"application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	request.SetBasicAuth("key", "secret")
	return request
}

// send makes a send call that must be answered.
func (b *bench) send(request *http.Request) answered {
	b.t.Helper()
	got, err := b.try(request)
	require.NoError(b.t, err)
	return got
}

// open lets the lead write on WhatsApp, so that the service window is open.
func (b *bench) open() {
	b.t.Helper()
	b.call(http.MethodPost, "/control/reply", object{"to": whatsappNumber, "from": lead, "text": "Hi"})
	b.hub.next(b.t)
}

func (b *bench) fault(rule object) {
	b.t.Helper()
	b.call(http.MethodPut, "/control/faults", rule)
}

// journal lists the send calls.
func (b *bench) journal(query string) []map[string]any {
	b.t.Helper()
	var calls []map[string]any
	for _, c := range b.call(http.MethodGet, "/control/journal"+query, nil)["calls"].([]any) {
		calls = append(calls, c.(map[string]any))
	}
	return calls
}

// phone is the handset of the lead.
func (b *bench) phone() map[string]any {
	b.t.Helper()
	return b.call(http.MethodGet, "/handset/api/handsets/"+lead, nil)
}

// bubbles are the messages of the phone's thread with a provider.
func (b *bench) bubbles(provider string) []map[string]any {
	b.t.Helper()
	for _, thread := range b.phone()["threads"].([]any) {
		if view := thread.(map[string]any); view["provider"] == provider {
			var list []map[string]any
			for _, m := range view["messages"].([]any) {
				list = append(list, m.(map[string]any))
			}
			return list
		}
	}
	return nil
}
