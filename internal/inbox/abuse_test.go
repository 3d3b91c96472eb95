package inbox_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels/channeltest"
	"converse/channels/ctm"
	"converse/channels/gupshup"
	"converse/channels/ringcentral"
	"converse/channels/twilio"
	"converse/channels/whatsappcloud"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
)

// everyone is a door with a connector of every provider. With open those that can are set
// up so that nothing but the word in the address proves who calls.
type everyone struct {
	*bundle
	endpoints map[string]string
}

func setupEveryone(t *testing.T, open bool) *everyone {
	t.Helper()
	e := &everyone{bundle: setup(t, whatsappcloud.New(), ctm.New(), twilio.New(), gupshup.New(), ringcentral.New()), endpoints: map[string]string{}}
	accounts := map[string]account.New{
		"ctm": {
			Connector: store.Connector{Settings: map[string]string{"account_id": "500002"}},
			Secrets:   map[string]string{"access_key": "key-of-ctm", "secret_key": "secret-of-ctm", "signing_secret": "signing-of-ctm"},
		},
		"ringcentral": {
			Connector: store.Connector{Settings: map[string]string{"client_id": "harbour"}},
			Secrets:   map[string]string{"client_secret": "secret-of-rc", "jwt": "one.two.three", "verification_token": "token-of-rc"},
		},
		"whatsapp_cloud": {
			Connector: store.Connector{Settings: map[string]string{"waba_id": "102290129340399"}},
			Secrets:   map[string]string{"access_token": "token-of-meta", "app_secret": "secret-of-meta", "verify_token": "verify-of-meta"},
		},
		"twilio": {
			Connector: store.Connector{Settings: map[string]string{"account_sid": "AC0123456789abcdef0123456789abcdef"}},
			Secrets:   map[string]string{"auth_token": strings.Repeat("0f", 16)},
		},
		"gupshup": {
			Connector: store.Connector{Settings: map[string]string{"app_name": "HarbourHomes"}},
			Secrets:   map[string]string{"api_key": "key-of-gupshup", "webhook_secret": "secret-of-gupshup"},
		},
	}
	if open {
		delete(accounts["ctm"].Secrets, "signing_secret")
		accounts["gupshup"].Settings[gupshup.SettingDashboard] = "true"
	}
	n := 0
	for provider, a := range accounts {
		n++
		channel, ref := chat.ChannelSMS, fmt.Sprint("40731000", n)
		switch provider {
		case "whatsapp_cloud", "gupshup":
			channel = chat.ChannelWhatsApp
		case "ctm":
			ref = "TPN77"
		case "twilio":
			ref = ""
		}
		a.Org, a.ID, a.Provider, a.Name, a.Endpoint = e.Org, chat.NewID[chat.ConnectorID](), provider, provider, "word-of-"+provider
		a.Senders = []store.ConnectorSender{{Ref: ref, Sender: chat.Sender{
			ID: chat.NewID[chat.SenderID](), Connector: a.ID, Provider: provider, Channel: channel, Address: fmt.Sprint("+1202555016", n),
		}}}
		require.NoError(t, e.accounts.Create(t.Context(), a), provider)
		e.endpoints[provider] = a.Endpoint
	}
	return e
}

// call posts a body and returns the status.
func (e *everyone) call(t *testing.T, provider, word string, header http.Header, body io.Reader) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.url(provider, word), body)
	require.NoError(t, err)
	req.Header = header.Clone()
	if req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

// proofs are the headers by which providers say who they are, with values that prove
// nothing.
var proofs = []http.Header{
	{},
	{"X-Hub-Signature-256": {"sha256="}},
	{"X-Hub-Signature-256": {"sha256=" + strings.Repeat("a", 64)}},
	{"X-Twilio-Signature": {"c2lnbmF0dXJl"}},
	{"X-Ctm-Time": {"1700000000"}, "X-Ctm-Signature": {"c2lnbmF0dXJl"}},
	{"Verification-Token": {"token-of-somebody"}},
	{"Verification-Token": {""}},
	{"X-Converse-Secret": {"secret-of-somebody"}},
	{"X-Converse-Secret": {"secret-of-gupshup", "secret-of-gupshup"}, "Verification-Token": {"token-of-rc", "token-of-rc"}},
	{"Authorization": {"Basic a2V5OnNlY3JldA=="}},
}

