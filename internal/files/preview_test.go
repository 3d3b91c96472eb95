package files_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/outbox"
	"converse/internal/store"
	"converse/media"
)

// sent is a picture that went out in a message.
func (b *bundle) sent(t *testing.T, file []byte) (chat.MediaID, chat.Message) {
	t.Helper()
	id, word := b.create(t, "a.png", "image/png", len(file))
	require.NoError(t, b.receive(t, word, file))
	_, err := b.files.Complete(t.Context(), b.Sales, id, "")
	require.NoError(t, err)
	_, err = b.Store.Receive(t.Context(), b.Org, store.Arrival{Stored: true}, store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: b.accounts.WhatsApp.Senders[0].Sender, ProviderID: "in-1",
		Phone: "+12025550123", Kind: chat.KindText, Text: "hello", ProviderAt: time.Now(), ReceivedAt: time.Now(),
	})
	require.NoError(t, err)
	m, err := outbox.New(b.Store, b.accounts, nil, outbox.Options{Node: "n1"}).Accept(t.Context(), b.Sales, outbox.Draft{
		Conversation: b.talk.ID, ClientID: "c-1", Media: []chat.MediaID{id},
	})
	require.NoError(t, err)
	return id, m
}

func TestASmallPictureIsMadeOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, m := b.sent(t, picture(t, 1000, 500))
	_, _, err := b.files.Link(t.Context(), b.Sales, id, true)
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "there is none yet")
	for range 2 {
		require.NoError(t, b.files.MakePreview(t.Context(), b.Org, id))
	}
	require.Len(t, b.kept(t), 2)
	m, err = b.Store.Message(t.Context(), b.Sales, m.ID)
	require.NoError(t, err)
	require.True(t, m.Media[0].Preview)
	require.Equal(t, []int{1000, 500}, []int{m.Media[0].Width, m.Media[0].Height})
	url, _, err := b.files.Link(t.Context(), b.Sales, id, true)
	require.NoError(t, err)
	grant, err := b.signer.Open(strings.TrimPrefix(url, "https://hub.example.com/media/"), b.clock())
	require.NoError(t, err)
	file, err := b.files.File(t.Context(), grant)
	require.NoError(t, err)
	object, err := b.objects.Get(t.Context(), file.Key)
	require.NoError(t, err)
	defer object.Close()
	width, height, err := media.PictureSize(object)
	require.NoError(t, err)
	require.Equal(t, []int{640, 320}, []int{width, height})
}
