package ctm_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/internal/chat"
)

// The adapter's optional abilities.
var (
	_ channels.Adapter      = ctm.Adapter{}
	_ channels.MediaFetcher = ctm.Adapter{}
	_ channels.Explainer    = ctm.Adapter{}
	_ channels.Former       = ctm.Adapter{}
	_ channels.Checker      = ctm.Adapter{}
	_ channels.Poller       = ctm.Adapter{}
)

// vector is the published sample: a body, its time and its signature.
func vector(t *testing.T) *channels.Webhook {
	t.Helper()
	data, err := os.ReadFile("testdata/in/inbound_text/request.http")
	require.NoError(t, err)
	body := data[len(data)-226:]
	require.Equal(t, byte('{'), body[0])
	return &channels.Webhook{
		Method:     http.MethodPost,
		Header:     http.Header{"X-Ctm-Time": {"1752000101"}, "X-Ctm-Signature": {"fEjmwQI4g5eJyYHhseJj9ay3yTk="}},
		Query:      url.Values{},
		Body:       body,
		ReceivedAt: time.Unix(1752000102, 0),
	}
}

func with(secrets map[string]string) channels.Account {
	a := account()
	a.Secrets = secrets
	return a
}

func TestPublishedVector(t *testing.T) {
	t.Parallel()
	signed := with(map[string]string{"signing_secret": "test_ctm_secret"})
	require.NoError(t, ctm.New().Verify(signed, vector(t)))

	other := with(map[string]string{"signing_secret": "another"})
	require.ErrorIs(t, ctm.New().Verify(other, vector(t)), channels.ErrForged)

	for name, value := range map[string]string{"X-Ctm-Time": "1752000101.0", "X-Ctm-Signature": "fEjmwQI4g5eJyYHhseJj9ay3yTl="} {
		webhook := vector(t)
		webhook.Header.Set(name, value)
		require.ErrorIs(t, ctm.New().Verify(signed, webhook), channels.ErrForged, name)
	}
}

func TestClockToleranceIsAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	signed := with(map[string]string{"signing_secret": "test_ctm_secret"})
	for seconds, good := range map[int]bool{-901: false, -900: true, 0: true, 900: true, 901: false, 1 << 30: false} {
		webhook := vector(t)
		webhook.ReceivedAt = time.Unix(1752000101+int64(seconds), 0)
		err := ctm.New().Verify(signed, webhook)
		if good {
			require.NoError(t, err, seconds)
		} else {
			require.ErrorIs(t, err, channels.ErrForged, seconds)
		}
	}
}

func TestWithoutSecretsTheAddressIsTheOnlyProof(t *testing.T) {
	t.Parallel()
	bare := &channels.Webhook{Method: http.MethodPost, Header: http.Header{}, Body: []byte("{}")}
	require.NoError(t, ctm.New().Verify(with(nil), bare))
}

func TestTokenComesByQueryOrBasicPassword(t *testing.T) {
	t.Parallel()
	guarded := with(map[string]string{"token": "test-hook-token"})
	webhook := func(query url.Values, user, password string) *channels.Webhook {
		request := &http.Request{Header: http.Header{}}
		if user != "" {
			request.SetBasicAuth(user, password)
		}
		return &channels.Webhook{Method: http.MethodPost, Header: request.Header, Query: query, Body: []byte("{}")}
	}
	for name, good := range map[string]*channels.Webhook{
		"query": webhook(url.Values{"token": {"test-hook-token"}}, "", ""),
		"basic": webhook(nil, "hub", "test-hook-token"),
	} {
		require.NoError(t, ctm.New().Verify(guarded, good), name)
	}
	for name, bad := range map[string]*channels.Webhook{
		"none":        webhook(nil, "", ""),
		"empty":       webhook(url.Values{"token": {""}}, "", ""),
		"guess":       webhook(url.Values{"token": {"test-hook-toke"}}, "", ""),
		"two":         webhook(url.Values{"token": {"guess", "test-hook-token"}}, "", ""),
		"basic user":  webhook(nil, "test-hook-token", "x"),
		"basic guess": webhook(nil, "hub", "guess"),
	} {
		require.ErrorIs(t, ctm.New().Verify(guarded, bad), channels.ErrForged, name)
	}
}

