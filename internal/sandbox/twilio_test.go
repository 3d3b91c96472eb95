package sandbox_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/sandbox"
	"converse/internal/sandbox/twilio"
)

const (
	twilioAccount  = "AC0123456789abcdef0123456789abcdef"
	twilioToken    = "twilio-auth-token"
	twilioNumber   = "+12025550103"
	twilioWhatsApp = "+12025550104"
	twilioKey      = "SK0123456789abcdef0123456789abcdef"
)

// withTwilio adds an account with a number of each channel.
func withTwilio(c *sandbox.Config) {
	hooks := strings.TrimSuffix(c.Accounts[0].WebhookURL, "ctm") + "twilio"
	c.Accounts = append(c.Accounts, sandbox.Account{
		Provider: "twilio", AccountID: twilioAccount, WebhookURL: hooks, SigningSecret: twilioToken,
		Credentials: sandbox.Credentials{AccessKey: twilioKey, SecretKey: "key-secret"},
		Senders: []sandbox.Sender{
			{Address: twilioNumber, Ref: "PN1", Label: "Example Motors"},
			{Address: twilioWhatsApp, Ref: "PN2", Label: "Example Motors", Channel: chat.ChannelWhatsApp},
		},
		Templates: []sandbox.Template{
			{Name: "hello", Language: "en", Category: "utility", Body: "Hi {{1}}, your {{2}} is ready.", Buttons: []string{"Great"}},
		},
	})
}

