package sandbox_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// hello is a WhatsApp message to a lead whose window is open.
func hello(b *bench) *http.Request { return b.whatsapp(object{"text": object{"body": "Hello"}}) }

func TestFaultsThatAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule     object
		status   int
		accepted bool
		check    func(*testing.T, answered)
	}{
		{object{"kind": "throttle"}, 429, false, func(t *testing.T, a answered) { require.Empty(t, a.Header.Get("Retry-After")) }},
		{object{"kind": "throttle", "delayMs": 1500}, 429, false, func(t *testing.T, a answered) {
			require.Equal(t, "2", a.Header.Get("Retry-After"))
			require.Equal(t, 130429.0, a.json(t)["error"].(object)["code"])
		}},
		{object{"kind": "server_error"}, 500, false, nil},
		{object{"kind": "server_error", "status": 503}, 503, false, nil},
		{object{"kind": "server_error_accepted", "status": 502}, 502, true, nil},
		{object{"kind": "bad_credentials"}, 401, false, func(t *testing.T, a answered) {
			require.Equal(t, 190.0, a.json(t)["error"].(object)["code"])
		}},
		{object{"kind": "redirect"}, 307, false, func(t *testing.T, a answered) { require.NotEmpty(t, a.Header.Get("Location")) }},
		{object{"kind": "redirect", "status": 302}, 302, false, nil},
		{object{"kind": "html"}, 200, false, func(t *testing.T, a answered) { require.Contains(t, a.Body, "<html>") }},
		{object{"kind": "html", "accepted": true}, 200, true, nil},
		{object{"kind": "no_id"}, 200, true, func(t *testing.T, a answered) { require.Empty(t, a.json(t)["messages"]) }},
		{object{"kind": "slow", "delayMs": 20}, 200, true, func(t *testing.T, a answered) { require.Len(t, a.json(t)["messages"], 1) }},
	} {
		t.Run(c.rule["kind"].(string), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.open()
			c.rule["share"] = 1
			b.fault(c.rule)
			got := b.send(hello(b))
			require.Equal(t, c.status, got.Status, got.Body)
			if c.check != nil {
				c.check(t, got)
			}
			b.wantOneCall(float64(c.status), c.accepted)
		})
	}
}

// wantOneCall checks the journal, and that receipts come exactly for a message
// that was taken.
func (b *bench) wantOneCall(status any, accepted bool) {
	b.t.Helper()
	calls := b.journal("")
	require.Len(b.t, calls, 1)
	require.Equal(b.t, status, calls[0]["status"])
	require.Equal(b.t, accepted, calls[0]["accepted"])
	require.Equal(b.t, accepted, calls[0]["id"] != "")
	b.call(http.MethodDelete, "/control/faults", nil)
	want := calls[0]["id"]
	if !accepted {
		want = b.send(hello(b)).json(b.t)["messages"].([]any)[0].(object)["id"]
	}
	require.Equal(b.t, want, b.hub.next(b.t).status(b.t)["id"])
}

func TestFaultsThatDoNotAnswer(t *testing.T) {
	t.Parallel()
	for kind, c := range map[string]struct {
		status any
		is     func(error) bool
	}{
		"hang":  {"hung", func(err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
		"cut":   {200.0, func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		"reset": {"reset", func(err error) bool { return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF) }},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.open()
			b.fault(object{"kind": kind, "share": 1, "provider": "whatsapp_cloud"})
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			if kind != "hang" {
				cancel()
				ctx, cancel = context.WithTimeout(t.Context(), patience)
			}
			defer cancel()
			_, err := b.try(hello(b).WithContext(ctx))
			require.Error(t, err)
			require.True(t, c.is(err), "%v", err)
			b.wantOneCall(c.status, true)
		})
	}
}

func TestRedirectThatIsFollowedShowsInTheJournal(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fault(object{"kind": "redirect", "share": 1})
	client := &http.Client{}
	defer client.CloseIdleConnections()
	_, err := client.Do(b.sms(url.Values{}))
	require.Error(t, err)
	require.Len(t, b.journal(""), 10)
}

func TestReceiptBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open()
	b.fault(object{"kind": "early_receipt", "share": 1})
	answeredYet := make(chan struct{})
	var early bool
	b.hub.answers(func(k hook) int {
		if strings.Contains(string(k.Raw), `"sent"`) {
			select {
			case <-answeredYet:
			default:
				early = true
			}
		}
		return http.StatusOK
	})
	id := b.send(hello(b)).json(t)["messages"].([]any)[0].(object)["id"]
	close(answeredYet)
	sent := b.hub.next(t).status(t)
	require.Equal(t, "sent", sent["status"])
	require.Equal(t, id, sent["id"])
	require.True(t, early)
	require.Equal(t, "delivered", b.hub.next(t).status(t)["status"], "sent comes only once")
}

func TestNotRegistered(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.open()
	b.fault(object{"kind": "not_registered", "share": 1})
	require.Equal(t, http.StatusOK, b.send(hello(b)).Status)
	status := b.hub.next(t).status(t)
	require.Equal(t, "failed", status["status"])
	require.Equal(t, 131026.0, status["errors"].([]any)[0].(object)["code"])
	b.send(b.sms(url.Values{}))
	body := b.hub.next(t).Body
	require.Equal(t, "30005", body["sms_error_code"])
	require.Equal(t, "sent", body["status"], "the code wins over the status")
}

func TestWithIDAndScopes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fault(object{"kind": "with_id", "share": 1, "handset": lead})
	require.Equal(t, b.send(b.sms(url.Values{})).json(t)["id"], b.journal("")[0]["id"])
	require.NotContains(t, b.send(b.sms(url.Values{"to": {"+12025550124"}})).json(t), "id")
	b.fault(object{"kind": "with_id", "share": 0, "handset": lead})
	require.NotContains(t, b.send(b.sms(url.Values{})).json(t), "id")
	require.Empty(t, b.call(http.MethodGet, "/control/faults", nil)["faults"])
}

func TestWebhookFaults(t *testing.T) {
	t.Parallel()
	t.Run("duplicate", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		b.fault(object{"kind": "duplicate", "share": 1})
		b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "text": "Hi"})
		require.Equal(t, b.hub.next(t).Raw, b.hub.next(t).Raw)
	})
	t.Run("drop_receipts", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		b.fault(object{"kind": "drop_receipts", "share": 1})
		b.send(b.sms(url.Values{"msg": {"dropped"}}))
		b.fault(object{"kind": "drop_receipts", "share": 1, "handset": lead})
		b.fault(object{"kind": "drop_receipts", "share": 0})
		b.send(b.sms(url.Values{"msg": {"told"}, "to": {"+12025550124"}}))
		require.Equal(t, "told", b.hub.next(t).Body["message_body"])
		require.Equal(t, "told", b.hub.next(t).Body["message_body"])
	})
	t.Run("delay", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		b.fault(object{"kind": "delay", "share": 1, "delayMs": 50, "handset": lead})
		started := time.Now()
		b.call(http.MethodPost, "/control/reply", object{"to": ctmNumber, "from": lead, "text": "Hi"})
		require.GreaterOrEqual(t, time.Since(started), 50*time.Millisecond)
	})
	t.Run("reorder", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		b.fault(object{"kind": "reorder", "share": 1, "delayMs": 60})
		const texts = 20
		for range texts {
			b.send(b.sms(url.Values{}))
		}
		seen, swapped := map[any]string{}, 0
		for range 2 * texts {
			body := b.hub.next(t).Body
			if seen[body["message_id"]] == "delivered" {
				swapped++
			}
			seen[body["message_id"]] = body["status"].(string)
		}
		require.Len(t, seen, texts)
		require.Positive(t, swapped, "some sent came after delivered")
	})
}
