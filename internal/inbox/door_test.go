package inbox_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/ctm"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

func TestForgedWebhookIsRefusedAndNothingIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := webhook(textFrom("12025550123", "wamid.1", "hello"))
	good := signature(body)
	for name, signed := range map[string]string{
		"none": "", "empty": "sha256=", "other body": signature(body + " "), "upper case": strings.ToUpper(good), "no prefix": good[7:],
		"cut": good[:len(good)-2], "other scheme": strings.Replace(good, "sha256", "sha1", 1),
	} {
		require.Equal(t, http.StatusUnauthorized, b.postSigned(t, body, signed), name)
	}
	require.Empty(t, b.callbacks(t))
	require.Equal(t, 7, b.counted(t, "whatsapp_cloud", "refused"))
	require.Zero(t, b.counted(t, "whatsapp_cloud", "received"))
	require.Equal(t, http.StatusOK, b.postSigned(t, body, good))
}

func TestUnknownAddressesAreNotFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, url := range []string{
		b.url("whatsapp_cloud", "another-word"), b.url("ctm", b.accounts.WhatsAppEndpoint), b.url("nobody", b.accounts.WhatsAppEndpoint),
	} {
		resp, err := http.Post(url, "application/json", strings.NewReader("{}"))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusNotFound, resp.StatusCode, url)
	}
	require.Equal(t, 1, b.counted(t, "unknown", "refused"))
}

func TestBodyOverTheLimitIs413(t *testing.T) {
	t.Parallel()
	b := setup(t)
	large := bytes.Repeat([]byte("a"), maxBody+1)
	for name, body := range map[string]io.Reader{
		"declared": bytes.NewReader(large), "chunked": io.MultiReader(bytes.NewReader(large)),
	} {
		resp, err := http.Post(b.url("whatsapp_cloud", b.accounts.WhatsAppEndpoint), "application/json", body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode, name)
	}
	require.Empty(t, b.callbacks(t))
}

func TestHandshakeAnswersOnlyTheRightToken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ask := func(token string) (int, string) {
		resp, err := http.Get(b.url("whatsapp_cloud", b.accounts.WhatsAppEndpoint) +
			"?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=" + token)
		require.NoError(t, err)
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.StatusCode, string(text)
	}
	status, text := ask(world.VerifyToken)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "1158201444", text)
	status, text = ask("guess")
	require.Equal(t, http.StatusForbidden, status)
	require.NotContains(t, text, "1158201444")
	resp, err := http.Get(b.url("ctm", b.accounts.CTMEndpoint))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusMethodNotAllowed, resp.StatusCode, "a provider without a handshake")
}

func TestGarbageIsAnsweredWellParkedAndReplayable(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.Equal(t, http.StatusOK, b.post(t, `{"object": not json`))
	list := b.callbacks(t)
	require.Len(t, list, 1)
	require.Equal(t, store.ResultParked, list[0].Result)
	require.NotEmpty(t, list[0].Why)
	kept, err := b.Store.Callback(t.Context(), b.Org, list[0].ID)
	require.NoError(t, err)
	require.Equal(t, `{"object": not json`, string(kept.Body))

	again, err := b.inbox.Replay(t.Context(), b.Org, list[0].ID)
	require.NoError(t, err)
	require.Equal(t, store.ResultParked, again.Result, "it is still garbage")
	require.Equal(t, 1, again.Replays)
	require.Equal(t, 1, b.counted(t, "whatsapp_cloud", "parked"), "a replay is not received again")
}

func TestUnknownTypeIsShownAsAReadablePlaceholder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.Equal(t, http.StatusOK, b.post(t, webhook(strings.Replace(
		textFrom("12025550123", "wamid.1", "x"), `"type":"text"`, `"type":"hologram"`, 1))))
	messages := b.messages(t)
	require.Len(t, messages, 1)
	require.Equal(t, chat.KindUnsupported, messages[0].Kind)
	require.Contains(t, messages[0].Text, "hologram")
	require.Contains(t, messages[0].Text, "cannot be shown")
}

func TestEveryCallbackEndsAndTheSumHolds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	bodies := []string{
		webhook(textFrom("12025550123", "wamid.1", "one")),
		webhook(textFrom("12025550123", "wamid.1", "one")), // again: ignored
		webhook(textFrom("12025550123", "wamid.2", "two")),
		webhook(statusOf("wamid.unknown", "delivered", "")), // waits
		webhook(statusOf("wamid.unknown", "deleted", "")),   // ignored
		`{"object":"whatsapp_business_account","entry":[]}`, // says nothing
		`[]`, `nonsense`,
	}
	for _, body := range bodies {
		require.Equal(t, http.StatusOK, b.post(t, body))
	}
	received := b.counted(t, "whatsapp_cloud", "received")
	require.Equal(t, len(bodies), received)
	require.Equal(t, received,
		b.counted(t, "whatsapp_cloud", "shown")+b.counted(t, "whatsapp_cloud", "ignored")+b.counted(t, "whatsapp_cloud", "parked"))
	counts, err := b.Store.CallbackCounts(t.Context(), b.Org)
	require.NoError(t, err)
	require.Equal(t, received, counts[store.ResultShown]+counts[store.ResultIgnored]+counts[store.ResultParked])
	require.Equal(t, 2, counts[store.ResultShown])
	for _, c := range b.callbacks(t) {
		require.True(t, c.Result == store.ResultShown || c.Why != "", "%s says why", c.Result)
	}
}

// greeted is a provider whose handshake is a POST answered in a header.
type greeted struct{ whatsappcloud.Adapter }

func (greeted) Parse(channels.Account, *channels.Webhook) ([]channels.Event, channels.Reply, error) {
	return []channels.Event{channels.Ignored{Why: "a handshake"}}, channels.Reply{Header: http.Header{"Validation-Token": {"word"}}}, nil
}

func TestHandshakeByPostIsAnsweredInAHeader(t *testing.T) {
	t.Parallel()
	b := setup(t, greeted{}, ctm.New())
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url("whatsapp_cloud", b.accounts.WhatsAppEndpoint), nil)
	require.NoError(t, err)
	req.Header.Set("X-Hub-Signature-256", signature(""))
	resp, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "word", resp.Header.Get("Validation-Token"))
	require.Equal(t, store.ResultIgnored, b.callbacks(t)[0].Result)
}
