package gupshup_test

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/gupshup"
	"converse/internal/chat"
)

// The adapter's optional abilities.
var (
	_ channels.Adapter           = gupshup.Adapter{}
	_ channels.MediaFetcher      = gupshup.Adapter{}
	_ channels.Explainer         = gupshup.Adapter{}
	_ channels.Former            = gupshup.Adapter{}
	_ channels.Checker           = gupshup.Adapter{}
	_ channels.Subscriber        = gupshup.Adapter{}
	_ channels.TemplateLister    = gupshup.Adapter{}
	_ channels.TemplateSubmitter = gupshup.Adapter{}
	_ channels.TemplateExampler  = gupshup.Adapter{}
)

func hello() channels.Outgoing {
	return channels.Outgoing{
		From: account().Senders[0], Text: "Hello",
		To: chat.Identifier{Kind: chat.IdentifierPhone, Value: "+919876543210"},
	}
}

// doerFunc answers a request in a test.
type doerFunc func(*http.Request) (*http.Response, error)

func (f doerFunc) Do(request *http.Request) (*http.Response, error) { return f(request) }

// refusing fails the test when a call is made.
func refusing(t *testing.T) doerFunc {
	return func(r *http.Request) (*http.Response, error) {
		t.Errorf("a call was made: %s", r.URL)
		return nil, http.ErrHandlerTimeout
	}
}

func TestOnlyTheAddressProtectsACallbackEnteredInTheDashboard(t *testing.T) {
	t.Parallel()
	bare := &channels.Webhook{Method: http.MethodPost, Header: http.Header{}, Body: []byte("{}")}
	dashboard := account()
	require.ErrorIs(t, gupshup.New().Verify(dashboard, bare), channels.ErrForged)
	dashboard.Settings["dashboard_webhook"] = "true"
	require.NoError(t, gupshup.New().Verify(dashboard, bare))
}

// An account without a secret must not take the empty word, which anybody has.
func TestNoSecretIsNotTheEmptyWord(t *testing.T) {
	t.Parallel()
	without := account()
	delete(without.Secrets, "webhook_secret")
	for _, values := range [][]string{nil, {""}} {
		webhook := &channels.Webhook{Method: http.MethodPost, Header: http.Header{"X-Converse-Secret": values}, Body: []byte("{}")}
		require.ErrorIs(t, gupshup.New().Verify(without, webhook), channels.ErrForged)
	}
}

func TestAWronglySetUpAccountMakesNoCall(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*channels.Account, *channels.Outgoing){
		"no key":      func(a *channels.Account, _ *channels.Outgoing) { delete(a.Secrets, "api_key") },
		"no app":      func(a *channels.Account, _ *channels.Outgoing) { delete(a.Settings, "app_name") },
		"odd app":     func(a *channels.Account, _ *channels.Outgoing) { a.Settings["app_name"] = "a b&c" },
		"odd number":  func(_ *channels.Account, m *channels.Outgoing) { m.From.Address = "910000000001" },
		"odd address": func(a *channels.Account, _ *channels.Outgoing) { a.BaseURL = "https://user:test_gupshup_api_key@[" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spoiled, message := account(), hello()
			spoil(&spoiled, &message)
			_, err := gupshup.New().Send(context.Background(), refusing(t), spoiled, message)
			var refused *channels.Error
			require.ErrorAs(t, err, &refused)
			require.Equal(t, channels.ReasonBadCredentials, refused.Reason)
			require.NotContains(t, err.Error(), "test_gupshup_api_key")
		})
	}
}

// Without access to the partner API nothing is ordered and nothing listed, and the
// account says so itself.
func TestSelfServeHasNoPartnerCalls(t *testing.T) {
	t.Parallel()
	alone := account()
	delete(alone.Settings, "app_id")
	delete(alone.Secrets, "app_token")
	ctx, doer := context.Background(), refusing(t)
	kept, err := gupshup.New().KeepSubscription(ctx, doer, alone, "")
	require.NoError(t, err)
	require.Equal(t, channels.Subscription{}, kept)
	var refused *channels.Error
	_, err = gupshup.New().ListTemplates(ctx, doer, alone, "")
	require.ErrorAs(t, err, &refused)
	require.Equal(t, channels.ReasonUnsupported, refused.Reason)
	_, err = gupshup.New().SubmitTemplate(ctx, doer, alone, channels.Template{
		TemplateReview: channels.TemplateReview{Name: "x"}, Body: "x",
	})
	require.ErrorAs(t, err, &refused)
	require.Equal(t, channels.ReasonUnsupported, refused.Reason)
	_, err = gupshup.New().ExampleFiles(alone)
	require.ErrorContains(t, err, "App ID and App token")
	_, err = gupshup.New().FetchMedia(ctx, doer, alone, "1234567890")
	require.ErrorAs(t, err, &refused)
	require.Equal(t, channels.ReasonUnsupported, refused.Reason)

	asked := 0
	checked, err := gupshup.New().Check(ctx, doerFunc(func(*http.Request) (*http.Response, error) {
		asked++
		return &http.Response{StatusCode: http.StatusBadRequest, Body: body(`{"message":"Invalid Destination","status":"error"}`)}, nil
	}), alone)
	require.NoError(t, err)
	require.Equal(t, 1, asked)
	require.Equal(t, []channels.FoundSender{{Address: "+910000000001"}}, checked.Senders)
	require.Len(t, checked.Warnings, 1)
}

