package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

func transferOf(lead chat.LeadID, to chat.UserID, comment string) store.NewTransfer {
	return store.NewTransfer{ID: chat.NewID[chat.TransferID](), Lead: lead, To: to, Comment: comment, At: time.Now().Truncate(time.Microsecond)}
}

func ownerOf(t testing.TB, w *world.World, lead chat.LeadID) chat.UserID {
	t.Helper()
	l, err := w.Store.Lead(t.Context(), w.Admin, lead)
	require.NoError(t, err)
	return l.Owner
}

func TestATransferMovesTheLeadAndSaysSo(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	here, elsewhere := w.Conversation(t, w.WhatsApp), w.Conversation(t, w.SMS)
	for _, id := range []string{"in-1", "in-2", "in-3"} {
		receive(t, w, w.WhatsApp, received(w.WhatsApp, id, "+12025550123", "hello"))
	}
	_, err := w.Store.MarkRead(t.Context(), w.Sales, here.ID, 2)
	require.NoError(t, err)
	_, err = w.Store.Snooze(t.Context(), w.Sales, here.ID, time.Now().Add(time.Hour))
	require.NoError(t, err)

	n := transferOf(w.Lead.ID, w.Admin.User, "she asks for Ada")
	n.Conversation = here.ID
	got, err := w.Store.Transfer(t.Context(), w.Sales, n)
	require.NoError(t, err)
	require.Equal(t, "Ada Min", got.Name)
	require.Equal(t, w.Admin.User, ownerOf(t, w, w.Lead.ID))

	messages, err := w.Store.Messages(t.Context(), w.Admin, here.ID, 0, 3, 10)
	require.NoError(t, err)
	require.Len(t, messages, 2)
	require.Equal(t, chat.KindTransfer, messages[0].Kind)
	require.Equal(t, "Mira Sale gave this conversation to Ada Min.", messages[0].Text)
	require.Equal(t, chat.KindNote, messages[1].Kind)
	require.Equal(t, "she asks for Ada", messages[1].Text)

	after := conversationFor(t, w, w.Admin, here.ID)
	require.Equal(t, w.Admin.User, after.Owner)
	require.Equal(t, 1, after.Unread(), "they go on counting where the one before had read to")
	require.Equal(t, chat.MarkedGiven, after.Mark.Why)
	require.Equal(t, w.Sales.User, after.Mark.By)
	require.False(t, after.Snoozed(time.Now()), "they have not put it off")
	versions := map[string]int32{}
	owners := map[string]string{}
	for _, e := range eventsTo(t, w, chat.OrgTopic(w.Org)) {
		c := e.GetConversation()
		if m := e.GetMessage(); m != nil {
			c = m.GetConversation()
		}
		require.GreaterOrEqual(t, c.GetVersion(), versions[c.GetId()])
		versions[c.GetId()], owners[c.GetId()] = c.GetVersion(), c.GetOwnerId()
	}
	for _, c := range []chat.Conversation{here, elsewhere} {
		require.Equal(t, string(w.Admin.User), owners[string(c.ID)], "everyone is told of every conversation")
		require.EqualValues(t, conversationFor(t, w, w.Sales, c.ID).Version, versions[string(c.ID)])
	}
	require.Equal(t, 1, count(t, owner(t, w), "select count(*) from audit_entries where action = 'lead.transferred'"))
}

func TestATransferIsUndoneOnce(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	n := transferOf(w.Lead.ID, w.Admin.User, "")
	_, err := w.Store.Transfer(t.Context(), w.Sales, n)
	require.NoError(t, err)
	undo := func(by chat.Principal, since time.Time) (chat.UserID, error) {
		return w.Store.UndoTransfer(t.Context(), by, n.ID, since, time.Now())
	}
	_, err = undo(w.Admin, time.Time{})
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "it is for whoever gave it")
	_, err = undo(w.Sales, time.Now().Add(time.Second))
	require.Equal(t, chat.CodeBlocked, chat.CodeOf(err), "too late")
	back, err := undo(w.Sales, n.At.Add(-time.Second))
	require.NoError(t, err)
	require.Equal(t, w.Sales.User, back)
	require.Equal(t, w.Sales.User, ownerOf(t, w, w.Lead.ID))
	require.False(t, conversationFor(t, w, w.Admin, c.ID).Mark.Unread)
	_, err = undo(w.Sales, time.Time{})
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err))
}

func TestALeadThatWasGivenOnIsNotTakenBack(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	n := transferOf(w.Lead.ID, w.Admin.User, "")
	_, err := w.Store.Transfer(t.Context(), w.Sales, n)
	require.NoError(t, err)
	third := chat.User{ID: chat.NewID[chat.UserID](), Name: "Jonas Third", Email: "jonas@example.com", Role: chat.RoleSalesUser}
	require.NoError(t, w.Store.CreateUser(t.Context(), w.Org, third, "none"))
	_, err = w.Store.Transfer(t.Context(), w.Admin, transferOf(w.Lead.ID, third.ID, ""))
	require.NoError(t, err)
	_, err = w.Store.UndoTransfer(t.Context(), w.Sales, n.ID, time.Time{}, time.Now())
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err))
	require.Equal(t, third.ID, ownerOf(t, w, w.Lead.ID))
}

func TestWhoMayGiveALeadToWhom(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	other := w.Sales
	other.User = chat.NewID[chat.UserID]()
	_, err := w.Store.Transfer(t.Context(), other, transferOf(w.Lead.ID, w.Admin.User, ""))
	require.Equal(t, chat.CodeForbidden, chat.CodeOf(err), "it is not theirs to give")
	other.Access = &chat.Access{View: chat.ScopeOwn, Edit: chat.ScopeOwn}
	_, err = w.Store.Transfer(t.Context(), other, transferOf(w.Lead.ID, w.Admin.User, ""))
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	_, err = w.Store.Transfer(t.Context(), w.Sales, transferOf(w.Lead.ID, w.Sales.User, ""))
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err), "they have it")
	narrow(t, w, w.Admin.User, chat.ScopeNone)
	_, err = w.Store.Transfer(t.Context(), w.Sales, transferOf(w.Lead.ID, w.Admin.User, ""))
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err), "they would not see it")
	exec(t, owner(t, w), "update users set active = false where id = $1", w.Admin.User)
	_, err = w.Store.Transfer(t.Context(), w.Sales, transferOf(w.Lead.ID, w.Admin.User, ""))
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err))
	require.Equal(t, w.Sales.User, ownerOf(t, w, w.Lead.ID))
}

// TestTransfersAtOnceEndInOneOwner: everybody is told of the same one in the end.
func TestTransfersAtOnceEndInOneOwner(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	c := w.Conversation(t, w.WhatsApp)
	together(10, func(n int) {
		to := w.Admin.User
		if n%2 == 0 {
			to = w.Sales.User
		}
		_, err := w.Store.Transfer(t.Context(), w.Admin, transferOf(w.Lead.ID, to, "mine"))
		if err != nil {
			require.Equal(t, chat.CodeConflict, chat.CodeOf(err))
		}
	})
	last := conversationFor(t, w, w.Admin, c.ID)
	require.Equal(t, ownerOf(t, w, w.Lead.ID), last.Owner)
	require.Equal(t, last.LastSeq, count(t, owner(t, w), "select count(*) from messages"))
}
