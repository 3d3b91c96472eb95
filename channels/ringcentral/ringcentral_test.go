package ringcentral_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ringcentral"
	"converse/internal/chat"
)

// The adapter's optional abilities.
var (
	_ channels.Adapter      = ringcentral.Adapter{}
	_ channels.TokenGranter = ringcentral.Adapter{}
	_ channels.Subscriber   = ringcentral.Adapter{}
	_ channels.Poller       = ringcentral.Adapter{}
	_ channels.Checker      = ringcentral.Adapter{}
	_ channels.MediaFetcher = ringcentral.Adapter{}
	_ channels.Explainer    = ringcentral.Adapter{}
	_ channels.Former       = ringcentral.Adapter{}
)

func message() channels.Outgoing {
	return channels.Outgoing{
		From: account().Senders[0], Text: "Hello",
		To: chat.Identifier{Kind: chat.IdentifierPhone, Value: "+12025550123"},
	}
}

func reasonOf(t *testing.T, err error) channels.Reason {
	t.Helper()
	var refused *channels.Error
	require.ErrorAs(t, err, &refused)
	return refused.Reason
}

func TestWithoutATokenNothingIsCalled(t *testing.T) {
	t.Parallel()
	bare, ctx, adapter := account(), context.Background(), ringcentral.New()
	bare.Token = ""
	_, err := adapter.Send(ctx, nil, bare, message())
	require.Equal(t, channels.ReasonTokenExpired, reasonOf(t, err))
	_, err = adapter.Poll(ctx, nil, bare, channels.PollQuery{})
	require.Equal(t, channels.ReasonTokenExpired, reasonOf(t, err))
	_, err = adapter.KeepSubscription(ctx, nil, bare, "")
	require.Equal(t, channels.ReasonTokenExpired, reasonOf(t, err))
	_, err = adapter.Check(ctx, nil, bare)
	require.Equal(t, channels.ReasonTokenExpired, reasonOf(t, err))
	_, err = adapter.FetchMedia(ctx, nil, bare, "https://media.ringcentral.com/1")
	require.Equal(t, channels.ReasonTokenExpired, reasonOf(t, err))
}

func TestAWronglySetUpAccountMakesNoCall(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*channels.Account){
		"no client id":     func(a *channels.Account) { delete(a.Settings, "client_id") },
		"no client secret": func(a *channels.Account) { delete(a.Secrets, "client_secret") },
		"no jwt":           func(a *channels.Account) { delete(a.Secrets, "jwt") },
		"odd address":      func(a *channels.Account) { a.BaseURL = "https://user:test_client_secret@[" },
	} {
		spoiled := account()
		spoil(&spoiled)
		_, err := ringcentral.New().GrantToken(context.Background(), nil, spoiled)
		require.Equal(t, channels.ReasonBadCredentials, reasonOf(t, err), name)
		require.NotContains(t, err.Error(), "test_client_secret")
	}
	spoiled := account()
	spoiled.BaseURL = "https://user:test_client_secret@["
	_, err := ringcentral.New().Send(context.Background(), nil, spoiled, message())
	require.Equal(t, channels.ReasonBadCredentials, reasonOf(t, err))
	spoiled.WebhookURL = ""
	_, err = ringcentral.New().KeepSubscription(context.Background(), nil, spoiled, "")
	require.Equal(t, channels.ReasonRejected, reasonOf(t, err))
}

// doerFunc answers a request in a test.
type doerFunc func(*http.Request) (*http.Response, error)

func (f doerFunc) Do(request *http.Request) (*http.Response, error) { return f(request) }

func TestTheTokenGoesToNoOtherHostInASandboxEither(t *testing.T) {
	t.Parallel()
	sandbox := account()
	sandbox.BaseURL = "http://127.0.0.1:7070/"
	var called []string
	doer := doerFunc(func(request *http.Request) (*http.Response, error) {
		called = append(called, request.URL.String()+" "+request.Header.Get("Authorization"))
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
	})
	fetch := func(address string) error {
		_, err := ringcentral.New().FetchMedia(context.Background(), doer, sandbox, address)
		return err
	}
	require.NoError(t, fetch("http://127.0.0.1:7070/restapi/1"))
	for _, address := range []string{
		"http://127.0.0.1:7071/restapi/1", "https://127.0.0.1:7070/restapi/1", "http://media.ringcentral.com/1",
		"https://platform.ringcentral.com/restapi/1", "//127.0.0.1:7070/1",
	} {
		require.Equal(t, channels.ReasonRejected, reasonOf(t, fetch(address)), address)
	}
	require.Equal(t, []string{"http://127.0.0.1:7070/restapi/1 Bearer EXAMPLE_ACCESS_TOKEN"}, called)
}

func TestDeliveryCodes(t *testing.T) {
	t.Parallel()
	for reason, codes := range map[channels.Reason]string{
		channels.ReasonOptedOut:         "RC-413 UP-413 CAR-413",
		channels.ReasonInvalidRecipient: "RC-410 UP-410 CAR-411",
		channels.ReasonUnsupported:      "CAR-400 CAR-460",
		channels.ReasonRejected:         "RC-430 UP-430 CAR-430 CAR-431 CAR-435 UP-433 CAR-433",
		channels.ReasonThrottled:        "RC-403 CAR-450 CAR-451 CAR-452",
		channels.ReasonTooLong:          "UP-432 CAR-432 CAR-434",
		channels.ReasonAccountSuspended: "UP-431 UP-414 CAR-414 RC-503 RC-504 CAR-461",
		channels.ReasonUnavailable:      "RC-500 RC-501 UP-500 CAR-410 CAR-500 CAR-412",
	} {
		for code := range strings.FieldsSeq(codes) {
			code = "SMS-" + code
			explained(t, code)
			report, notices := failed(t, code)
			require.Equal(t, chat.StatusFailed, report.Status, code)
			require.Equal(t, reason, report.Error.Reason, code)
			require.Equal(t, code, report.Error.Code)
			require.Equal(t, reason == channels.ReasonAccountSuspended, notices == 1, code)
		}
	}
}

