package main_test

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// connector is the first of a provider on the ready line.
func (p *program) connector(t testing.TB, provider string) connector {
	t.Helper()
	for _, c := range p.ready.Connectors {
		if c.Provider == provider {
			return c
		}
	}
	t.Fatalf("there is no connector of %s", provider)
	return connector{}
}

// hook posts a webhook as a program would, with a signature or without.
func hook(t testing.TB, c connector, body string, headers map[string]string) int {
	t.Helper()
	return hookFrom(t, c, strings.NewReader(body), headers)
}

func hookFrom(t testing.TB, c connector, body io.Reader, headers map[string]string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.WebhookURL, body)
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	status, _ := do(t, web(t), req)
	return status
}

// signed signs a body the provider's way, from the ready line alone.
func signed(c connector, body string) map[string]string {
	if c.Provider == "ringcentral" { // a word that goes along with every body
		return map[string]string{"Verification-Token": c.SigningSecret}
	}
	if c.Provider == "whatsapp_cloud" {
		mac := hmac.New(sha256.New, []byte(c.SigningSecret))
		mac.Write([]byte(body))
		return map[string]string{"X-Hub-Signature-256": "sha256=" + hex.EncodeToString(mac.Sum(nil))}
	}
	if c.Provider == "twilio" {
		return map[string]string{"X-Twilio-Signature": twilioSignature(c, body)}
	}
	if c.Provider == "gupshup" {
		return map[string]string{"X-Converse-Secret": c.SigningSecret}
	}
	now := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha1.New, []byte(c.SigningSecret))
	mac.Write([]byte(now + body))
	return map[string]string{"X-CTM-Time": now, "X-CTM-Signature": base64.StdEncoding.EncodeToString(mac.Sum(nil))}
}

