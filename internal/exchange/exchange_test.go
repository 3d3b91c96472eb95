package exchange_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/channels/gupshup"
	"converse/channels/ringcentral"
	"converse/channels/twilio"
	"converse/channels/whatsappcloud"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/exchange"
)

// kept is a store in memory.
type kept struct {
	mu   sync.Mutex
	list []chat.Exchange
	fail error
}

func (k *kept) KeepExchanges(_ context.Context, _ chat.OrgID, list []chat.Exchange) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail == nil {
		k.list = append(k.list, list...)
	}
	return k.fail
}

// doer answers with a body and headers.
type doer struct {
	head http.Header
	body string
	err  error
}

func (d doer) Do(*http.Request) (*http.Response, error) {
	if d.err != nil {
		return nil, d.err
	}
	return &http.Response{StatusCode: 200, Header: d.head, Body: io.NopCloser(strings.NewReader(d.body))}, nil
}

// canary is a secret that must not be read anywhere.
const canary = "kanarie+Geheim/42=word"

func opened(adapter channels.Adapter) account.Open {
	return account.Open{Org: chat.NewID[chat.OrgID](), Adapter: adapter, Endpoint: canary + "-endpoint", Account: channels.Account{
		Connector: chat.NewID[chat.ConnectorID](), Token: canary + "-token", WebhookURL: "https://hub.example.com/hooks/" + canary,
		Secrets: map[string]string{
			"access_token": canary + "-1", "app_secret": canary + "-2", "access_key": canary + "-3", "secret_key": canary + "-4", "new_kind": canary + "-5",
		},
	}}
}

func exchangeOnce(t *testing.T, d channels.Doer, open account.Open, about exchange.About, r *http.Request) chat.Exchange {
	t.Helper()
	k := &kept{}
	l := exchange.New(k, exchange.Options{})
	response, err := l.Doer(d, open, about).Do(r)
	if err == nil {
		_, err = io.Copy(io.Discard, response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.NoError(t, response.Body.Close(), "closing twice logs once")
	}
	l.Flush(t.Context())
	require.Len(t, k.list, 1)
	return k.list[0]
}

// TestI12NoSecretIsInTheLog plants secrets in every place and every form.
func TestI12NoSecretIsInTheLog(t *testing.T) {
	t.Parallel()
	for _, adapter := range []channels.Adapter{ctm.New(), whatsappcloud.New(), twilio.New(), gupshup.New(), ringcentral.New()} {
		for _, purpose := range []chat.ExchangePurpose{
			chat.PurposeSend, chat.PurposeToken, chat.PurposeMedia, chat.PurposePoll, chat.PurposeSubscription, chat.PurposeCheck,
		} {
			open := opened(adapter)
			var all []string
			for _, s := range open.Account.Secrets {
				all = append(all, s, url.QueryEscape(s), base64.StdEncoding.EncodeToString([]byte("user:"+s)), base64.StdEncoding.EncodeToString([]byte("x"+s+"yz")))
			}
			all = append(all, open.Account.Token, open.Account.WebhookURL, open.Endpoint)
			spoken := strings.Join(all, " and ")
			// A secret lies across every place where something is cut.
			long := strings.Repeat("x", 4000) + spoken + strings.Repeat("y", 4096-len(spoken)%4096) + strings.Repeat(spoken, 6)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://u:"+url.QueryEscape(canary)+"@api.example.com/"+url.PathEscape(canary+"-1")+"?key="+url.QueryEscape(canary+"-3")+"&access_token=abc", strings.NewReader(long))
			require.NoError(t, err)
			r.SetBasicAuth("user", canary+"-4")
			r.Header.Set("X-Other", spoken)
			x := exchangeOnce(t, doer{head: http.Header{"Set-Cookie": {canary}, "X-Echo": {spoken}}, body: long}, open, exchange.About{Purpose: purpose}, r)
			for place, text := range map[string]string{
				"url": x.URL, "request head": x.RequestHead, "request body": x.RequestBody, "answer head": x.AnswerHead, "answer body": x.AnswerBody, "error": x.Error,
			} {
				require.NotContains(t, text, "kanarie", "%s of %s by %s", place, purpose, adapter.Kind())
				require.NotContains(t, text, "Geheim", "%s of %s by %s", place, purpose, adapter.Kind())
				require.LessOrEqual(t, len(text), 4<<10, place)
			}
			require.Equal(t, int64(len(long)), x.RequestSize)
			require.Equal(t, int64(len(long)), x.AnswerSize)
		}
	}
}

func TestAnExchangeIsKeptAsItWas(t *testing.T) {
	t.Parallel()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.example.com/v1/messages?kind=sms", strings.NewReader(`{"text":"Grüße"}`))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	m := chat.NewID[chat.MessageID]()
	x := exchangeOnce(t, doer{head: http.Header{"X-Trace": {"7"}}, body: `{"id":"1"}`}, opened(ctm.New()), exchange.About{Purpose: chat.PurposeSend, Message: m}, r)
	require.Equal(t, "https://api.example.com/v1/messages?kind=sms", x.URL)
	require.Equal(t, `{"text":"Grüße"}`, x.RequestBody)
	require.Equal(t, "Content-Type: application/json\n", x.RequestHead)
	require.Equal(t, `{"id":"1"}`, x.AnswerBody)
	require.Equal(t, "X-Trace: 7\n", x.AnswerHead)
	require.Equal(t, m, x.Message)
	require.Equal(t, 200, x.Status)
}

func TestOfFilesAndTokensOnlyTheSizeIsKept(t *testing.T) {
	t.Parallel()
	for _, purpose := range []chat.ExchangePurpose{chat.PurposeMedia, chat.PurposeToken} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://files.example.com/1?sig=abc", http.NoBody)
		require.NoError(t, err)
		x := exchangeOnce(t, doer{body: `{"access_token":"brand new"}`}, opened(ctm.New()), exchange.About{Purpose: purpose}, r)
		require.Empty(t, x.AnswerBody)
		require.Equal(t, int64(28), x.AnswerSize)
		require.NotContains(t, x.URL, "sig=abc"+purposeMark(purpose))
	}
}

func purposeMark(p chat.ExchangePurpose) string {
	if p == chat.PurposeToken {
		return " is only taken out of files' addresses"
	}
	return ""
}

// TestTheLogLosesItsOldestAndHoldsNobodyUp: the database is away, and calls go on.
func TestTheLogLosesItsOldestAndHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	k := &kept{}
	l := exchange.New(k, exchange.Options{Most: 3})
	listening := l.Doer(doer{err: errors.New("refused")}, opened(ctm.New()), exchange.About{Purpose: chat.PurposeSend})
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.example.com/"+n, http.NoBody)
		require.NoError(t, err)
		_, err = listening.Do(r)
		require.Error(t, err)
	}
	l.Flush(t.Context())
	require.Len(t, k.list, 3)
	require.True(t, strings.HasSuffix(k.list[0].URL, "/3"))
	require.Equal(t, "refused", k.list[0].Error)
}

func BenchmarkAnExchange(b *testing.B) {
	open := opened(whatsappcloud.New())
	for name, l := range map[string]*exchange.Log{"without": nil, "with": exchange.New(&kept{}, exchange.Options{})} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			d := l.Doer(doer{body: `{"messages":[{"id":"wamid.1"}]}`}, open, exchange.About{Purpose: chat.PurposeSend})
			for b.Loop() {
				r, _ := http.NewRequestWithContext(b.Context(), http.MethodPost, "https://api.example.com/", strings.NewReader(`{"text":"hello"}`))
				response, _ := d.Do(r)
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
			}
		})
	}
}
