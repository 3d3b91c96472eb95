package whatsappcloud_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
)

// documented is every code of Meta's error pages with its HTTP status and what it
// means for a message that was being sent.
var documented = []struct {
	reason channels.Reason
	status int
	codes  []int
}{
	{channels.ReasonBadCredentials, 401, []int{0, 190}},
	{channels.ReasonBadCredentials, 500, []int{3}},
	{channels.ReasonBadCredentials, 403, []int{10, 131005, 200, 201, 219, 250, 299}},
	{channels.ReasonAccountSuspended, 403, []int{368, 131031}},
	{channels.ReasonAccountSuspended, 400, []int{131037, 131042, 33, 133010}},
	{channels.ReasonAccountSuspended, 500, []int{131045}},
	{channels.ReasonRejected, 403, []int{130497}},
	{channels.ReasonThrottled, 400, []int{4, 80007, 130429, 131048, 131056, 133016}},
	{channels.ReasonThrottled, 429, []int{613}},
	{channels.ReasonUnavailable, 503, []int{2, 133004}},
	{channels.ReasonUnavailable, 500, []int{131016, 131057}},
	{channels.ReasonAmbiguous, 400, []int{1}},
	{channels.ReasonAmbiguous, 500, []int{131000}},
	{channels.ReasonInvalidRecipient, 400, []int{131026, 131021}},
	{channels.ReasonWindowClosed, 400, []int{131047}},
	{channels.ReasonRejected, 400, []int{131049, 131050, 130472}},
	{channels.ReasonRejected, 400, []int{100, 131008, 131009, 135000}},
	{channels.ReasonUnsupported, 400, []int{131051, 131062}},
	{channels.ReasonRejected, 400, []int{131052, 131053}},
	{channels.ReasonRejected, 400, []int{132000, 132007, 132012, 132015, 132016, 132018, 132068, 132069}},
	{channels.ReasonRejected, 404, []int{132001}},
	{channels.ReasonTooLong, 400, []int{132005}},
	{channels.ReasonRejected, 400, []int{2388040, 2388047, 2388072, 2388073, 2388293, 2388299, 2388019}},
	{channels.ReasonAccountSuspended, 400, []int{133000, 133005, 133006, 133008, 133009, 133015}},
}

// answers is a Doer that always gives one answer.
type answers struct {
	status int
	body   string
	read   int
}

func (a *answers) Do(request *http.Request) (*http.Response, error) {
	body := strings.NewReader(a.body)
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(&counting{body, a}), Request: request}, nil
}

type counting struct {
	from io.Reader
	a    *answers
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.a.read += n
	return n, err
}

func hello() channels.Outgoing {
	return channels.Outgoing{
		From: account().Senders[0],
		To:   chat.Identifier{Kind: chat.IdentifierPhone, Value: "+12025550123"},
		Text: "Hello",
	}
}

func TestEveryDocumentedCodeIsClassified(t *testing.T) {
	t.Parallel()
	for _, class := range documented {
		for _, code := range class.codes {
			doer := &answers{status: class.status, body: fmt.Sprintf(`{"error":{"message":"(#%d) Words","code":%d}}`, code, code)}
			_, err := whatsappcloud.New().Send(context.Background(), doer, account(), hello())
			var refused *channels.Error
			require.ErrorAs(t, err, &refused)
			require.Equal(t, class.reason, refused.Reason, "code %d", code)
			require.Equal(t, strconv.Itoa(code), refused.Code)
		}
	}
}

func TestEveryDocumentedCodeHasWords(t *testing.T) {
	t.Parallel()
	var explainer channels.Explainer = whatsappcloud.New()
	digits := regexp.MustCompile(`[0-9]{3}`)
	for _, class := range documented {
		for _, code := range class.codes {
			text, next, ok := explainer.Explain(strconv.Itoa(code))
			require.True(t, ok, "code %d", code)
			for _, sentence := range []string{text, next} {
				require.Regexp(t, `^[A-Z].{8,118}\.$`, sentence, "code %d", code)
				require.NotRegexp(t, digits, sentence, "code %d repeats a number", code)
				require.NotContains(t, strings.ToLower(sentence), "customer", "say lead")
			}
			require.NotEqual(t, text, next)
		}
	}
}

func TestWordsOfTheBrief(t *testing.T) {
	t.Parallel()
	text, next, ok := whatsappcloud.New().Explain("131047")
	require.True(t, ok)
	require.Equal(t, "WhatsApp's 24-hour window is closed.", text)
	require.Equal(t, "Send a template.", next)

	text, next, ok = whatsappcloud.New().Explain("131026")
	require.True(t, ok)
	require.Contains(t, text, "Not delivered: this number is not on WhatsApp")
	require.Equal(t, "Send an SMS instead.", next)
}

func TestUnknownCodesHaveNoWords(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "x", "199", "300", "2", "20", "2000", "2ab", "-200", " 190", "987654"} {
		text, next, ok := whatsappcloud.New().Explain(code)
		if code == "2" {
			require.True(t, ok)
			continue
		}
		require.False(t, ok, code)
		require.Empty(t, text+next, code)
	}
}

// A failed status is final: nothing is left open or sent again because of it.
func TestEveryDocumentedCodeIsFinalInAStatus(t *testing.T) {
	t.Parallel()
	for _, class := range documented {
		for _, code := range class.codes {
			body := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{
				"metadata":{"phone_number_id":"106540352242922"},
				"statuses":[{"id":"wamid.1","status":"failed","timestamp":"1752000200","errors":[{"code":%d,"title":"x"}]}]}}]}]}`, code)
			events, _, err := whatsappcloud.New().Parse(account(), &channels.Webhook{Body: []byte(body)})
			require.NoError(t, err)
			require.Len(t, events, 1)
			report, ok := events[0].(channels.Report)
			require.True(t, ok)
			require.Equal(t, chat.StatusFailed, report.Status)
			want := class.reason
			if want == channels.ReasonAmbiguous {
				want = channels.ReasonRejected
			}
			require.Equal(t, want, report.Error.Reason, "code %d", code)
		}
	}
}

func TestAtMostOneMebibyteIsRead(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]channels.Reason{200: channels.ReasonAmbiguous, 400: channels.ReasonAmbiguous, 429: channels.ReasonThrottled} {
		doer := &answers{status: status, body: `{"messages":[{"id":"wamid.1"}],"x":"` + strings.Repeat("x", 10<<20) + `"}`}
		_, err := whatsappcloud.New().Send(context.Background(), doer, account(), hello())
		var refused *channels.Error
		require.ErrorAs(t, err, &refused)
		require.Equal(t, want, refused.Reason)
		require.LessOrEqual(t, doer.read, 1<<20+1)
	}
}
