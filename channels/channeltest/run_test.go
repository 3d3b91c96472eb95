package channeltest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/internal/chat"
)

func toyAccount() channels.Account {
	return channels.Account{
		Secrets: map[string]string{"key": "given"},
		Senders: []channels.AccountSender{{ID: "s1", Channel: chat.ChannelSMS, Address: "+12025550100"}},
	}
}

const (
	toyRequest = "# A text.\nPOST /hooks/toy/1 HTTP/1.1\n\n{\"text\": \"hi\"}\n"
	toyWant    = `{
  "events": [
    {
      "Received": {
        "From": {
          "Phone": "+12025550123"
        },
        "Kind": "text",
        "ProviderID": "1",
        "Sender": "s1",
        "Text": "hi"
      }
    }
  ]
}
`
	toyMessage  = `{"Text": "hi", "To": {"Kind": "phone", "Value": "+12025550123"}}`
	toyCall     = ">>> POST https://toy.example.com/send\nContent-Type: application/json\nX-Key: {{key}}\n\n{\"text\": \"hi\"}\n"
	toyExchange = toyCall + "<<< 200\n\nid7\n"
	toyReceipt  = "{\n  \"receipt\": {\n    \"ProviderID\": \"id7\"\n  }\n}\n"
)

// files writes a case folder; names and texts alternate.
func files(t *testing.T, namesAndTexts ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(namesAndTexts); i += 2 {
		require.NoError(t, os.WriteFile(filepath.Join(dir, namesAndTexts[i]), []byte(namesAndTexts[i+1]), 0o600))
	}
	return dir
}

func says(t *testing.T, found problems, want string) {
	t.Helper()
	if want == "" {
		require.Empty(t, found)
		return
	}
	require.Contains(t, strings.Join(found, "\n"), want)
}

func TestRunnerSeesBrokenWebhookHandling(t *testing.T) {
	t.Parallel()
	party := channels.Party{Phone: "+12025550123"}
	for name, test := range map[string]struct {
		toy  toy
		want string
	}{
		"nothing broken":            {toy{}, ""},
		"verifies nothing":          {toy{skipsVerify: true}, "a changed body was taken for genuine"},
		"takes missing signatures":  {toy{skipsVerify: true}, "a missing signature was taken for genuine"},
		"takes other accounts":      {toy{skipsVerify: true}, "signed for another account was taken"},
		"loose about signatures":    {toy{looseSignature: true}, "a signature sent twice was taken"},
		"secret in a refusal":       {toy{leaksInRefusal: true}, "a refusal shows the secret"},
		"secret in a parse error":   {toy{leaksInParseError: true}, "an error shows the secret"},
		"secret in an event":        {toy{leaksInEvent: true}, "an event shows the secret"},
		"changes the body":          {toy{changesBody: true}, "changed the webhook it was given"},
		"half bodies":               {toy{trustsCutBodies: true}, "was taken for a whole one"},
		"unknown fields":            {toy{readsFuture: true}, "unknown fields changed the events"},
		"no events":                 {toy{noEvents: true}, "neither shown nor ignored nor parked"},
		"other result":              {toy{badEvent: channels.Ignored{Why: "x"}}, "want\n"},
		"no why":                    {toy{badEvent: channels.Ignored{Why: " "}}, "does not say why"},
		"no why, malformed":         {toy{badEvent: channels.Malformed{}}, "does not say why"},
		"empty received":            {toy{badEvent: channels.Received{}}, "from nobody"},
		"foreign sender":            {toy{badEvent: channels.Received{Sender: "other"}}, "is not the account's"},
		"no E.164":                  {toy{badEvent: channels.Received{From: channels.Party{Phone: "12025550123"}}}, "is not E.164"},
		"NUL":                       {toy{badEvent: channels.Received{From: party, Text: "a\x00b"}}, "cannot be stored"},
		"no UTF-8":                  {toy{badEvent: channels.Received{From: party, Text: "a\xff"}}, "cannot be stored"},
		"no reference":              {toy{badEvent: channels.Received{Media: make([]channels.InboundMedia, 1)}}, "media without a reference"},
		"report of nothing":         {toy{badEvent: channels.Report{Status: chat.StatusSent}}, "names no message"},
		"report of queued":          {toy{badEvent: channels.Report{ProviderID: "1", Status: chat.StatusQueued}}, "not a provider's to report"},
		"failed without why":        {toy{badEvent: channels.Report{ProviderID: "1", Status: chat.StatusFailed}}, `status "failed" with error`},
		"failed, left open":         {toy{badEvent: failed(channels.ReasonAmbiguous, "x")}, "leaves it open"},
		"failed, unknown reason":    {toy{badEvent: failed("bad luck", "x")}, "not one of the contract"},
		"failed, no words":          {toy{badEvent: failed(channels.ReasonRejected, "")}, "without words"},
		"failed, too many words":    {toy{badEvent: failed(channels.ReasonRejected, strings.Repeat("x", 501))}, "longer than 500"},
		"reference not advertised":  {toy{badEvent: channels.Report{Reference: "r", Status: chat.StatusSent}}, "none comes back"},
		"match not advertised":      {toy{badEvent: channels.Report{ProviderID: "1", Status: chat.StatusSent, Match: &channels.Match{}}}, "a match, though"},
		"delivered not advertised":  {toy{badEvent: channels.Report{ProviderID: "1", Status: chat.StatusDelivered}}, "is not reported"},
		"read not advertised":       {toy{badEvent: channels.Report{ProviderID: "1", Status: chat.StatusRead}}, "is not reported"},
		"pointer in place of event": {toy{badEvent: &channels.Ignored{Why: "x"}}, "is not an event of the contract"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRunner(test.toy, toyAccount(), SignedBy(toySigner))
			says(t, r.checkIn(files(t, "request.http", toyRequest, "want.json", toyWant)), test.want)
		})
	}
}