// twilioSignature covers the printed address and every field of the form.
func twilioSignature(c connector, body string) string {
	form, _ := url.ParseQuery(body)
	mac := hmac.New(sha1.New, []byte(c.SigningSecret))
	mac.Write([]byte(c.WebhookURL))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		mac.Write([]byte(name + form.Get(name)))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// inbound is a lead's text as a provider posts it.
func inbound(c connector, from, id, text string) string {
	if c.Provider == "ctm" {
		return fmt.Sprintf(`{"message_id":%q,"account_id":500001,"caller_number":%q,"tracking_number":%q,"direction":"msg_inbound",`+
			`"message_body":%q,"unix_time":%d}`, id, from, c.Sender, text, time.Now().Unix())
	}
	if c.Provider == "twilio" {
		return url.Values{
			"AccountSid": {"AC0123456789abcdef0123456789abcdef"}, "MessageSid": {id}, "SmsStatus": {"received"}, "NumMedia": {"0"},
			"From": {from}, "To": {c.Sender}, "Body": {text},
		}.Encode()
	}
	if c.Provider == "ringcentral" {
		return fmt.Sprintf(`{"uuid":"1","event":"/restapi/v1.0/account/6298930001/extension/6298930001/message-store/instant?type=SMS","body":{`+
			`"id":%q,"type":"SMS","direction":"Inbound","from":{"phoneNumber":%q},"to":[{"phoneNumber":%q,"target":true}],"subject":%q,`+
			`"creationTime":%q}}`, id, from, c.Sender, text, time.Now().UTC().Format(time.RFC3339))
	}
	digits := strings.TrimPrefix(from, "+")
	if c.Provider == "gupshup" {
		return fmt.Sprintf(`{"app":"HarbourHomes","timestamp":%d,"version":2,"type":"message","payload":{"id":%q,"source":%q,"type":"text",`+
			`"payload":{"text":%q},"sender":{"phone":%q,"name":"Nils Guest"}}}`, time.Now().UnixMilli(), id, digits, text, digits)
	}
	return fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"field":"messages","value":{`+
		`"messaging_product":"whatsapp","metadata":{"display_phone_number":%q,"phone_number_id":"106540352242922"},`+
		`"contacts":[{"profile":{"name":"Nils Guest"},"wa_id":%q}],`+
		`"messages":[{"from":%q,"id":%q,"timestamp":"%d","type":"text","text":{"body":%q}}]}}]}]}`,
		strings.TrimPrefix(c.Sender, "+"), digits, digits, id, time.Now().Unix(), text)
}

// webhooks are called from the ready line alone, with nothing else going on.
func webhooks(t *testing.T, p *program) {
	for _, c := range p.ready.Connectors {
		t.Run(c.Provider, func(t *testing.T) {
			shown(t, p, c)
			forged(t, p, c)
			tooLarge(t, p, c)
			garbage(t, p, c)
		})
	}
	t.Run("a type that nobody knows", func(t *testing.T) { unknownType(t, p) })
}

// strangers have numbers that no lead of the demo has.
var strangers = map[string]string{
	"ctm": "+13035550177", "gupshup": "+13035550182", "ringcentral": "+13035550175", "twilio": "+13035550183", "whatsapp_cloud": "+13035550178",
}

func shown(t *testing.T, p *program, c connector) {
	t.Helper()
	before := map[string]int{} // a handshake has come by itself where webhooks are ordered
	for _, result := range []string{"shown", "ignored", "received"} {
		before[result] = p.callbacks(t, c.Provider, result)
	}
	text := inbound(c, strangers[c.Provider], "own-1", "Is the house still for sale?")
	for range 2 {
		require.Equal(t, http.StatusOK, hook(t, c, text, signed(c, text)))
	}
	user := p.signIn(t, "sales_manager")
	said := user.messages(t, user.talkOn(t, c.Sender, strangers[c.Provider]))
	require.Len(t, said, 1, "one message, however often it is posted")
	require.Equal(t, "Is the house still for sale?", said[0]["text"])
	require.Equal(t, "inbound", said[0]["direction"])
	require.Equal(t, before["shown"]+1, p.callbacks(t, c.Provider, "shown"))
	require.Equal(t, before["ignored"]+1, p.callbacks(t, c.Provider, "ignored"))
	require.Equal(t, before["received"]+2, p.callbacks(t, c.Provider, "received"))
}

func forged(t *testing.T, p *program, c connector) {
	t.Helper()
	admin := p.signIn(t, "administrator")
	stored := admin.ok(t, "ConnectorService/ListCallbacks", map[string]any{})["counts"]
	before := p.callbacks(t, c.Provider, "refused")
	text := inbound(c, "+13035550179", "forged-1", "I am not who I say I am")
	other := c
	other.SigningSecret += "x"
	attempts := []map[string]string{nil, signed(other, text)}
	if c.Provider != "gupshup" && c.Provider != "ringcentral" { // whose words say nothing of the body
		attempts = append(attempts, signed(c, text+" "))
	}
	switch c.Provider {
	case "ctm":
		late := signed(c, text)
		late["X-CTM-Time"] = "1752000000"
		attempts = append(attempts, late)
	case "twilio":
		elsewhere := c
		elsewhere.WebhookURL += "?message=1"
		attempts = append(attempts, signed(elsewhere, text))
	case "gupshup":
		attempts = append(attempts, map[string]string{"X-Converse-Secret": strings.ToUpper(c.SigningSecret)}, map[string]string{"X-Converse-Secret": ""})
	case "ringcentral":
		attempts = append(attempts, map[string]string{"Verification-Token": ""}, map[string]string{"Validation-Token": "guess"})
	case "whatsapp_cloud":
		attempts = append(attempts, map[string]string{"X-Hub-Signature-256": strings.ToUpper(signed(c, text)["X-Hub-Signature-256"])},
			map[string]string{"X-Hub-Signature-256": "sha256="})
	}
	for n, headers := range attempts {
		require.Equal(t, http.StatusUnauthorized, hook(t, c, text, headers), n)
	}
	moved := c
	moved.WebhookURL += "x"
	require.Equal(t, http.StatusNotFound, hook(t, moved, text, signed(c, text)), "another word in the address")
	require.Equal(t, before+len(attempts)+1, p.callbacks(t, c.Provider, "refused"))
	require.Equal(t, stored, admin.ok(t, "ConnectorService/ListCallbacks", map[string]any{})["counts"], "nothing was stored")
	require.Empty(t, admin.ok(t, "LeadService/SearchLeads", map[string]any{"query": "+13035550179"})["leads"])
	require.NotContains(t, p.stderr.String(), "not who I say")
}

func tooLarge(t *testing.T, p *program, c connector) {
	t.Helper()
	before := p.callbacks(t, c.Provider, "refused")
	large := strings.Repeat("a", 4<<20+1)
	// Who declares too much is told before sending a byte of it.
	declared := signed(c, large)
	declared["Expect"] = "100-continue"
	require.Equal(t, http.StatusRequestEntityTooLarge, hook(t, c, large, declared))
	chunked := io.MultiReader(strings.NewReader(large))
	require.Equal(t, http.StatusRequestEntityTooLarge, hookFrom(t, c, chunked, signed(c, large)))
	// Who reads no answer before all is sent learns of it too: the line holds less.
	require.Equal(t, http.StatusRequestEntityTooLarge, hookBlindly(t, c, strings.Repeat(large, 3)))
	require.Equal(t, before+3, p.callbacks(t, c.Provider, "refused"))
}

// hookBlindly posts a webhook and looks for an answer only when all of it is written.
func hookBlindly(t testing.TB, c connector, body string) int {
	t.Helper()
	address, err := url.Parse(c.WebhookURL)
	require.NoError(t, err)
	line, err := net.Dial("tcp", address.Host)
	require.NoError(t, err)
	defer line.Close()
	_, err = fmt.Fprintf(line, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n%s", address.Path, address.Host, len(body), body)
	require.NoError(t, err)
	answer, err := http.ReadResponse(bufio.NewReader(line), nil)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
}

func garbage(t *testing.T, p *program, c connector) {
	t.Helper()
	body := `{"object": "not quite`
	require.Equal(t, http.StatusOK, hook(t, c, body, signed(c, body)))
	admin := p.signIn(t, "administrator")
	parked := list(admin.ok(t, "ConnectorService/ListCallbacks", map[string]any{"result": "parked", "limit": 1})["callbacks"])
	require.Len(t, parked, 1)
	require.Equal(t, c.Provider, parked[0]["provider"])
	require.NotEmpty(t, parked[0]["why"])
	id := map[string]any{"callbackId": parked[0]["id"]}
	require.Equal(t, body, admin.ok(t, "ConnectorService/GetCallback", id)["body"])
	again := admin.ok(t, "ConnectorService/ReplayCallback", id)["callback"].(map[string]any)
	require.Equal(t, "parked", again["result"], "it is garbage still")
	require.EqualValues(t, 1, again["replays"])
}

func unknownType(t *testing.T, p *program) {
	c := p.connector(t, "whatsapp_cloud")
	body := strings.Replace(inbound(c, "+13035550176", "own-2", "x"), `"type":"text","text"`, `"type":"hologram","hologram"`, 1)
	require.Contains(t, body, "hologram")
	require.Equal(t, http.StatusOK, hook(t, c, body, signed(c, body)))
	user := p.signIn(t, "sales_manager")
	said := user.messages(t, user.talk(t, "+13035550176", "whatsapp"))
	require.Len(t, said, 1)
	require.Equal(t, "unsupported", said[0]["kind"])
	require.Contains(t, said[0]["text"], "hologram")
}
