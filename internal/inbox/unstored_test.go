package inbox_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"converse/internal/inbox"
	"converse/internal/store"
)

// TestWhatTheDatabaseSaysStaysInTheLog: why a callback is parked is shown to
// administrators, and the words of a failed statement are not for them.
func TestWhatTheDatabaseSaysStaysInTheLog(t *testing.T) {
	t.Parallel()
	b := setup(t)
	owner, err := pgxpool.New(t.Context(), b.URL)
	require.NoError(t, err)
	t.Cleanup(owner.Close)
	_, err = owner.Exec(t.Context(), "alter table messages add constraint canary_rule check (text not like '%boom%') not valid")
	require.NoError(t, err)
	var log bytes.Buffer
	b.inbox = inbox.New(b.Store, b.accounts, inbox.Options{Log: slog.New(slog.NewJSONHandler(&log, nil))})
	for name, values := range map[string][]string{
		"alone":      {textFrom("12025550123", "wamid.1", "boom")},
		"of several": {textFrom("12025550123", "wamid.2", "hello"), textFrom("12025550123", "wamid.3", "boom")},
	} {
		log.Reset()
		body := webhook(values...)
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/hooks/whatsapp_cloud/"+b.accounts.WhatsAppEndpoint, strings.NewReader(body))
		req.SetPathValue("provider", "whatsapp_cloud")
		req.SetPathValue("endpoint", b.accounts.WhatsAppEndpoint)
		req.Header.Set("X-Hub-Signature-256", signature(body))
		answer := httptest.NewRecorder()
		b.inbox.ServeHTTP(answer, req)
		require.Equal(t, http.StatusOK, answer.Code, name)
		newest := b.callbacks(t)[0]
		require.Equal(t, store.ResultParked, newest.Result, name)
		require.Contains(t, newest.Why, "could not be stored", name)
		require.NotContains(t, newest.Why, "canary_rule", name)
		require.NotContains(t, newest.Why, "SQLSTATE", name)
		require.Contains(t, log.String(), "canary_rule", "%s: the operator reads why", name)
		require.Contains(t, log.String(), string(newest.ID), name)
		require.NotContains(t, log.String(), "boom", name)
	}
}
