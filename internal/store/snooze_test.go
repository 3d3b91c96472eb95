package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

func snooze(t testing.TB, w *world.World, c chat.Conversation, until time.Time) chat.Conversation {
	t.Helper()
	got, err := w.Store.Snooze(t.Context(), w.Sales, c.ID, until)
	require.NoError(t, err)
	return got
}

func TestASnoozedConversationComesBackOnceItsTimeHasCome(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	receive(t, w, w.WhatsApp, received(w.WhatsApp, "in-1", "+12025550123", "tomorrow"))
	before := conversationFor(t, w, w.Admin, c.ID)
	until := time.Now().Add(time.Hour)
	got := snooze(t, w, c, until)
	require.Equal(t, w.Sales.User, got.SnoozedBy)
	require.True(t, got.Snoozed(time.Now()))
	require.Equal(t, before.Version+1, got.Version)
	require.Equal(t, before.InboundCount, got.InboundCount)

	require.NoError(t, w.Store.Wake(t.Context(), w.Org, c.ID, until.Add(-time.Minute)), "the job of another time")
	require.True(t, conversationFor(t, w, w.Admin, c.ID).Snoozed(time.Now()))
	for range 3 {
		require.NoError(t, w.Store.Wake(t.Context(), w.Org, c.ID, got.SnoozedUntil))
	}
	back := conversationFor(t, w, w.Sales, c.ID)
	require.True(t, back.SnoozedUntil.IsZero())
	require.Equal(t, got.SnoozedUntil.UTC(), back.BackAt.UTC())
	require.Equal(t, back.BackAt, back.ActiveAt, "it stands where it came back")
	require.Equal(t, chat.MarkedBack, back.Mark.Why)
	require.Equal(t, got.Version+1, back.Version, "once")
	require.Zero(t, conversationFor(t, w, w.Admin, c.ID).Mark, "it was not theirs")
	told := eventsTo(t, w, chat.OrgTopic(w.Org))
	require.NotNil(t, told[len(told)-1].GetConversation().GetBackAt())

	_, err := w.Store.MarkRead(t.Context(), w.Admin, c.ID, 1)
	require.NoError(t, err)
	require.False(t, conversationFor(t, w, w.Admin, c.ID).BackAt.IsZero(), "another has looked")
	_, err = w.Store.MarkRead(t.Context(), w.Sales, c.ID, 1)
	require.NoError(t, err)
	seen := conversationFor(t, w, w.Sales, c.ID)
	require.True(t, seen.BackAt.IsZero())
	require.False(t, seen.Mark.Unread)
	require.Equal(t, back.ActiveAt, seen.ActiveAt)
}

// TestALeadWhoWritesEndsASnooze, alone and together with others.
func TestALeadWhoWritesEndsASnooze(t *testing.T) {
	t.Parallel()
	for name, receiveOne := range map[string]func(*testing.T, *world.World){
		"alone": func(t *testing.T, w *world.World) {
			require.NoError(t, w.Store.ReceiveAlone(t.Context(), w.Org, arrival(w.WhatsApp), received(w.WhatsApp, "in-1", "+12025550123", "now")))
		},
		"together": func(t *testing.T, w *world.World) {
			stored, err := w.Store.ReceiveTogether(t.Context(), w.Org, []store.Arrival{arrival(w.WhatsApp)},
				[]store.Received{received(w.WhatsApp, "in-1", "+12025550123", "now")})
			require.NoError(t, err)
			require.Equal(t, []bool{true}, stored)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world.New(t)
			c := w.Conversation(t, w.WhatsApp)
			got := snooze(t, w, c, time.Now().Add(time.Hour))
			addNote(t, w, w.Admin, c, "she is on holiday")
			require.False(t, conversationFor(t, w, w.Sales, c.ID).SnoozedUntil.IsZero(), "a note does not bring it back")
			receiveOne(t, w)
			back := conversationFor(t, w, w.Sales, c.ID)
			require.True(t, back.SnoozedUntil.IsZero())
			require.False(t, back.BackAt.IsZero())
			told := eventsTo(t, w, chat.OrgTopic(w.Org))
			event := told[len(told)-1].GetMessage().GetConversation()
			require.Nil(t, event.GetSnoozedUntil())
			require.NotNil(t, event.GetBackAt())
			require.EqualValues(t, back.Version, event.GetVersion())
			require.NoError(t, w.Store.Wake(t.Context(), w.Org, c.ID, got.SnoozedUntil))
			require.Equal(t, back.Version, conversationFor(t, w, w.Sales, c.ID).Version, "it is back already")

			queue(t, w, c, "hello")
			require.True(t, conversationFor(t, w, w.Sales, c.ID).BackAt.IsZero(), "somebody has answered")
		})
	}
}

func TestSnoozingAgainChangesTheTime(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	first := snooze(t, w, c, time.Now().Add(time.Hour))
	second := snooze(t, w, c, time.Now().Add(2*time.Hour))
	require.NoError(t, w.Store.Wake(t.Context(), w.Org, c.ID, first.SnoozedUntil))
	require.Equal(t, second.SnoozedUntil, conversationFor(t, w, w.Sales, c.ID).SnoozedUntil)
	got, err := w.Store.Unsnooze(t.Context(), w.Sales, c.ID)
	require.NoError(t, err)
	require.True(t, got.SnoozedUntil.IsZero())
	require.True(t, got.BackAt.IsZero(), "who asked for it knows that it is back")
	again, err := w.Store.Unsnooze(t.Context(), w.Sales, c.ID)
	require.NoError(t, err)
	require.Equal(t, got.Version, again.Version, "nothing to do")
}

func TestOnlyThoseWhoMayChangeALeadSnoozeIt(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	other := w.Sales
	other.User = chat.NewID[chat.UserID]()
	_, err := w.Store.Snooze(t.Context(), other, c.ID, time.Now().Add(time.Hour))
	require.Equal(t, chat.CodeForbidden, chat.CodeOf(err))
}
