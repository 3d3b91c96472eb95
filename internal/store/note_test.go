package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// addNote writes a note that names users.
func addNote(t testing.TB, w *world.World, by chat.Principal, c chat.Conversation, text string, users ...chat.UserID) chat.Message {
	t.Helper()
	m, err := w.Store.AddNote(t.Context(), by, newNote(c, text, users...))
	require.NoError(t, err)
	return m
}

// narrow narrows whose leads a user sees.
func narrow(t testing.TB, w *world.World, user chat.UserID, view chat.Scope) {
	t.Helper()
	exec(t, owner(t, w), `update users set access = jsonb_build_object('view', $2::text, 'edit', $2::text) where id = $1`, user, string(view))
}

func conversationFor(t testing.TB, w *world.World, p chat.Principal, id chat.ConversationID) chat.Conversation {
	t.Helper()
	c, err := w.Store.Conversation(t.Context(), p, id)
	require.NoError(t, err)
	return c
}

// eventsTo are the events of a topic so far.
func eventsTo(t testing.TB, w *world.World, topic chat.Topic) []*conversev1.Event {
	t.Helper()
	var out []*conversev1.Event
	for _, e := range w.Events() {
		if e.Topic == topic {
			var event conversev1.Event
			require.NoError(t, proto.Unmarshal(e.Payload, &event))
			out = append(out, &event)
		}
	}
	return out
}

// TestI5NotesHaveTheirPlace writes notes, messages and answers of the lead at once.
func TestI5NotesHaveTheirPlace(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	const writers, each = 12, 8
	together(writers, func(writer int) {
		for n := range each {
			key := fmt.Sprintf("%d-%d", writer, n)
			var err error
			switch writer % 3 {
			case 0:
				_, err = w.Store.AddNote(t.Context(), w.Admin, newNote(c, key, w.Sales.User))
			case 1:
				_, err = w.Store.AcceptMessage(t.Context(), w.Sales, newMessage(c, key, key), fine)
			default:
				_, err = w.Store.Receive(t.Context(), w.Org, arrival(w.WhatsApp), received(w.WhatsApp, key, "+12025550123", key))
			}
			require.NoError(t, err)
		}
	})
	messages, err := w.Store.Messages(t.Context(), w.Admin, c.ID, 0, 0, writers*each)
	require.NoError(t, err)
	require.Len(t, messages, writers*each)
	notes := 0
	for i, m := range messages {
		require.Equal(t, i+1, m.Seq)
		if m.Kind == chat.KindNote {
			notes++
			require.Equal(t, chat.DirectionInternal, m.Direction)
			require.Equal(t, chat.StatusNoted, m.Status)
		}
	}
	require.Equal(t, writers/3*each, notes)
	got := conversationFor(t, w, w.Sales, c.ID)
	require.Equal(t, writers/3*each, got.Unread(), "the lead's messages alone are counted")
	require.Equal(t, writers*each, got.LastSeq)
	_, err = w.Store.MarkRead(t.Context(), w.Sales, c.ID, got.LastSeq)
	require.NoError(t, err)
	require.Zero(t, conversationFor(t, w, w.Sales, c.ID).Unread())
}

// TestANoteIsNeverSent works the queue off: there is a job for the message and none for
// the note, and what is between colleagues stays out of what is sent again.
func TestANoteIsNeverSent(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	note := addNote(t, w, w.Sales, c, "she is angry", w.Admin.User)
	_, err := w.Store.Transfer(t.Context(), w.Admin, store.NewTransfer{
		ID: chat.NewID[chat.TransferID](), Lead: c.Lead, To: w.Admin.User, Comment: "mine", At: time.Now(),
	})
	require.NoError(t, err)
	require.Empty(t, claim(t, w, "n1"))
	message := queue(t, w, c, "hello")
	jobs := claim(t, w, "n1")
	require.Len(t, jobs, 1)
	require.Equal(t, message.ID, jobs[0].Message, "notes before it do not keep it back")
	require.Equal(t, 1, count(t, owner(t, w), "select count(*) from send_jobs"))
	_, err = w.Store.ContentOf(t.Context(), w.Admin, note.ID)
	require.Equal(t, chat.CodeBlocked, chat.CodeOf(err))
	end, err := w.Store.Report(t.Context(), w.Org, arrival(w.WhatsApp), store.Report{
		Connector: w.WhatsApp.ID, ProviderID: "wamid.x", Reference: note.ID, Status: chat.StatusDelivered, ReceivedAt: time.Now(),
	})
	require.NoError(t, err)
	require.NotEqual(t, store.ResultShown, end.End.Result, "a provider knows no note")
	require.Equal(t, chat.StatusNoted, get(t, w, note.ID).Status)
}

func TestANoteIsAddedOnceHoweverOften(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	n := newNote(c, "call her", w.Admin.User)
	together(20, func(int) {
		n := n
		n.ID = chat.NewID[chat.MessageID]()
		m, err := w.Store.AddNote(t.Context(), w.Sales, n)
		require.NoError(t, err)
		require.Equal(t, 1, m.Seq)
		require.Equal(t, []chat.UserID{w.Admin.User}, m.Mentions)
	})
	require.Equal(t, 1, count(t, owner(t, w), "select count(*) from messages"))
	require.Len(t, eventsTo(t, w, chat.UserTopic(w.Admin.User)), 1)
	n.ContentHash = []byte("other")
	_, err := w.Store.AddNote(t.Context(), w.Sales, n)
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err))
	// The key of a note does not send a message: what a user pressed once is one thing.
	message := newMessage(c, "call her!", n.ClientID)
	_, err = w.Store.AcceptMessage(t.Context(), w.Sales, message, fine)
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err))
}