// TestA1AForgedWebhookOfAnyProviderLeavesNothingButACount.
func TestA1AForgedWebhookOfAnyProviderLeavesNothingButACount(t *testing.T) {
	t.Parallel()
	e := setupEveryone(t, false)
	for provider, word := range e.endpoints {
		for n, proof := range proofs {
			status := e.call(t, provider, word, proof, strings.NewReader(`{"message_id":"1","type":"message"}`))
			require.Equal(t, http.StatusUnauthorized, status, "%s, proof %d", provider, n)
		}
		require.Equal(t, len(proofs), e.counted(t, provider, "refused"), provider)
	}
	require.Empty(t, e.callbacks(t))
}

// TestA2WhoeverSignsNothingIsKnownByTheWordAlone, and a word that is nearly right, of
// another provider, or another's is none.
func TestA2WhoeverSignsNothingIsKnownByTheWordAlone(t *testing.T) {
	t.Parallel()
	e := setupEveryone(t, true)
	body := `{"message_id":"1"}`
	for _, provider := range []string{"ctm", "gupshup"} {
		word := e.endpoints[provider]
		for _, guess := range []string{word + "x", word[:len(word)-1], strings.ToUpper(word), e.endpoints["twilio"], "%00", "..%2f" + word} {
			require.Equal(t, http.StatusNotFound, e.call(t, provider, guess, http.Header{}, strings.NewReader(body)), "%s %s", provider, guess)
		}
	}
	require.Empty(t, e.callbacks(t))
	require.Equal(t, http.StatusOK, e.call(t, "ctm", e.endpoints["ctm"], http.Header{}, strings.NewReader(body)))
	require.Len(t, e.callbacks(t), 1)
}

// TestA3AnyBodyIsAnsweredWellAndEnds: what breaks parsers ends shown, ignored or parked.
func TestA3AnyBodyIsAnsweredWellAndEnds(t *testing.T) {
	t.Parallel()
	e := setupEveryone(t, true)
	for _, body := range channeltest.Hostile() {
		if len(body) > maxBody {
			continue
		}
		for _, provider := range []string{"ctm", "gupshup"} {
			status := e.call(t, provider, e.endpoints[provider], http.Header{}, bytes.NewReader(body))
			require.Equal(t, http.StatusOK, status, "%s: %.40q", provider, body)
		}
	}
	counts, err := e.Store.CallbackCounts(t.Context(), e.Org)
	require.NoError(t, err)
	sum := 0
	for _, n := range counts {
		sum += n
	}
	require.Positive(t, counts[store.ResultParked])
	require.Equal(t, e.counted(t, "ctm", "received")+e.counted(t, "gupshup", "received"), sum)
}

// TestA4ABodyIsBoundedHoweverItComes: declared too large, without an end, and packed.
func TestA4ABodyIsBoundedHoweverItComes(t *testing.T) {
	t.Parallel()
	e := setupEveryone(t, true)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(make([]byte, 64<<20))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	for provider, word := range e.endpoints {
		require.Equal(t, http.StatusRequestEntityTooLarge, e.call(t, provider, word, http.Header{}, bytes.NewReader(make([]byte, maxBody+1))), provider)
		endless := io.LimitReader(zeros{}, 3*maxBody) // its length is not declared
		require.Equal(t, http.StatusRequestEntityTooLarge, e.call(t, provider, word, http.Header{}, endless), provider)
		status := e.call(t, provider, word, http.Header{"Content-Encoding": {"gzip"}}, bytes.NewReader(packed.Bytes()))
		require.Contains(t, []int{http.StatusOK, http.StatusUnauthorized}, status, "%s: it is taken as it came", provider)
	}
	for _, c := range e.callbacks(t) {
		require.LessOrEqual(t, c.Size, maxBody)
		require.Equal(t, store.ResultParked, c.Result, "a packed body cannot be read")
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
