package sandbox_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	ctmSecret      = "ctm-signing-secret"
	whatsappSecret = "whatsapp-app-secret"
	gupshupSecret  = "gupshup-callback-secret"
	// ringcentralWord goes along with each webhook of RingCentral as it is.
	ringcentralWord = "verification-word"
	verifyToken     = "verify-me"
	// patience is how long a test waits for something that must come.
	patience = 10 * time.Second
)

// hook is one webhook that the hub double got.
type hook struct {
	Provider string
	Raw      []byte
	Body     map[string]any
	// Form and Query are those of a provider that posts forms.
	Form   url.Values
	Query  string
	Signed bool
	// Answered is the status that the hub gave.
	Answered int
}

// hubDouble stands for Converse: it checks signatures by itself and passes on what came.
type hubDouble struct {
	server *httptest.Server
	come   chan hook

	mu     sync.Mutex // guards answer
	answer func(hook) int
}

func newHub(t *testing.T) *hubDouble {
	t.Helper()
	h := &hubDouble{come: make(chan hook, 100_000), answer: func(hook) int { return http.StatusOK }}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /hooks/{provider}", h.take)
	mux.HandleFunc("GET /hooks/whatsapp_cloud", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("hub.mode") != "subscribe" || r.FormValue("hub.verify_token") != verifyToken {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = io.WriteString(w, r.FormValue("hub.challenge"))
	})
	h.server = httptest.NewServer(mux)
	t.Cleanup(h.server.Close)
	return h
}

func (h *hubDouble) take(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	got := hook{Provider: r.PathValue("provider"), Raw: raw}
	_ = json.Unmarshal(raw, &got.Body)
	switch got.Provider {
	case "ctm":
		mac := hmac.New(sha1.New, []byte(ctmSecret))
		mac.Write([]byte(r.Header.Get("X-CTM-Time")))
		mac.Write(raw)
		stamp, err := strconv.ParseInt(r.Header.Get("X-CTM-Time"), 10, 64)
		got.Signed = err == nil && time.Since(time.Unix(stamp, 0)) < time.Minute &&
			r.Header.Get("X-CTM-Signature") == base64.StdEncoding.EncodeToString(mac.Sum(nil))
	case "ringcentral":
		got.Signed = r.Header.Get("Verification-Token") == ringcentralWord
		if len(raw) == 0 {
			w.Header().Set("Validation-Token", r.Header.Get("Validation-Token"))
			return
		}
	case "twilio":
		got.Form, _ = url.ParseQuery(string(raw))
		got.Query = r.URL.RawQuery
		mac := hmac.New(sha1.New, []byte(twilioToken))
		mac.Write([]byte(h.server.URL + r.URL.RequestURI()))
		for _, name := range slices.Sorted(maps.Keys(got.Form)) {
			mac.Write([]byte(name + got.Form.Get(name)))
		}
		got.Signed = r.Header.Get("X-Twilio-Signature") == base64.StdEncoding.EncodeToString(mac.Sum(nil))
	case "gupshup":
		got.Signed = slices.Equal(r.Header.Values("X-Converse-Secret"), []string{gupshupSecret})
	case "whatsapp_cloud":
		mac := hmac.New(sha256.New, []byte(whatsappSecret))
		mac.Write(raw)
		got.Signed = r.Header.Get("X-Hub-Signature-256") == "sha256="+hex.EncodeToString(mac.Sum(nil))
	}
	h.mu.Lock()
	answer := h.answer
	h.mu.Unlock()
	got.Answered = answer(got)
	w.WriteHeader(got.Answered)
	h.come <- got
}

// answers sets what the hub answers to webhooks.
func (h *hubDouble) answers(answer func(hook) int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = answer
}

// next waits for the next webhook, and fails unless it is signed.
func (h *hubDouble) next(t *testing.T) hook {
	t.Helper()
	select {
	case got := <-h.come:
		require.True(t, got.Signed, "signature of %s", got.Raw)
		return got
	case <-time.After(patience):
		t.Fatal("no webhook came")
		return hook{}
	}
}

// value is the one value of a WhatsApp envelope.
func (k hook) value(t *testing.T) map[string]any {
	t.Helper()
	var envelope struct {
		Object string
		Entry  []struct {
			ID      string
			Changes []struct {
				Field string
				Value map[string]any
			}
		}
	}
	require.NoError(t, json.Unmarshal(k.Raw, &envelope))
	require.Equal(t, "whatsapp_business_account", envelope.Object)
	require.Len(t, envelope.Entry, 1)
	require.Equal(t, waba, envelope.Entry[0].ID)
	require.Len(t, envelope.Entry[0].Changes, 1)
	require.Equal(t, "messages", envelope.Entry[0].Changes[0].Field)
	value := envelope.Entry[0].Changes[0].Value
	require.Equal(t, map[string]any{"display_phone_number": whatsappNumber[1:], "phone_number_id": whatsappRef}, value["metadata"])
	return value
}

// status is the one receipt of a WhatsApp webhook.
func (k hook) status(t *testing.T) map[string]any {
	t.Helper()
	list, ok := k.value(t)["statuses"].([]any)
	require.True(t, ok, "no statuses in %s", k.Raw)
	require.Len(t, list, 1)
	return list[0].(map[string]any)
}

// message is the one message of a WhatsApp webhook.
func (k hook) message(t *testing.T) map[string]any {
	t.Helper()
	list, ok := k.value(t)["messages"].([]any)
	require.True(t, ok, "no messages in %s", k.Raw)
	require.Len(t, list, 1)
	return list[0].(map[string]any)
}
