package twilio_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/twilio"
	"converse/internal/chat"
)

// taker takes every send and keeps the last one.
type taker struct {
	request *http.Request
	form    url.Values
}

func (d *taker) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, errors.New("read the request")
	}
	d.request = r
	d.form, err = url.ParseQuery(string(body))
	return &http.Response{StatusCode: http.StatusCreated, Body: io.NopCloser(strings.NewReader(`{"sid":"SM1"}`))}, err
}

func (d *taker) send(t *testing.T, a channels.Account, from int) url.Values {
	t.Helper()
	_, err := twilio.New().Send(context.Background(), d, a, channels.Outgoing{
		Reference: reference, From: a.Senders[from], Text: "Hello", To: chat.Identifier{Kind: chat.IdentifierPhone, Value: "+12025550123"},
	})
	require.NoError(t, err)
	return d.form
}

func TestCallsGoWithTheAPIKeyWhereThereIsOne(t *testing.T) {
	t.Parallel()
	a, doer := account(), &taker{}
	a.Settings["api_key_sid"] = "SK0123456789abcdef0123456789abcdef"
	doer.send(t, a, 0)
	user, _, _ := doer.request.BasicAuth()
	require.Equal(t, accountSID, user, "a key without its secret opens nothing")
	a.Secrets["api_key_secret"] = "key-secret"
	doer.send(t, a, 0)
	user, password, _ := doer.request.BasicAuth()
	require.Equal(t, []string{"SK0123456789abcdef0123456789abcdef", "key-secret"}, []string{user, password})
	require.Contains(t, doer.request.URL.Path, accountSID)
	require.Contains(t, twilio.New().Secrets(a), "SK0123456789abcdef0123456789abcdef:key-secret")

	for _, missing := range []string{"auth_token", "api_key_secret"} {
		delete(a.Secrets, missing)
	}
	_, err := twilio.New().Send(context.Background(), doer, a, channels.Outgoing{
		From: a.Senders[0], Text: "Hello", To: chat.Identifier{Kind: chat.IdentifierPhone, Value: "+12025550123"},
	})
	var refused *channels.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, channels.ReasonBadCredentials, refused.Reason)
}

func TestSMSNumbersSendThroughTheAccountsService(t *testing.T) {
	t.Parallel()
	a, doer := account(), &taker{}
	require.False(t, doer.send(t, a, 0).Has("MessagingServiceSid"))
	a.Settings["messaging_service_sid"] = "MG00000000000000000000000000000001"
	form := doer.send(t, a, 0)
	require.Equal(t, "MG00000000000000000000000000000001", form.Get("MessagingServiceSid"))
	require.Equal(t, "+12025550100", form.Get("From"), "the conversation stays with its number")
	require.Equal(t, serviceSID, doer.send(t, a, 2).Get("MessagingServiceSid"), "a number's own service goes first")
	require.False(t, doer.send(t, a, 1).Has("MessagingServiceSid"), "a WhatsApp number names its own")
}

func TestTheStatusCallbackBringsOurIDBack(t *testing.T) {
	t.Parallel()
	a, doer := account(), &taker{}
	callback, err := url.Parse(doer.send(t, a, 0).Get("StatusCallback"))
	require.NoError(t, err)
	events, _, err := twilio.New().Parse(a, hook(a.Secrets["auth_token"], callback.RawQuery, status))
	require.NoError(t, err)
	require.Equal(t, []channels.Event{channels.Report{ProviderID: "SM1", Reference: reference, Status: chat.StatusDelivered}}, events)
}

func TestAnOddAccountSIDNeverBecomesAPath(t *testing.T) {
	t.Parallel()
	for _, sid := range []string{"", "AC123", accountSID + "/x", "../" + accountSID} {
		a := account()
		a.Settings["account_sid"] = sid
		_, err := twilio.New().Poll(context.Background(), &taker{}, a, channels.PollQuery{})
		var refused *channels.Error
		require.ErrorAs(t, err, &refused, sid)
		require.Equal(t, channels.ReasonBadCredentials, refused.Reason, sid)
	}
}

func TestFilesDifferByChannel(t *testing.T) {
	t.Parallel()
	can := twilio.New().Capabilities(account())
	sms, whatsApp := can.On(chat.ChannelSMS), can.On(chat.ChannelWhatsApp)
	require.False(t, sms.Window)
	require.True(t, whatsApp.Window)
	require.Equal(t, 10, sms.FilesPerMessage)
	require.Equal(t, 1, whatsApp.FilesPerMessage)
	require.Len(t, sms.Media, 1)
	require.Equal(t, []string{"image/jpeg", "image/png", "image/gif"}, sms.Media[0].Types)
	var kinds []chat.MessageKind
	for _, rule := range whatsApp.Media {
		kinds = append(kinds, rule.Kind)
		require.Equal(t, rule.Kind == chat.KindImage || rule.Kind == chat.KindVideo, rule.Caption > 0, "captions only on %s", rule.Kind)
	}
	require.Equal(t, []chat.MessageKind{chat.KindImage, chat.KindVideo, chat.KindAudio, chat.KindDocument}, kinds)
}

var number = regexp.MustCompile(`\+?[0-9]{5,}|[A-Z]{2}[0-9a-f]{32}`)

func TestEveryDocumentedCodeIsExplained(t *testing.T) {
	t.Parallel()
	for code := range strings.FieldsSeq(documented) {
		text, next, ok := twilio.New().Explain(code)
		require.True(t, ok, code)
		for _, sentence := range []string{text, next} {
			require.Regexp(t, `^[A-Z].*\.$`, sentence, code)
			require.NotRegexp(t, number, sentence, code)
			require.LessOrEqual(t, len(sentence), 120, code)
		}
	}
	_, _, ok := twilio.New().Explain("1")
	require.False(t, ok)
}

// documented are the codes that Twilio documents for sends and their receipts.
const documented = `20003 20404 20429 14107 21611 30001 63017 63018 21211 21614 21612 30005 30006 63003 63024
	21610 30004 63014 63033 21408 21601 21606 21608 21703 21705 14108 63007 63015 63020 92002
	30002 30003 30007 30008 30022 30023 30024 30025 30026 30027 30032 21617 21620 21623 11751 30019 63034
	30011 12300 63005 63013 63019 63021 63030 63031 63016 63027 63028 63029 63032 63040 63041
	21654 21655 21656 63038 11200 11205`

func TestTheFormNamesWhatTheAdapterReads(t *testing.T) {
	t.Parallel()
	form := twilio.New().Form()
	names := map[string]bool{}
	for _, field := range form.Fields {
		require.NotEmpty(t, field.Label, field.Name)
		require.NotEmpty(t, field.Help, field.Name)
		names[field.Name] = field.Secret
	}
	require.Equal(t, map[string]bool{
		"account_sid": false, "auth_token": true, "previous_auth_token": true, "messaging_service_sid": false,
		"api_key_sid": false, "api_key_secret": true,
	}, names)
	require.Equal(t, []chat.Channel{chat.ChannelSMS, chat.ChannelWhatsApp}, form.Channels)
	require.False(t, form.Ref.Required)
}
