package outbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/outbox"
)

func refusal(t *testing.T, err error) *chat.Error {
	t.Helper()
	var e *chat.Error
	require.ErrorAs(t, err, &e)
	return e
}

func TestDraftsThatCannotBeSentNameTheField(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, c := range map[string]struct {
		draft outbox.Draft
		field string
	}{
		"nothing":                 {outbox.Draft{Conversation: b.sms.ID}, "text"},
		"blank":                   {outbox.Draft{Conversation: b.sms.ID, Text: " \n\t "}, "text"},
		"too long for the number": {outbox.Draft{Conversation: b.sms.ID, Text: strings.Repeat("é", 1601)}, "text"},
		"text and template":       {outbox.Draft{Conversation: b.whatsApp.ID, Text: "x", Template: b.Template.ID}, "text"},
		"template without values": {outbox.Draft{Conversation: b.whatsApp.ID, Template: b.Template.ID}, "variables.1"},
		"template of WhatsApp":    {outbox.Draft{Conversation: b.sms.ID, Template: b.Template.ID, Variables: filled()}, "templateId"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.draft.ClientID = name
			_, err := b.outbox.Accept(t.Context(), b.Sales, c.draft)
			e := refusal(t, err)
			require.Equal(t, chat.CodeInvalid, e.Code)
			require.Equal(t, c.field, e.Field)
		})
	}
}

func filled() map[string]string { return map[string]string{"1": "Asha", "2": "Monday"} }

func TestUnknownThingsAreNotFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.outbox.Accept(t.Context(), b.Sales, outbox.Draft{Conversation: chat.NewID[chat.ConversationID](), ClientID: "a", Text: "x"})
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	_, err = b.outbox.Accept(t.Context(), b.Sales, outbox.Draft{
		Conversation: b.whatsApp.ID, ClientID: "b", Template: chat.NewID[chat.TemplateID](), Variables: filled(),
	})
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
}

func TestARepeatIsAnsweredWithTheVerySameMessage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	draft := outbox.Draft{Conversation: b.whatsApp.ID, ClientID: "c-1", Text: "hello"}
	first, err := b.outbox.Accept(t.Context(), b.Sales, draft)
	require.NoError(t, err)
	repeat, err := b.outbox.Accept(t.Context(), b.Sales, draft)
	require.NoError(t, err)
	require.Equal(t, first, repeat, "to the last field")
}

func TestAMarketingUserDoesNotChat(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.Sales
	p.Role = chat.RoleMarketingUser
	_, err := b.outbox.Accept(t.Context(), p, outbox.Draft{Conversation: b.sms.ID, ClientID: "a", Text: "x"})
	require.Equal(t, chat.CodeForbidden, chat.CodeOf(err))
}

// TestI9WindowIsCheckedWhenAcceptingAndWhenSending closes the window before and
// after a message was accepted: it never leaves, and a template always does.
func TestI9WindowIsCheckedWhenAcceptingAndWhenSending(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.send(t, b.whatsApp, "typed while it was open")

	late := time.Now().Add(25 * time.Hour)
	after := outbox.New(b.Store, b.accounts, b.doer(t), outbox.Options{
		Node: "late", Poll: 20 * time.Millisecond, Now: func() time.Time { return late },
	})
	_, err := after.Accept(t.Context(), b.Sales, outbox.Draft{Conversation: b.whatsApp.ID, ClientID: "late", Text: "too late"})
	e := refusal(t, err)
	require.Equal(t, chat.CodeBlocked, e.Code)
	require.Equal(t, chat.ReasonWindowClosed, e.Reason)

	after.Start(t.Context())
	defer after.Stop(t.Context())
	failed := b.becomes(t, m.ID, chat.StatusFailed)
	require.Contains(t, failed.Failure.Text, "window")
	require.Zero(t, b.provider.count())

	template, err := after.Accept(t.Context(), b.Sales, outbox.Draft{
		Conversation: b.whatsApp.ID, ClientID: "template", Template: b.Template.ID, Variables: filled(),
	})
	require.NoError(t, err)
	require.Equal(t, "Hello Asha, your visit is on Monday.", template.Text)
	b.becomes(t, template.ID, chat.StatusSent)
}