// twilio makes a call of the API.
func (b *bench) twilio(method, path string, form url.Values) answered {
	b.t.Helper()
	request := b.request(method, path, "", nil)
	if form != nil {
		request = b.request(method, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	}
	request.SetBasicAuth(twilioAccount, twilioToken)
	return b.send(request)
}

const twilioMessages = "/2010-04-01/Accounts/" + twilioAccount + "/Messages"

// text sends a text or what else the form says; the status callback carries "our-1".
func (b *bench) text(form url.Values) answered {
	for name, value := range map[string]string{
		"From": twilioNumber, "To": lead, "Body": "Hello there", "StatusCallback": b.hub.server.URL + "/hooks/twilio?message=our-1",
	} {
		if !form.Has(name) {
			form.Set(name, value)
		}
	}
	return b.twilio(http.MethodPost, twilioMessages+".json", form)
}

// onWhatsApp sends from the WhatsApp number.
func (b *bench) onWhatsApp(form url.Values) answered {
	form.Set("From", "whatsapp:"+twilioWhatsApp)
	form.Set("To", "whatsapp:"+lead)
	return b.text(form)
}

func TestTwilioTextIsTakenAndReported(t *testing.T) {
	t.Parallel()
	b := setup(t, withTwilio)
	got := b.text(url.Values{})
	require.Equal(t, http.StatusCreated, got.Status, got.Body)
	sid := got.json(t)["sid"].(string)
	require.Regexp(t, `^SM[0-9a-f]{32}$`, sid)
	require.Equal(t, "queued", got.json(t)["status"])
	require.Equal(t, "our-1", b.journal("?provider=twilio")[0]["reference"])
	for _, state := range []string{"sent", "delivered"} {
		hook := b.hub.next(t)
		require.Equal(t, "message=our-1", hook.Query, "the address of the callback, signed with its query")
		require.Equal(t, sid, hook.Form.Get("MessageSid"))
		require.Equal(t, state, hook.Form.Get("MessageStatus"))
		require.Equal(t, []string{twilioNumber, lead}, []string{hook.Form.Get("From"), hook.Form.Get("To")})
	}
	require.Equal(t, "delivered", b.twilio(http.MethodGet, twilioMessages+"/"+sid+".json", nil).json(t)["status"])
}

func TestTwilioWhatsAppIsReadAndHasAWindow(t *testing.T) {
	t.Parallel()
	b := setup(t, withTwilio)
	require.Equal(t, http.StatusCreated, b.onWhatsApp(url.Values{}).Status)
	form := b.hub.next(t).Form
	require.Equal(t, []string{"undelivered", "63016", "UNDELIVERED"}, []string{form.Get("MessageStatus"), form.Get("ErrorCode"), form.Get("EventType")})

	b.call(http.MethodPost, "/control/reply", object{"to": twilioWhatsApp, "from": lead, "text": "Hi"})
	form = b.hub.next(t).Form
	require.Equal(t, "whatsapp:"+lead, form.Get("From"))
	require.Equal(t, lead[1:], form.Get("WaId"))
	require.Equal(t, "Test Customer", form.Get("ProfileName"))
	b.onWhatsApp(url.Values{})
	require.Equal(t, "sent", b.hub.next(t).Form.Get("MessageStatus"))
	require.Equal(t, "delivered", b.hub.next(t).Form.Get("MessageStatus"))
	thread := "twilio:" + twilioWhatsApp
	b.call(http.MethodPost, "/handset/api/handsets/"+lead+"/open", object{"viewer": b.page().viewer, "thread": thread})
	require.Equal(t, "READ", b.hub.next(t).Form.Get("EventType"))

	b.call(http.MethodPost, "/control/reply", object{"to": twilioWhatsApp, "from": "US.1234", "text": "Hidden"})
	form = b.hub.next(t).Form
	require.Equal(t, []string{"whatsapp:US.1234", ""}, []string{form.Get("ExternalUserId"), form.Get("WaId")})
}

func TestTwilioRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t, withTwilio)
	for name, c := range map[string]struct {
		form url.Values
		code float64
	}{
		"no recipient":       {url.Values{"To": {""}}, 21604},
		"no sender":          {url.Values{"From": {""}}, 21603},
		"unknown sender":     {url.Values{"From": {"+12025550177"}}, 21606},
		"unknown channel":    {url.Values{"From": {"whatsapp:+12025550177"}, "To": {"whatsapp:" + lead}}, 63007},
		"mixed channels":     {url.Values{"To": {"whatsapp:" + lead}}, 63007},
		"a number by half":   {url.Values{"To": {"2025550123"}}, 21211},
		"to itself":          {url.Values{"To": {twilioNumber}}, 21266},
		"odd service":        {url.Values{"MessagingServiceSid": {"MG1"}}, 21705},
		"odd callback":       {url.Values{"StatusCallback": {"https://my_host.example.com/"}}, 21609},
		"empty":              {url.Values{"Body": {""}}, 21602},
		"too long":           {url.Values{"Body": {strings.Repeat("é", 1601)}}, 21617},
		"eleven files":       {url.Values{"MediaUrl": make([]string, 11)}, 21623},
		"odd link":           {url.Values{"MediaUrl": {"file:///etc/passwd"}}, 21620},
		"unknown template":   {url.Values{"ContentSid": {"HX1"}}, 21655},
		"odd values":         {url.Values{"ContentSid": {"HX1"}, "ContentVariables": {"{"}}, 21656},
		"a field twice":      {url.Values{"Body": {"a", "b"}}, 20001},
		"two files together": {url.Values{"From": {"whatsapp:" + twilioWhatsApp}, "To": {"whatsapp:" + lead}, "MediaUrl": {"https://a.example/1", "https://a.example/2"}}, 21623},
	} {
		got := b.text(c.form)
		require.Equal(t, http.StatusBadRequest, got.Status, name)
		require.Equal(t, c.code, got.json(t)["code"], name)
	}
	for user, password := range map[string]string{twilioAccount: "wrong", twilioKey: "wrong", "": ""} {
		request := b.request(http.MethodPost, twilioMessages+".json", "application/x-www-form-urlencoded", strings.NewReader("To="))
		request.SetBasicAuth(user, password)
		require.Equal(t, http.StatusUnauthorized, b.send(request).Status, user)
	}
	require.Equal(t, http.StatusNotFound, b.twilio(http.MethodGet, "/2010-04-01/Accounts/AC1/Messages.json", nil).Status)
}

