package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/testkit/world"
	"converse/media"
)

// fillFiles puts a row into the table of uploads.
func fillFiles(t testing.TB, w *world.World, name string, in chat.ConversationID) chat.MediaID {
	t.Helper()
	u := upload(w, in, name+".png")
	require.NoError(t, w.Store.CreateUpload(t.Context(), w.Sales, u))
	return u.ID
}

// upload is a picture that somebody is about to send.
func upload(w *world.World, in chat.ConversationID, name string) chat.Upload {
	return chat.Upload{
		Media:        chat.Media{ID: chat.NewID[chat.MediaID](), Kind: chat.KindImage, ContentType: "image/png", Name: name, Size: 5},
		Conversation: in, ObjectKey: string(media.NewKey(w.Org)),
	}
}