func TestAHeldMessageIsSentOnceTheNewerOnesWereSeen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	seen := b.send(t, b.whatsApp, "mine").Seq
	_, err := b.outbox.Accept(t.Context(), b.Admin, outbox.Draft{Conversation: b.whatsApp.ID, ClientID: "c", Text: "a colleague's"})
	require.NoError(t, err)
	draft := outbox.Draft{Conversation: b.whatsApp.ID, ClientID: "d", Text: "typed on the old view", ViewedSeq: seen}
	_, err = b.outbox.Accept(t.Context(), b.Sales, draft)
	e := refusal(t, err)
	require.Equal(t, chat.ReasonStaleView, e.Reason)
	require.Equal(t, 1, e.Newer)
	draft.ViewedSeq = seen + 1
	_, err = b.outbox.Accept(t.Context(), b.Sales, draft)
	require.NoError(t, err, "the same key, with the newer view")
}

func TestSendAgainIsANewMessageThatNamesTheOld(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.provider.answer(cut)
	b.outbox.Start(t.Context())
	template, err := b.outbox.Accept(t.Context(), b.Sales, outbox.Draft{
		Conversation: b.whatsApp.ID, ClientID: "t", Template: b.Template.ID, Variables: filled(),
	})
	require.NoError(t, err)
	old := b.becomes(t, template.ID, chat.StatusUnsure)

	b.provider.answer(onceThen(nil))
	again, err := b.outbox.SendAgain(t.Context(), b.Sales, old.ID, "again-1")
	require.NoError(t, err)
	require.NotEqual(t, old.ID, again.ID)
	require.Equal(t, old.ID, again.RetryOf)
	require.Equal(t, old.Text, again.Text)
	twice, err := b.outbox.SendAgain(t.Context(), b.Sales, old.ID, "again-1")
	require.NoError(t, err)
	require.Equal(t, again.ID, twice.ID, "a double click is one message")
	b.becomes(t, again.ID, chat.StatusSent)
	require.Equal(t, 2, b.provider.count())
	b.becomes(t, old.ID, chat.StatusUnsure)

	_, err = b.outbox.SendAgain(t.Context(), b.Sales, again.ID, "again-2")
	require.Equal(t, chat.CodeBlocked, chat.CodeOf(err), "a message that went out is not sent again")
}

// TestI9OptOutIsCheckedWhenAcceptingAndWhenSending lets the lead opt out before and after
// messages were accepted: no SMS leaves and no marketing; an answer does.
func TestI9OptOutIsCheckedWhenAcceptingAndWhenSending(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.provider.answer(func(_ int, w http.ResponseWriter) { accept(w) })
	offer := b.Template
	offer.ID, offer.Name, offer.Category = chat.NewID[chat.TemplateID](), "offer", "MARKETING"
	require.NoError(t, b.Store.CreateTemplate(t.Context(), b.Org, offer))
	draft := func(id string, d outbox.Draft) outbox.Draft { d.ClientID = id; return d }
	sms, marketing := outbox.Draft{Conversation: b.sms.ID, Text: "hello"}, outbox.Draft{Conversation: b.whatsApp.ID, Template: offer.ID, Variables: filled()}
	var waiting []chat.MessageID
	for id, d := range map[string]outbox.Draft{"sms-1": sms, "offer-1": marketing} {
		m, err := b.outbox.Accept(t.Context(), b.Sales, draft(id, d))
		require.NoError(t, err)
		waiting = append(waiting, m.ID)
	}
	_, err := b.Store.SetOptOut(t.Context(), b.Sales, b.sms.Identifier.ID, true, "")
	require.NoError(t, err)
	if b.whatsApp.Identifier.ID != b.sms.Identifier.ID {
		_, err = b.Store.SetOptOut(t.Context(), b.Sales, b.whatsApp.Identifier.ID, true, "")
		require.NoError(t, err)
	}
	for id, d := range map[string]outbox.Draft{"sms-2": sms, "offer-2": marketing} {
		_, err := b.outbox.Accept(t.Context(), b.Sales, draft(id, d))
		e := refusal(t, err)
		require.Equal(t, chat.CodeBlocked, e.Code)
		require.Equal(t, chat.ReasonOptedOut, e.Reason)
	}
	answer, err := b.outbox.Accept(t.Context(), b.Sales, draft("answer", outbox.Draft{Conversation: b.whatsApp.ID, Text: "we will not write again"}))
	require.NoError(t, err)
	b.outbox.Start(t.Context())
	for _, id := range waiting {
		require.Contains(t, b.becomes(t, id, chat.StatusFailed).Failure.Text, "asked not to be written to")
	}
	b.becomes(t, answer.ID, chat.StatusSent)
	require.Equal(t, 1, b.provider.count())
	_, err = b.outbox.SendAgain(t.Context(), b.Sales, waiting[0], "again")
	require.Equal(t, chat.ReasonOptedOut, refusal(t, err).Reason)
}