func failed(reason channels.Reason, text string) channels.Report {
	return channels.Report{ProviderID: "1", Status: chat.StatusFailed, Error: &channels.Error{Reason: reason, Text: text}}
}

func TestRunnerLetsPanicsThrough(t *testing.T) {
	t.Parallel()
	r := newRunner(toy{panicsOnNumbers: true}, toyAccount(), SignedBy(toySigner))
	dir := files(t, "request.http", toyRequest, "want.json", toyWant)
	require.Panics(t, func() { r.checkIn(dir) })
}

func TestRunnerSeesBrokenSending(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		toy      toy
		exchange string
		want     string
	}{
		"nothing broken":      {toy{}, toyExchange, ""},
		"unused answer":       {toy{}, toyExchange + toyExchange, "1 expected calls were not made"},
		"no call expected":    {toy{}, "# none\n", "unexpected call: POST"},
		"two calls":           {toy{callsTwice: true}, toyExchange, "unexpected call: POST"},
		"two calls, expected": {toy{callsTwice: true}, toyExchange + toyExchange, "Send made 2 calls"},
		"no call":             {toy{callsNever: true}, toyExchange, "success without a call"},
		"answer not closed":   {toy{leavesOpen: true}, toyExchange, "an answer was not closed"},
		"own context":         {toy{dropsContext: true}, toyExchange, "the caller's context"},
		"one header more":     {toy{otherHeader: true}, toyExchange, "the headers are"},
		"other body":          {toy{otherBody: true}, toyExchange, "the request's body is"},
		"no id":               {toy{noReceiptID: true}, toyExchange, "a receipt without an id"},
		"secret in address":   {toy{leaksInURL: true}, toyExchange, "the address shows the secret"},
		"secret in error":     {toy{leaksInError: true}, toyExchange, "an error shows the secret"},
		"secret in trace":     {toy{hidesSecret: true}, toyExchange, "a trace redacted by Secrets shows the secret"},
		"Doer's error, kept":  {toy{}, toyCall + "<<< fail\n", "\"doer_error\": true"},
		"Doer's error, lost":  {toy{wrapsDoerError: true}, toyCall + "<<< fail\n", "neither the Doer's error as it is"},
		"other result":        {toy{}, toyCall + "<<< 500\n\n", "want\n"},
		"misspelt secret":     {toy{}, strings.Replace(toyExchange, "{{key}}", "{{kee}}", 1), "no secret \"kee\""},
		"no answer":           {toy{}, toyCall, "has no answer"},
		"answer first":        {toy{}, "<<< 200\n", "before any request"},
		"odd answer":          {toy{}, toyCall + "<<< maybe\n", "is not an answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRunner(test.toy, toyAccount())
			says(t, r.checkOut(files(t, "message.json", toyMessage, "exchange.http", test.exchange, "want.json", toyReceipt)), test.want)
		})
	}
}