func TestTwilioKeepsSTOPItself(t *testing.T) {
	t.Parallel()
	b := setup(t, withTwilio)
	b.call(http.MethodPost, "/control/reply", object{"to": twilioNumber, "from": lead, "text": " stop "})
	b.hub.next(t)
	require.Equal(t, 21610.0, b.text(url.Values{}).json(t)["code"])
	b.call(http.MethodPost, "/control/reply", object{"to": twilioNumber, "from": lead, "text": "START"})
	b.hub.next(t)
	require.Equal(t, http.StatusCreated, b.text(url.Values{}).Status)
}

func TestTwilioFilesEachWay(t *testing.T) {
	t.Parallel()
	b := setup(t, withTwilio)
	b.call(http.MethodPost, "/control/reply", object{"to": twilioNumber, "from": lead, "kind": "image", "text": "Look"})
	form := b.hub.next(t).Form
	require.Equal(t, []string{"1", "image/png", "Look"}, []string{form.Get("NumMedia"), form.Get("MediaContentType0"), form.Get("Body")})
	path := strings.TrimPrefix(form.Get("MediaUrl0"), b.url)
	require.Equal(t, http.StatusUnauthorized, b.ask(http.MethodGet, path, nil).Status, "the API wants its keys")
	moved := b.twilio(http.MethodGet, path, nil)
	require.Equal(t, http.StatusTemporaryRedirect, moved.Status)
	storage := strings.TrimPrefix(moved.Header.Get("Location"), b.url)
	require.Equal(t, http.StatusForbidden, b.ask(http.MethodGet, storage+"x", nil).Status, "in storage the address is the key")
	file := b.ask(http.MethodGet, storage, nil)
	require.Equal(t, "image/png", file.Header.Get("Content-Type"))
	listed := b.twilio(http.MethodGet, twilioMessages+"/"+form.Get("MessageSid")+"/Media.json", nil).json(t)["media_list"].([]any)
	require.Equal(t, path+".json", listed[0].(object)["uri"])

	ours := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size := map[string]int{"/small": 100, "/large": 6 << 20}[r.URL.Path]
		if size == 0 {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		_, _ = w.Write(bytes.Repeat([]byte{1}, size))
	}))
	t.Cleanup(ours.Close)
	for link, want := range map[string]string{
		"/small?type=image/png": "", "/small?type=application/zip": "12300", "/large?type=image/png": "11751", "/gone?type=image/png": "11200",
	} {
		require.Equal(t, http.StatusCreated, b.text(url.Values{"MediaUrl": {ours.URL + link}}).Status)
		require.Equal(t, want, b.hub.next(t).Form.Get("ErrorCode"), link)
		if want == "" {
			require.Equal(t, "delivered", b.hub.next(t).Form.Get("MessageStatus"))
		}
	}
}

func TestTwilioListsBothWaysInPages(t *testing.T) {
	t.Parallel()
	b := setup(t, withTwilio)
	b.text(url.Values{})
	b.hub.next(t)
	b.hub.next(t)
	b.call(http.MethodPost, "/control/reply", object{"to": twilioNumber, "from": lead, "text": "Hi"})
	first := b.twilio(http.MethodGet, twilioMessages+".json?PageSize=1&DateSent%3E=2020-01-01", nil).json(t)
	require.Equal(t, "inbound", first["messages"].([]any)[0].(object)["direction"], "latest first")
	second := b.twilio(http.MethodGet, first["next_page_uri"].(string), nil).json(t)
	require.Equal(t, "outbound-api", second["messages"].([]any)[0].(object)["direction"])
	require.Equal(t, "delivered", second["messages"].([]any)[0].(object)["status"])
	require.Nil(t, second["next_page_uri"])
	require.Empty(t, b.twilio(http.MethodGet, twilioMessages+".json?DateSent%3E=2999-01-01T00:00:00Z", nil).json(t)["messages"])
}

