package ctm_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/internal/chat"
)

// taking takes every text and keeps the last form.
type taking struct{ form url.Values }

func (d *taking) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if d.form, err = url.ParseQuery(string(body)); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"status":"processing"}`)), Request: r}, nil
}

func switched(name string) channels.Account {
	a := account()
	a.Settings[name] = "true"
	return a
}

func TestNumbersWithoutCountryCodeAreRefusedWhereThatIsWanted(t *testing.T) {
	t.Parallel()
	national := channels.Outgoing{
		From: account().Senders[0], To: chat.Identifier{Kind: chat.IdentifierPhone, Value: "(202) 555-0123"}, Text: "Hi",
	}
	doer := &taking{}
	_, err := ctm.New().Send(t.Context(), doer, account(), national)
	require.NoError(t, err)
	require.Equal(t, "+12025550123", doer.form.Get("to"))

	strict := switched("require_country_code")
	doer.form = nil
	_, err = ctm.New().Send(t.Context(), doer, strict, national)
	var refused *channels.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, channels.ReasonInvalidRecipient, refused.Reason)
	require.Nil(t, doer.form, "nobody was called")

	national.To.Value = "+12025550123"
	_, err = ctm.New().Send(t.Context(), doer, strict, national)
	require.NoError(t, err)
}

func TestFilesGoByTheirAddressWhereThatIsTried(t *testing.T) {
	t.Parallel()
	picture := channels.Outgoing{
		From: account().Senders[0], To: chat.Identifier{Kind: chat.IdentifierPhone, Value: "+12025550123"},
		Media: []channels.OutgoingMedia{{Kind: chat.KindImage, ContentType: "image/png", URL: "https://hub.example.com/f"}},
	}
	doer := &taking{}
	_, err := ctm.New().Send(t.Context(), doer, switched("send_files"), picture)
	require.NoError(t, err)
	require.Equal(t, "https://hub.example.com/f", doer.form.Get("media_url"))

	for _, spoil := range []func(*channels.OutgoingMedia){
		func(f *channels.OutgoingMedia) { f.ContentType = "application/pdf" },
		func(f *channels.OutgoingMedia) { f.URL = "" },
	} {
		spoilt := picture
		spoilt.Media = []channels.OutgoingMedia{picture.Media[0]}
		spoil(&spoilt.Media[0])
		_, err := ctm.New().Send(t.Context(), doer, switched("send_files"), spoilt)
		require.Error(t, err)
	}
}

// A text has one id, whether a webhook tells of it or the list: it is stored once.
func TestI2APolledTextIsTheOneOfTheWebhook(t *testing.T) {
	t.Parallel()
	text := `{"message_id":"MSG0001","account_id":500001,"caller_number":"+12025550123","tracking_number":"+12025550100",` +
		`"direction":"msg_inbound","message_body":"Hi","unix_time":1752000100}`
	told, _, err := ctm.New().Parse(account(), &channels.Webhook{Body: []byte(text)})
	require.NoError(t, err)
	polled, err := ctm.New().ParsePolled(account(), []byte(`{"calls":[`+text+`]}`))
	require.NoError(t, err)
	require.Equal(t, told, polled)
}

func TestThePollIsANetEveryTwoMinutes(t *testing.T) {
	t.Parallel()
	require.Equal(t, 2*time.Minute, ctm.New().PollEvery(account()))
}