func TestRunnerSeesBrokenCases(t *testing.T) {
	t.Parallel()
	r := newRunner(toy{}, toyAccount(), SignedBy(toySigner))
	says(t, r.checkIn(files(t, "request.http", toyRequest, "want.json", toyWant, "want.jsn", "")), "not read: want.jsn")
	says(t, r.checkIn(files(t, "request.http", toyRequest)), "run with -update")
	says(t, r.checkIn(files(t, "request.http", "POST / HTTP/1.1\n")), "no empty line")
	says(t, r.checkIn(files(t, "request.http", "no request\n\n{}")), "read the webhook's head")
	says(t, r.checkIn(files(t, "request.http", "# received soon\n"+toyRequest)), "when the webhook came in")
	says(t, r.checkOut(files(t, "message.json", `{"Txt": "hi"}`, "exchange.http", "")), "unknown field")
	says(t, r.checkOut(files(t, "media.json", `{"Reference": "1"}`, "exchange.http", "")), "fetches no media")
}

func TestUnsignedCaseIsForged(t *testing.T) {
	t.Parallel()
	r := newRunner(toy{}, toyAccount(), SignedBy(toySigner))
	want := "{\n  \"forged\": \"webhook is not signed by the provider\"\n}\n"
	says(t, r.checkIn(files(t, "request.http", "# unsigned\n"+toyRequest, "want.json", want)), "")
}

func TestCaseWithItsOwnSignatureKeepsTheGivenSecrets(t *testing.T) {
	t.Parallel()
	r := newRunner(toy{}, toyAccount(), SignedBy(toySigner))
	webhook := &channels.Webhook{Body: []byte("{\"text\": \"hi\"}\n")}
	signed := strings.Replace(toyRequest, "HTTP/1.1\n", "HTTP/1.1\nX-Toy: "+toySignature(toyAccount(), webhook)+"\n", 1)
	says(t, r.checkIn(files(t, "request.http", signed, "want.json", toyWant)), "")
}

func TestUpdateWritesWhatWasGot(t *testing.T) {
	t.Parallel()
	r := newRunner(toy{}, toyAccount(), SignedBy(toySigner))
	r.update = true
	dir := files(t, "request.http", toyRequest, "want.json", "old")
	says(t, r.checkIn(dir), "")
	written, err := os.ReadFile(filepath.Join(dir, "want.json"))
	require.NoError(t, err)
	require.Equal(t, toyWant, string(written))
}

func TestSecretsAreListed(t *testing.T) {
	t.Parallel()
	says(t, newRunner(toy{hidesSecret: true}, toyAccount()).checkAdapter(), `does not list "key"`)
	says(t, newRunner(toy{}, toyAccount()).checkAdapter(), "")
}

func TestLeaksAreFoundInEveryForm(t *testing.T) {
	t.Parallel()
	account := plant(toyAccount())
	for _, form := range []string{"{{key}}", "{{url key}}", "{{base64 key}}", "{{base64 key:key}}"} {
		text, err := fill("before "+form+" after", account)
		require.NoError(t, err)
		require.NotEmpty(t, leaks(account, "it", text), text)
	}
	require.Empty(t, leaks(account, "it", "canary+ke and nothing else of it, long enough to hold one"))
}