func TestAMentionAsksForEyesUntilRead(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	require.Zero(t, conversationFor(t, w, w.Admin, c.ID).Mark)
	first := addNote(t, w, w.Sales, c, "see this", w.Admin.User, w.Sales.User)
	second := addNote(t, w, w.Sales, c, "and this", w.Admin.User)
	mark := conversationFor(t, w, w.Admin, c.ID).Mark
	require.Equal(t, second.Seq, mark.MentionSeq)
	require.Equal(t, w.Sales.User, mark.By)
	require.Zero(t, conversationFor(t, w, w.Sales, c.ID).Mark, "nobody is told of what they wrote themselves")

	_, err := w.Store.MarkRead(t.Context(), w.Admin, c.ID, first.Seq)
	require.NoError(t, err)
	require.Equal(t, second.Seq, conversationFor(t, w, w.Admin, c.ID).Mark.MentionSeq, "the second is further down")
	_, err = w.Store.MarkRead(t.Context(), w.Admin, c.ID, second.Seq)
	require.NoError(t, err)
	require.Zero(t, conversationFor(t, w, w.Admin, c.ID).Mark.MentionSeq)
	told := eventsTo(t, w, chat.UserTopic(w.Admin.User))
	last := told[len(told)-1].GetMark()
	require.Zero(t, last.GetMentionSeq(), "their other devices know")
	require.Equal(t, conversationFor(t, w, w.Admin, c.ID).Mark.Version, int(last.GetVersion()))
}

func TestOneWhoCannotSeeTheLeadCannotBeNamed(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	narrow(t, w, w.Admin.User, chat.ScopeOwn)
	_, err := w.Store.AddNote(t.Context(), w.Sales, newNote(c, "see this", w.Admin.User))
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err))
	require.ErrorContains(t, err, "Ada Min cannot see this lead")
	require.Zero(t, count(t, owner(t, w), "select count(*) from messages"))
	blind := w.Admin
	blind.Access = &chat.Access{View: chat.ScopeOwn}
	_, err = w.Store.AddNote(t.Context(), blind, newNote(c, "hello"))
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	colleagues, _, err := w.Store.Colleagues(t.Context(), w.Sales, c.ID)
	require.NoError(t, err)
	require.Len(t, colleagues, 1)
	require.False(t, colleagues[0].Sees)
	require.True(t, colleagues[0].MayTake, "they would see it if it were theirs")
}

func TestANoteIsItsAuthorsToChangeForAWhile(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	note := addNote(t, w, w.Sales, c, "ask Ada", w.Admin.User)
	change := func(by chat.Principal, n store.ChangedNote) (chat.Message, error) {
		n.ID, n.At = note.ID, time.Now().Truncate(time.Microsecond)
		return w.Store.ChangeNote(t.Context(), by, n)
	}
	_, err := change(w.Admin, store.ChangedNote{Text: "no"})
	require.Equal(t, chat.CodeForbidden, chat.CodeOf(err))
	_, err = change(w.Sales, store.ChangedNote{Text: "no", Since: time.Now()})
	require.Equal(t, chat.CodeBlocked, chat.CodeOf(err), "too late")

	edited, err := change(w.Sales, store.ChangedNote{Text: "ask nobody"})
	require.NoError(t, err)
	require.Equal(t, 1, edited.Revision)
	kept := get(t, w, note.ID)
	require.Equal(t, "ask nobody", kept.Text)
	require.Equal(t, edited.EditedAt.UTC(), kept.EditedAt.UTC())
	require.Empty(t, kept.Mentions)
	require.Zero(t, conversationFor(t, w, w.Admin, c.ID).Mark.MentionSeq, "nobody asks for them any more")

	queue(t, w, c, "hello")
	deleted, err := change(w.Sales, store.ChangedNote{Delete: true})
	require.NoError(t, err)
	require.Empty(t, deleted.Text)
	require.False(t, deleted.DeletedAt.IsZero())
	_, err = change(w.Sales, store.ChangedNote{Text: "back"})
	require.Equal(t, chat.CodeBlocked, chat.CodeOf(err))
	messages, err := w.Store.Messages(t.Context(), w.Admin, c.ID, 0, 0, 10)
	require.NoError(t, err)
	require.Len(t, messages, 2, "its place stays")
	told := eventsTo(t, w, chat.OrgTopic(w.Org))
	last := told[len(told)-1].GetMessage()
	require.EqualValues(t, 2, last.GetMessage().GetRevision())
	require.EqualValues(t, 2, last.GetConversation().GetLastSeq())
}

func TestMarkedAsUnreadUntilRead(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	queue(t, w, c, "hello")
	_, err := w.Store.MarkRead(t.Context(), w.Sales, c.ID, 1)
	require.NoError(t, err)
	mark, err := w.Store.MarkUnread(t.Context(), w.Sales, c.ID)
	require.NoError(t, err)
	require.Equal(t, chat.MarkedByUser, mark.Why)
	require.Equal(t, mark, conversationFor(t, w, w.Sales, c.ID).Mark)
	require.Zero(t, conversationFor(t, w, w.Admin, c.ID).Mark, "for oneself")
	_, err = w.Store.MarkRead(t.Context(), w.Sales, c.ID, 1)
	require.NoError(t, err)
	require.False(t, conversationFor(t, w, w.Sales, c.ID).Mark.Unread, "although nothing new was read")
}