// failed reads a text that failed with a code.
func failed(t *testing.T, code string) (report channels.Report, notices int) {
	t.Helper()
	page := `{"records":[{"id":1,"type":"SMS","direction":"Outbound","from":{"phoneNumber":"+12025550100"},"to":[{"phoneNumber":"+12025550123"}],` +
		`"messageStatus":"DeliveryFailed","deliveryErrorCode":"` + code + `","subject":"Hello"}]}`
	events, err := ringcentral.New().ParsePolled(account(), []byte(page))
	require.NoError(t, err)
	for _, event := range events {
		switch event := event.(type) {
		case channels.Report:
			report = event
		case channels.Notice:
			notices++
		}
	}
	return report, notices
}

func TestEveryDocumentedRefusalHasWords(t *testing.T) {
	t.Parallel()
	for code := range strings.FieldsSeq("OAU-128 OAU-129 OAU-149 OAU-213 OAU-232 OAU-236 CMN-101 CMN-102 CMN-301 CMN-302 CMN-401 CMN-408 " +
		"MSG-240 MSG-242 MSG-243 MSG-245 MSG-246 MSG-247 MSG-304 MSG-305 MSG-337 MSG-338 MSG-347 MSG-348 MSG-367 MSG-380 MSG-381 MSG-384 MSG-397 MSG-403 " +
		"SUB-505 SUB-516 SUB-520 SUB-521 SUB-523 SUB-525 SUB-527") {
		explained(t, code)
	}
	for _, code := range []string{"", "MSG-999", "SMS-CAR-104", "SMS-CAR-199"} {
		_, _, ok := ringcentral.New().Explain(code)
		require.False(t, ok, code)
	}
}

func explained(t *testing.T, code string) {
	t.Helper()
	text, next, ok := ringcentral.New().Explain(code)
	require.True(t, ok, code)
	require.Regexp(t, `^[A-Z].{8,118}\.$`, text, code)
	require.Regexp(t, `^[A-Z].{8,118}\.$`, next, code)
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	able := ringcentral.New().Capabilities(account())
	require.Equal(t, 1000, able.Text)
	require.True(t, able.DeliveredReports)
	require.False(t, able.ReadReports || able.Window || able.Templates || able.AnswersWithoutID || able.EchoesReference)
	require.Equal(t, channels.Rate{Calls: 40, Per: time.Minute}, able.Rate)
	require.Equal(t, 10, able.FilesPerMessage)
	kinds := map[chat.MessageKind]int{}
	for _, rule := range able.Media {
		require.Equal(t, int64(1_500_000), rule.MaxBytes)
		kinds[rule.Kind] = len(rule.Types)
	}
	require.Equal(t, map[chat.MessageKind]int{chat.KindImage: 6, chat.KindVideo: 1, chat.KindAudio: 1, chat.KindDocument: 2}, kinds)
	require.Equal(t, 5*time.Minute, ringcentral.New().PollEvery(account()))
}

func TestSecretsHoldThePairThatBasicJoins(t *testing.T) {
	t.Parallel()
	require.Contains(t, ringcentral.New().Secrets(account()), "test_client:test_client_secret")
	require.NotContains(t, ringcentral.New().Secrets(channels.Account{}), ":")
}

func TestAPageOfAnotherShapeIsNotTakenForAnEmptyOne(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"records":{"id":1}}`, `{"records":7}`, `[]`, `<html>`} {
		_, err := ringcentral.New().ParsePolled(account(), []byte(body))
		require.Error(t, err, body)
	}
	answered := doerFunc(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
	})
	_, err := ringcentral.New().Poll(context.Background(), answered, account(), channels.PollQuery{})
	require.Equal(t, channels.ReasonUnavailable, reasonOf(t, err))
}

func TestFormTakesWhatRingCentralShows(t *testing.T) {
	t.Parallel()
	samples := map[string][2]string{
		"client_id":          {"8Qf2mDLxTzWd_PeJ-3bEXA", "two words"},
		"client_secret":      {"s0Me-Secret_Value1234567890", "tab\t"},
		"jwt":                {"eyJraWQiOiI4.eyJhdWQiOiJo.SflKxwRJSM-eKKF2", "eyJraWQiOiI4"},
		"verification_token": {"abcdefgh12345678", "short"},
	}
	form := ringcentral.New().Form()
	require.Len(t, form.Fields, len(samples))
	for _, field := range form.Fields {
		require.NotEmpty(t, field.Label)
		require.NotEmpty(t, field.Help)
		require.True(t, field.Pattern.MatchString(samples[field.Name][0]), field.Name)
		require.False(t, field.Pattern.MatchString(samples[field.Name][1]), field.Name)
		require.Equal(t, field.Name == "verification_token", field.Ours)
	}
	require.Equal(t, []chat.Channel{chat.ChannelSMS}, form.Channels)
	require.False(t, form.Ref.Required)
}