func TestTwilioTemplatesAreMadeReviewedAndSent(t *testing.T) {
	t.Parallel()
	b := setup(t, withTwilio)
	hello := twilio.ContentSID(twilioAccount, "hello", "en")
	require.Equal(t, http.StatusCreated, b.onWhatsApp(url.Values{"ContentSid": {hello}, "ContentVariables": {`{"1":"Asha","2":"car"}`}}).Status)
	require.Equal(t, "sent", b.hub.next(t).Form.Get("MessageStatus"), "the window is closed, and this is a template")
	b.hub.next(t)
	require.Equal(t, "Hi Asha, your car is ready.", b.bubbles("twilio")[0]["text"])
	b.onWhatsApp(url.Values{"ContentSid": {hello}, "ContentVariables": {`{"1":"Asha"}`}})
	require.Equal(t, "63028", b.hub.next(t).Form.Get("ErrorCode"))

	post := func(path, body string) answered {
		request := b.request(http.MethodPost, path, "application/json", strings.NewReader(body))
		request.SetBasicAuth(twilioAccount, twilioToken)
		return b.send(request)
	}
	sid := post("/v1/Content", `{"friendly_name":"bye","language":"en","types":{"twilio/text":{"body":"Bye"}}}`).json(t)["sid"].(string)
	b.onWhatsApp(url.Values{"ContentSid": {sid}})
	require.Equal(t, "63016", b.hub.next(t).Form.Get("ErrorCode"), "not approved yet")
	require.Equal(t, http.StatusBadRequest, post("/v1/Content/"+sid+"/ApprovalRequests/whatsapp", `{"name":"Bye!","category":"UTILITY"}`).Status)
	require.Equal(t, "received", post("/v1/Content/"+sid+"/ApprovalRequests/whatsapp", `{"name":"bye","category":"UTILITY"}`).json(t)["status"])
	require.Equal(t, http.StatusConflict, post("/v1/Content/"+sid+"/ApprovalRequests/whatsapp", `{"name":"bye","category":"UTILITY"}`).Status)
	for _, state := range []string{"pending", "approved"} {
		contents := b.twilio(http.MethodGet, "/v1/ContentAndApprovals", nil).json(t)["contents"].([]any)
		require.Equal(t, state, contents[1].(object)["approval_requests"].(object)["status"])
	}
	b.onWhatsApp(url.Values{"ContentSid": {sid}})
	require.Equal(t, "sent", b.hub.next(t).Form.Get("MessageStatus"))
}

func TestTwilioTellsOfAccountAndNumbers(t *testing.T) {
	t.Parallel()
	b := setup(t, withTwilio)
	require.Equal(t, "active", b.twilio(http.MethodGet, "/2010-04-01/Accounts/"+twilioAccount+".json", nil).json(t)["status"])
	request := b.request(http.MethodGet, "/2010-04-01/Accounts/"+twilioAccount+".json", "", nil)
	request.SetBasicAuth(twilioKey, "key-secret")
	require.Equal(t, http.StatusUnauthorized, b.send(request).Status, "a key does not open the account itself")
	numbers := b.twilio(http.MethodGet, "/2010-04-01/Accounts/"+twilioAccount+"/IncomingPhoneNumbers.json", nil).json(t)["incoming_phone_numbers"].([]any)
	require.Len(t, numbers, 1)
	require.Equal(t, twilioNumber, numbers[0].(object)["phone_number"])
	senders := b.twilio(http.MethodGet, "/v2/Channels/Senders?Channel=whatsapp", nil).json(t)["senders"].([]any)
	require.Len(t, senders, 1)
	require.Equal(t, "whatsapp:"+twilioWhatsApp, senders[0].(object)["sender_id"])
}
