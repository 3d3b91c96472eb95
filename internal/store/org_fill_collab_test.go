package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/store"
	"converse/internal/testkit/world"
)

// fillCollab adds a note that names somebody, and a lead that was given away and back.
func fillCollab(t testing.TB, w *world.World, f *filled) {
	t.Helper()
	note := newNote(f.conversation, f.text+" is ours", w.Admin.User)
	m, err := w.Store.AddNote(t.Context(), w.Sales, note)
	require.NoError(t, err)
	f.note = m
	f.transfer = chat.NewID[chat.TransferID]()
	_, err = w.Store.Transfer(t.Context(), w.Admin, store.NewTransfer{
		ID: f.transfer, Lead: f.conversation.Lead, To: w.Admin.User, Comment: f.text, At: time.Now(),
	})
	require.NoError(t, err)
	_, err = w.Store.UndoTransfer(t.Context(), w.Admin, f.transfer, time.Now().Add(-time.Minute), time.Now())
	require.NoError(t, err)
}

// newNote is a note that names users.
func newNote(c chat.Conversation, text string, users ...chat.UserID) store.NewNote {
	id := chat.NewID[chat.MessageID]()
	return store.NewNote{
		ID: id, Conversation: c.ID, ClientID: "note-" + string(id), ContentHash: []byte(text), Text: text, Mentions: users,
		At: time.Now().Truncate(time.Microsecond),
	}
}