// With several numbers a callback has to name one.
func TestACallbackNamesOneOfSeveralNumbers(t *testing.T) {
	t.Parallel()
	several := account()
	several.Senders = append(several.Senders, channels.AccountSender{
		ID: "0197a000-0000-7000-8000-0000000000c2", Channel: chat.ChannelWhatsApp, Address: "+910000000002", Ref: "77",
	})
	parse := func(body string) []channels.Event {
		events, _, err := gupshup.New().Parse(several, &channels.Webhook{Body: []byte(body)})
		require.NoError(t, err)
		require.Len(t, events, 1)
		return events
	}
	text := `"payload":{"id":"1","source":"919876543210","type":"text","payload":{"text":"x"}}}`
	require.IsType(t, channels.Malformed{}, parse(`{"type":"message",` + text)[0])
	received, ok := parse(`{"type":"message","phone":"910000000002",` + text)[0].(channels.Received)
	require.True(t, ok)
	require.Equal(t, several.Senders[1].ID, received.Sender)
	consent, ok := parse(`{"type":"user-event","payload":{"phone":"919876543210","type":"opted-out"}}`)[0].(channels.Consent)
	require.True(t, ok)
	require.Empty(t, consent.Sender, "it is about all of them")
}

// documented is every code of Gupshup's own and what it means for a message.
var documented = map[channels.Reason][]int{
	channels.ReasonInvalidRecipient: {1002, 131026}, channels.ReasonAccountSuspended: {1003},
	channels.ReasonWindowClosed: {1004, 1005, 1006, 1007, 1008, 470, 131047}, channels.ReasonOptedOut: {1012},
	channels.ReasonRejected:  {1001, 1009, 1010, 1011, 4002, 4003, 4004, 4005, 131049, 131050, 132001},
	channels.ReasonThrottled: {4001, 130429},
}

func TestDocumentedCodes(t *testing.T) {
	t.Parallel()
	for want, codes := range documented {
		for _, number := range codes {
			code := strconv.Itoa(number)
			text, next, ok := gupshup.New().Explain(code)
			require.True(t, ok, code)
			require.Regexp(t, `^[A-Z].{8,118}\.$`, text, code)
			require.Regexp(t, `^[A-Z].{8,118}\.$`, next, code)
			events, _, err := gupshup.New().Parse(account(), &channels.Webhook{
				Body: []byte(`{"type":"message-event","payload":{"id":"1","type":"failed","payload":{"code":` + code + `,"reason":"x"}}}`),
			})
			require.NoError(t, err)
			report, ok := events[0].(channels.Report)
			require.True(t, ok)
			require.Equal(t, want, report.Error.Reason, code)
		}
	}
	_, _, ok := gupshup.New().Explain("987654")
	require.False(t, ok)
}

func TestFilesAreTooLargeByWhatsAppsLimits(t *testing.T) {
	t.Parallel()
	for _, rule := range gupshup.New().Capabilities(account()).Media {
		message := hello()
		message.Text = ""
		message.Media = []channels.OutgoingMedia{{
			Kind: rule.Kind, ContentType: rule.Types[0], URL: "https://hub.example.com/m/1", Size: rule.MaxBytes + 1,
		}}
		_, err := gupshup.New().Send(context.Background(), refusing(t), account(), message)
		var refused *channels.Error
		require.ErrorAs(t, err, &refused)
		require.Equal(t, channels.ReasonUnsupported, refused.Reason)
	}
}

// The secret stands in a header, in JSON and in a form; it is to look the same in each.
func TestTheFormTakesOnlySecretsThatNeedNoEscaping(t *testing.T) {
	t.Parallel()
	for _, field := range gupshup.New().Form().Fields {
		require.NotEmpty(t, field.Label, field.Name)
		require.NotEmpty(t, field.Help, field.Name)
		if field.Name == "webhook_secret" {
			require.True(t, field.Ours)
			require.True(t, field.Pattern.MatchString(account().Secrets["webhook_secret"]))
			for _, odd := range []string{`quote"0123456789012`, "space 01234567890123", "short", `back\slash0123456789`} {
				require.False(t, field.Pattern.MatchString(odd), odd)
			}
		}
	}
}

func body(text string) io.ReadCloser { return io.NopCloser(strings.NewReader(text)) }
