package rpc_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/rpc"
)

// broken is a room that fails as it is told.
type broken struct {
	rpc.Media
	fail func(context.Context) error
}

func (f broken) Link(ctx context.Context, _ chat.Principal, _ chat.MediaID, _ bool) (string, time.Time, error) {
	return "", time.Time{}, f.fail(ctx)
}

// failing serves files from a room that fails, and asks for one.
func failing(t *testing.T, fail func(context.Context) error) (*bundle, answer) {
	t.Helper()
	b := setup(t, func(r *rpc.Rooms, o *rpc.Options) {
		r.Media = broken{fail: fail}
		o.Limit = time.Minute
	})
	return b, b.file(t, b.token(t, b.Sales))
}

// file asks for a link to a file.
func (b *bundle) file(t testing.TB, token string) answer {
	t.Helper()
	return b.post(t, token, "MediaService/GetDownload", map[string]any{"mediaId": chat.NewID[chat.MediaID]()})
}

const canary = `ERROR: duplicate key value violates unique constraint "leads_phone" (phone)=(+12025550123)`

func TestWhatIsNotForPeopleStaysInTheLog(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fail func(context.Context) error
		code string
	}{
		"sql":       {func(context.Context) error { return errors.New(canary) }, "internal"},
		"a panic":   {func(context.Context) error { panic(canary) }, "internal"},
		"an error":  {func(context.Context) error { panic(errors.New(canary)) }, "internal"},
		"no code":   {func(context.Context) error { return &chat.Error{Code: "made up", Message: canary} }, "internal"},
		"no server": {func(context.Context) error { return &net.OpError{Op: "dial", Err: errors.New(canary)} }, "unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, a := failing(t, c.fail)
			require.Equal(t, c.code, a.code, a.raw)
			require.NotContains(t, a.raw, "leads_phone")
			require.NotContains(t, a.raw, "+1202")
			require.Len(t, a.details, 1)
			require.NotEmpty(t, a.details[0].Reference)
			logged := b.log.String()
			require.Contains(t, logged, a.details[0].Reference, "the log carries the reference")
			require.Contains(t, logged, "leads_phone", "and the cause")
			require.Contains(t, logged, "GetDownload")
		})
	}
}

func TestOnlyThePartOfAnErrorThatIsForPeopleLeaves(t *testing.T) {
	t.Parallel()
	_, a := failing(t, func(context.Context) error {
		return fmt.Errorf("%s: %w", canary, &chat.Error{Code: chat.CodeConflict, Reason: chat.ReasonStaleView, Newer: 3, Message: "Others have written."})
	})
	require.Equal(t, "aborted", a.code)
	require.Equal(t, "Others have written.", a.message)
	require.Equal(t, []detail{{Reason: "stale_view", Newer: 3}}, a.details)
	require.NotContains(t, a.raw, "leads_phone")
}

func TestEveryCodeOfOursHasOneOfConnects(t *testing.T) {
	t.Parallel()
	var next chat.Code
	b, _ := failing(t, func(context.Context) error { return &chat.Error{Code: next, Message: "Said so.", Field: "text"} })
	token := b.token(t, b.Sales)
	for code, want := range map[chat.Code]string{
		chat.CodeInvalid: "invalid_argument", chat.CodeUnauthenticated: "unauthenticated", chat.CodeForbidden: "permission_denied",
		chat.CodeNotFound: "not_found", chat.CodeConflict: "aborted", chat.CodeBlocked: "failed_precondition",
		chat.CodeTooMany: "resource_exhausted", chat.CodeUnavailable: "unavailable",
	} {
		next = code
		a := b.file(t, token)
		require.Equal(t, want, a.code)
		require.Equal(t, "Said so.", a.message)
		require.Equal(t, "text", a.details[0].Field)
	}
}

// TestACallThatHangsIsGivenUp: a database that is there and says nothing must not
// hold callers for ever.
func TestACallThatHangsIsGivenUp(t *testing.T) {
	t.Parallel()
	b := setup(t, func(r *rpc.Rooms, o *rpc.Options) {
		o.Limit = 50 * time.Millisecond
		r.Media = broken{fail: func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}}
	})
	token := b.token(t, b.Sales)
	_, err := b.signIns.Authenticate(t.Context(), token) // so that this takes none of the time
	require.NoError(t, err)
	a := b.file(t, token)
	require.Equal(t, "unavailable", a.code, a.raw)
	require.Contains(t, a.message, "too long")
}

func TestAWrongFieldIsNamedAsTheCallerSpellsIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := b.token(t, b.Sales)
	id := chat.NewID[chat.ConversationID]()
	for field, c := range map[string]struct {
		call string
		body map[string]any
	}{
		"leadId":         {"StartConversation", map[string]any{"leadId": "7", "channel": "sms"}},
		"channel":        {"StartConversation", map[string]any{"leadId": id, "channel": "pigeon"}},
		"clientId":       {"SendMessage", map[string]any{"conversationId": id, "text": "hello"}},
		"mediaIds[1]":    {"SendMessage", map[string]any{"conversationId": id, "clientId": "c", "mediaIds": []string{string(id), "x"}}},
		"viewedSeq":      {"SendMessage", map[string]any{"conversationId": id, "clientId": "c", "text": "hello", "viewedSeq": -1}},
		"limit":          {"ListMessages", map[string]any{"conversationId": id, "limit": 201}},
		"conversationId": {"ListMessages", map[string]any{}},
		"seq":            {"MarkRead", map[string]any{"conversationId": id}},
		"filter":         {"ListConversations", map[string]any{"filter": "everything"}},
	} {
		a := b.post(t, token, "ConversationService/"+c.call, c.body)
		require.Equal(t, "invalid_argument", a.code, a.raw)
		require.Equal(t, field, a.details[0].Field)
		require.Contains(t, a.message, field)
	}
}
