package whatsappcloud_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
)

// The adapter's optional abilities.
var (
	_ channels.Adapter           = whatsappcloud.Adapter{}
	_ channels.Challenger        = whatsappcloud.Adapter{}
	_ channels.MediaFetcher      = whatsappcloud.Adapter{}
	_ channels.MediaUploader     = whatsappcloud.Adapter{}
	_ channels.Explainer         = whatsappcloud.Adapter{}
	_ channels.Former            = whatsappcloud.Adapter{}
	_ channels.Checker           = whatsappcloud.Adapter{}
	_ channels.TemplateLister    = whatsappcloud.Adapter{}
	_ channels.TemplateSubmitter = whatsappcloud.Adapter{}
	_ channels.TemplateExampler  = whatsappcloud.Adapter{}
)

func TestPublishedVector(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/in/text/request.http")
	require.NoError(t, err)
	webhook := &channels.Webhook{
		Method: http.MethodPost,
		Header: http.Header{"X-Hub-Signature-256": {"sha256=d4456f0aee6d785d0651b86a8662f583eb0033d873da6d64efbc30495d1ba01c"}},
		Body:   data[len(data)-985:],
	}
	require.NoError(t, whatsappcloud.New().Verify(account(), webhook))

	other := account()
	other.Secrets["app_secret"] = "other_app_secret"
	require.ErrorIs(t, whatsappcloud.New().Verify(other, webhook), channels.ErrForged)
}

// An account without an app secret must not take what is signed with the empty key,
// which anybody has.
func TestNoSecretIsNotTheEmptyKey(t *testing.T) {
	t.Parallel()
	without := account()
	delete(without.Secrets, "app_secret")
	webhook := &channels.Webhook{Method: http.MethodPost, Header: http.Header{}, Body: []byte("{}\n")}
	signer.Sign(without, webhook)
	require.ErrorIs(t, whatsappcloud.New().Verify(without, webhook), channels.ErrForged)
}

func TestChallengeNeedsAToken(t *testing.T) {
	t.Parallel()
	without := account()
	without.Secrets["verify_token"] = ""
	query := url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {"1"}, "hub.verify_token": {""}}
	_, err := whatsappcloud.New().Challenge(without, &channels.Webhook{Method: http.MethodGet, Query: query})
	require.ErrorIs(t, err, channels.ErrForged)

	query.Set("hub.verify_token", "test_verify_token")
	_, err = whatsappcloud.New().Challenge(account(), &channels.Webhook{Method: http.MethodPost, Query: query})
	require.ErrorIs(t, err, channels.ErrForged, "only a GET is a handshake")
}

// recorder keeps the addresses it was called at and answers from a list.
type recorder struct {
	called  []string
	answers []string
}

func (r *recorder) Do(request *http.Request) (*http.Response, error) {
	r.called = append(r.called, request.Method+" "+request.URL.String())
	body := r.answers[0]
	r.answers = r.answers[1:]
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func TestVersionAndBaseAddressAreSettings(t *testing.T) {
	t.Parallel()
	sandbox := account()
	sandbox.BaseURL = "http://127.0.0.1:7070/meta"
	sandbox.Settings["api_version"] = "v26.0"
	doer := &recorder{answers: []string{
		`{"messages":[{"id":"wamid.1"}]}`,
		`{"url":"http://127.0.0.1:7070/files/1"}`, "the bytes",
	}}
	receipt, err := whatsappcloud.New().Send(context.Background(), doer, sandbox, hello())
	require.NoError(t, err)
	require.Equal(t, "wamid.1", receipt.ProviderID)
	response, err := whatsappcloud.New().FetchMedia(context.Background(), doer, sandbox, "77")
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, []string{
		"POST http://127.0.0.1:7070/meta/v26.0/106540352242922/messages",
		"GET http://127.0.0.1:7070/meta/v26.0/77",
		"GET http://127.0.0.1:7070/files/1",
	}, doer.called)
}

func TestAWronglySetUpAccountMakesNoCall(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*channels.Account){
		"no token":     func(a *channels.Account) { delete(a.Secrets, "access_token") },
		"odd version":  func(a *channels.Account) { a.Settings["api_version"] = "v25.0/../me" },
		"odd address":  func(a *channels.Account) { a.BaseURL = "https://user:test_access_token@[" },
		"empty secret": func(a *channels.Account) { a.Secrets["access_token"] = "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spoiled := account()
			spoil(&spoiled)
			_, err := whatsappcloud.New().Send(context.Background(), nil, spoiled, hello())
			var refused *channels.Error
			require.ErrorAs(t, err, &refused)
			require.Equal(t, channels.ReasonBadCredentials, refused.Reason)
			require.NotContains(t, err.Error(), "test_access_token")
			_, err = whatsappcloud.New().FetchMedia(context.Background(), nil, spoiled, "77")
			require.ErrorAs(t, err, &refused)
		})
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	can := whatsappcloud.New().Capabilities(account())
	require.Equal(t, []channels.MediaRule{
		{Kind: chat.KindImage, Types: []string{"image/jpeg", "image/png"}, MaxBytes: 5 << 20, Caption: 1024},
		{Kind: chat.KindVideo, Types: []string{"video/mp4", "video/3gpp"}, MaxBytes: 16 << 20, Caption: 1024},
		{Kind: chat.KindAudio, Types: []string{"audio/aac", "audio/mpeg"}, MaxBytes: 16 << 20},
	}, can.Media[:3], "what the product says of WhatsApp")
	documents := can.Media[3]
	require.Equal(t, int64(100<<20), documents.MaxBytes)
	require.Equal(t, []string{"application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"}, documents.Types[:4])
	require.Zero(t, documents.Caption, "captions only on pictures and films")
	can.Media = nil
	require.Equal(t, channels.Capabilities{
		Text: 4096, Templates: true, Window: true, DeliveredReports: true, ReadReports: true, EchoesReference: true,
		FilesPerMessage: 1, Rate: channels.Rate{Calls: 80, Per: time.Second, Each: true},
	}, can)
}
