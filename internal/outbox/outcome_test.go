package outbox_test

import (
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
)

// TestI3OnceOut plays every way an answer can come or fail to come: what may have
// been heard is called once and shown as unsure, what was refused is called once
// and failed, and only what was certainly not taken is called again.
func TestI3OnceOut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		act   func(int, http.ResponseWriter)
		want  chat.Status
		calls int
	}{
		"taken":                        {func(_ int, w http.ResponseWriter) { accept(w) }, chat.StatusSent, 1},
		"closed after reading":         {cut, chat.StatusUnsure, 1},
		"500":                          {status(500, `{}`), chat.StatusUnsure, 1},
		"502 page":                     {status(502, `<html>Bad gateway</html>`), chat.StatusUnsure, 1},
		"200 with a page":              {status(200, `<html>Welcome</html>`), chat.StatusUnsure, 1},
		"200 without an id":            {status(200, `{"messaging_product":"whatsapp","messages":[]}`), chat.StatusUnsure, 1},
		"200 with an empty id":         {status(200, `{"messages":[{"id":""}]}`), chat.StatusUnsure, 1},
		"200 cut":                      {status(200, `{"messages":[{"id":"wam`), chat.StatusUnsure, 1},
		"redirect":                     {redirect(302), chat.StatusUnsure, 1},
		"redirect that keeps the post": {redirect(307), chat.StatusUnsure, 1},
		"refused":                      {status(400, graphError("131026")), chat.StatusFailed, 1},
		"window closed there":          {status(400, graphError("131047")), chat.StatusFailed, 1},
		"not taken, then taken":        {onceThen(status(503, graphError("131016"))), chat.StatusSent, 2},
		"throttled, then taken":        {onceThen(status(429, graphError("130429"))), chat.StatusSent, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.provider.answer(c.act)
			b.outbox.Start(t.Context())
			m := b.becomes(t, b.send(t, b.whatsApp, "hello").ID, c.want)
			require.Equal(t, c.calls, b.provider.count(), b.outcomes(t, m.ID))
			if c.want == chat.StatusFailed || c.want == chat.StatusUnsure {
				require.NotNil(t, m.Failure)
				require.NotEmpty(t, m.Failure.Text)
				require.NotEmpty(t, m.Failure.Next)
			} else {
				require.Nil(t, m.Failure)
			}
		})
	}
}

func redirect(code int) func(int, http.ResponseWriter) {
	return func(_ int, w http.ResponseWriter) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(code)
	}
}

func onceThen(first func(int, http.ResponseWriter)) func(int, http.ResponseWriter) {
	return func(n int, w http.ResponseWriter) {
		if n == 1 {
			first(n, w)
			return
		}
		accept(w)
	}
}

// TestReusedConnectionIsNotSentTwice: the provider reads a second request on a kept
// connection and closes it without a word, which makes some clients send again.
func TestReusedConnectionIsNotSentTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.outbox.Start(t.Context())
	b.becomes(t, b.send(t, b.whatsApp, "first").ID, chat.StatusSent)
	b.provider.answer(cut)
	b.becomes(t, b.send(t, b.whatsApp, "second").ID, chat.StatusUnsure)
	require.Equal(t, 2, b.provider.count())
}

func TestProviderThatCannotBeReachedIsTriedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	addr := b.provider.Listener.Addr().String()
	b.provider.Close()
	b.outbox.Start(t.Context())
	m := b.send(t, b.whatsApp, "hello")
	require.Eventually(t, func() bool {
		entries, err := b.Store.Timeline(t.Context(), b.Admin, m.ID)
		return err == nil && len(entries) >= 3 // queued, sending, not taken
	}, eventually, tick)
	now, err := b.Store.Message(t.Context(), b.Admin, m.ID)
	require.NoError(t, err)
	require.Equal(t, chat.StatusSending, now.Status, "still a clock on screen")

	back := &http.Server{Handler: b.provider}
	listener, err := net.Listen("tcp", addr)
	require.NoError(t, err)
	go func() { _ = back.Serve(listener) }()
	t.Cleanup(func() { _ = back.Close() })
	b.becomes(t, m.ID, chat.StatusSent)
	require.Equal(t, 1, b.provider.count())
}

func TestBadCredentialsPauseTheConnectorAndKeepTheMessages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.provider.answer(status(401, graphError("190")))
	b.outbox.Start(t.Context())
	m := b.send(t, b.whatsApp, "hello")
	require.Eventually(t, func() bool {
		c, err := b.Store.Connector(t.Context(), b.Org, b.accounts.WhatsApp.ID)
		return err == nil && c.State == store.ConnectorPaused && c.StateReason != ""
	}, eventually, tick)
	other := b.send(t, b.whatsApp, "second")
	sms := b.send(t, b.sms, "another connector goes on")
	b.provider.answer(func(_ int, w http.ResponseWriter) { _, _ = io.WriteString(w, `{"status":"processing"}`) })
	b.becomes(t, sms.ID, chat.StatusSent)
	require.Equal(t, 2, b.provider.count(), "nothing is tried on a paused connector")

	b.provider.answer(func(_ int, w http.ResponseWriter) { accept(w) })
	_, err := b.Store.SetConnectorState(t.Context(), b.Org, b.accounts.WhatsApp.ID, store.ConnectorActive, "")
	require.NoError(t, err)
	b.becomes(t, m.ID, chat.StatusSent)
	b.becomes(t, other.ID, chat.StatusSent)
}

func TestMessagesOfAConversationLeaveInOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.provider.answer(onceThen(status(429, graphError("130429")))) // the first has to wait
	texts := []string{"one", "two", "three", "four", "five"}
	var last chat.Message
	for _, text := range texts {
		last = b.send(t, b.whatsApp, text)
	}
	second := b.newOutbox(t, "n2", b.doer(t))
	b.outbox.Start(t.Context())
	second.Start(t.Context())
	b.becomes(t, last.ID, chat.StatusSent)
	b.provider.mu.Lock()
	defer b.provider.mu.Unlock()
	require.Len(t, b.provider.calls, len(texts)+1)
	for i, text := range texts {
		require.Contains(t, b.provider.calls[i+1], `"`+text+`"`)
	}
}