func TestAWronglySetUpAccountMakesNoCall(t *testing.T) {
	t.Parallel()
	message := channels.Outgoing{
		From: account().Senders[0], Text: "Hello",
		To: chat.Identifier{Kind: chat.IdentifierPhone, Value: "+12025550123"},
	}
	for name, spoil := range map[string]func(*channels.Account){
		"no account id":  func(a *channels.Account) { delete(a.Settings, "account_id") },
		"odd account id": func(a *channels.Account) { a.Settings["account_id"] = "1/../2" },
		"no access key":  func(a *channels.Account) { delete(a.Secrets, "access_key") },
		"no secret key":  func(a *channels.Account) { delete(a.Secrets, "secret_key") },
		"odd address":    func(a *channels.Account) { a.BaseURL = "https://user:test_secret_key@[" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spoiled := account()
			spoil(&spoiled)
			_, err := ctm.New().Send(context.Background(), nil, spoiled, message)
			var refused *channels.Error
			require.ErrorAs(t, err, &refused)
			require.Equal(t, channels.ReasonBadCredentials, refused.Reason)
			require.NotContains(t, err.Error(), "test_secret_key")
		})
	}
}

// doerFunc answers a request in a test.
type doerFunc func(*http.Request) (*http.Response, error)

func (f doerFunc) Do(request *http.Request) (*http.Response, error) { return f(request) }

func TestSandboxMayBeSpokenToInClearText(t *testing.T) {
	t.Parallel()
	sandbox := account()
	sandbox.BaseURL = "http://127.0.0.1:7070"
	var called []string
	doer := doerFunc(func(request *http.Request) (*http.Response, error) {
		_, _, keys := request.BasicAuth()
		called = append(called, request.URL.String()+" "+strconv.FormatBool(keys))
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
	})
	for _, address := range []string{"http://127.0.0.1:7070/m/1", "http://127.0.0.1:7071/m/1", "https://127.0.0.1:7070/m/1"} {
		_, err := ctm.New().FetchMedia(context.Background(), doer, sandbox, address)
		require.NoError(t, err)
	}
	require.Equal(t, []string{
		"http://127.0.0.1:7070/m/1 true", "http://127.0.0.1:7071/m/1 false", "https://127.0.0.1:7070/m/1 false",
	}, called)
}

func TestSecretsHoldNoBareSeparator(t *testing.T) {
	t.Parallel()
	require.NotContains(t, ctm.New().Secrets(with(map[string]string{"token": "x"})), ":")
	require.Contains(t, ctm.New().Secrets(account()), "test_access_key:test_secret_key")
}

func TestCarrierCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]channels.Reason{
		"21211": channels.ReasonInvalidRecipient, "21612": channels.ReasonInvalidRecipient, "21614": channels.ReasonInvalidRecipient,
		"30005": channels.ReasonInvalidRecipient, "30006": channels.ReasonInvalidRecipient,
		"21610": channels.ReasonOptedOut, "21617": channels.ReasonTooLong, "30002": channels.ReasonAccountSuspended,
		"30001": channels.ReasonThrottled, "30022": channels.ReasonThrottled, "30023": channels.ReasonThrottled, "30024": channels.ReasonThrottled,
		"30025": channels.ReasonThrottled, "30026": channels.ReasonThrottled, "30027": channels.ReasonThrottled,
		"21408": channels.ReasonRejected, "30003": channels.ReasonRejected, "30004": channels.ReasonRejected,
		"30007": channels.ReasonRejected, "30008": channels.ReasonRejected, "30032": channels.ReasonRejected,
	} {
		text, next, ok := ctm.New().Explain(code)
		require.True(t, ok, code)
		require.Regexp(t, `^[A-Z].{8,118}\.$`, text, code)
		require.Regexp(t, `^[A-Z].{8,118}\.$`, next, code)

		body := `{"message_id":"M1","direction":"msg_outbound","caller_number":"+12025550100","called_number":"+12025550123","status":"delivered","sms_error_code":"` + code + `"}`
		events, _, err := ctm.New().Parse(account(), &channels.Webhook{Body: []byte(body)})
		require.NoError(t, err)
		report, ok := events[0].(channels.Report)
		require.True(t, ok)
		require.Equal(t, chat.StatusFailed, report.Status)
		require.Equal(t, want, report.Error.Reason, code)
		require.Equal(t, code, report.Error.Code)
	}
	_, _, ok := ctm.New().Explain("99999")
	require.False(t, ok)
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	can := channels.Capabilities{
		Text: 1600, DeliveredReports: true, AnswersWithoutID: true, Rate: channels.Rate{Calls: 10, Per: time.Second},
	}
	require.Equal(t, can, ctm.New().Capabilities(account()))

	require.True(t, ctm.New().Capabilities(switched("owner_number_only")).OwnerNumber)

	files := account()
	files.Settings["send_files"] = "true"
	can = ctm.New().Capabilities(files)
	require.Equal(t, 1, can.FilesPerMessage)
	var types []string
	for _, rule := range can.Media {
		types = append(types, rule.Types...)
	}
	require.Equal(t, []string{"image/jpeg", "image/png", "image/gif", "text/vcard"}, types, "what the product says of this provider")
}
