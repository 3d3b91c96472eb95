package outbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels/ctm"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
	"converse/internal/outbox"
	"converse/internal/testkit/world"
	"converse/media"
)

// carrying is a bundle whose provider takes files.
type carrying struct {
	*bundle
	objects media.Store
	mu      sync.Mutex // guards what follows
	handed  []string   // bytes of files
	sent    []world.Carried
	refuse  []int // what the next files are answered with
}

func newCarrying(t *testing.T) *carrying {
	t.Helper()
	c := &carrying{bundle: &bundle{World: world.New(t)}}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	c.accounts = c.NewAccounts(t, server.URL, world.Carrier{Adapter: whatsappcloud.New(), Lifetime: 30 * 24 * time.Hour}, ctm.New())
	objects, err := media.OpenFolder(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(objects.Close)
	c.objects = objects
	c.outbox = outbox.New(c.Store, c.accounts, c.doer(t), outbox.Options{
		Node: "n1", Poll: 20 * time.Millisecond, Objects: objects,
		FileURL: func(_ chat.OrgID, id chat.MediaID) (string, error) {
			return "https://hub.example.com/m/" + string(id), nil
		},
	})
	t.Cleanup(func() { c.outbox.Stop(t.Context()) })
	c.whatsApp, c.sms = c.Conversation(t, c.accounts.WhatsApp), c.Conversation(t, c.accounts.CTM)
	c.openWindow(t)
	return c
}

func (c *carrying) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.URL.Path == "/media" {
		c.handed = append(c.handed, string(body))
		if len(c.refuse) > 0 {
			w.WriteHeader(c.refuse[0])
			c.refuse = c.refuse[1:]
			return
		}
		_, _ = io.WriteString(w, "reference-"+r.Header.Get("Content-Type"))
		return
	}
	var m world.Carried
	_ = json.Unmarshal(body, &m) // an empty one fails the test
	c.sent = append(c.sent, m)
	_, _ = io.WriteString(w, "wamid."+string(chat.NewID[chat.MessageID]()))
}

func (c *carrying) seen() (handed []string, sent []world.Carried) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.handed...), append([]world.Carried(nil), c.sent...)
}

// upload is a file that somebody has uploaded for a conversation and that is ready.
func (c *carrying) upload(t *testing.T, p chat.Principal, in chat.ConversationID, kind chat.MessageKind, contentType, body string) chat.MediaID {
	t.Helper()
	u := chat.Upload{
		Media:        chat.Media{ID: chat.NewID[chat.MediaID](), Kind: kind, ContentType: contentType, Name: "house", Size: int64(len(body))},
		Org:          c.Org,
		Conversation: in, ObjectKey: string(media.NewKey(c.Org)), SHA256: strings.Repeat("0", 64),
	}
	require.NoError(t, c.Store.CreateUpload(t.Context(), p, u))
	_, err := c.Store.BeginUpload(t.Context(), c.Org, u.ID)
	require.NoError(t, err)
	_, err = c.objects.Put(t.Context(), media.Key(u.ObjectKey), strings.NewReader(body), u.Size, contentType)
	require.NoError(t, err)
	require.NoError(t, c.Store.UploadStored(t.Context(), u))
	require.NoError(t, c.Store.UploadChecked(t.Context(), u))
	return u.ID
}

func draftOf(c chat.Conversation, clientID, text string, files ...chat.MediaID) outbox.Draft {
	return outbox.Draft{Conversation: c.ID, ClientID: clientID, Text: text, Media: files}
}

func TestAFileGoesOutWithItsMessage(t *testing.T) {
	t.Parallel()
	c := newCarrying(t)
	c.outbox.Start(t.Context())
	file := c.upload(t, c.Sales, c.whatsApp.ID, chat.KindImage, "image/png", "the bytes")
	m, err := c.outbox.Accept(t.Context(), c.Sales, draftOf(c.whatsApp, "c-1", "look", file))
	require.NoError(t, err)
	require.Equal(t, chat.KindImage, m.Kind)
	require.Equal(t, "look", m.Text)
	require.Equal(t, file, m.Media[0].ID)
	repeat, err := c.outbox.Accept(t.Context(), c.Sales, draftOf(c.whatsApp, "c-1", "look", file))
	require.NoError(t, err)
	require.Equal(t, m.ID, repeat.ID)

	c.becomes(t, m.ID, chat.StatusSent)
	handed, sent := c.seen()
	require.Equal(t, []string{"the bytes"}, handed)
	require.Equal(t, []world.Carried{{
		Kind: chat.KindImage, Type: "image/png", Name: "house", Size: 9, URL: "https://hub.example.com/m/" + string(file),
		Reference: "reference-image/png", Text: "look",
	}}, sent)
	stored, err := c.Store.Media(t.Context(), c.Org, file)
	require.NoError(t, err)
	require.Equal(t, chat.MediaReady, stored.State)
	require.WithinDuration(t, time.Now().Add(30*24*time.Hour), stored.ExpiresAt, time.Hour)
}

func TestAnUploadIsOnesOwnInOneConversationAndOnce(t *testing.T) {
	t.Parallel()
	c := newCarrying(t)
	file := c.upload(t, c.Sales, c.whatsApp.ID, chat.KindImage, "image/png", "x")
	for name, try := range map[string]struct {
		p chat.Principal
		d outbox.Draft
	}{
		"a colleague's":        {c.Admin, draftOf(c.whatsApp, "a", "", file)},
		"another conversation": {c.Sales, draftOf(c.sms, "b", "", file)},
		"twice in one":         {c.Sales, draftOf(c.whatsApp, "c", "", file, file)},
		"none at all":          {c.Sales, draftOf(c.whatsApp, "d", "", chat.NewID[chat.MediaID]())},
	} {
		_, err := c.outbox.Accept(t.Context(), try.p, try.d)
		require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "%s: %v", name, err)
	}
	_, err := c.outbox.Accept(t.Context(), c.Sales, draftOf(c.whatsApp, "e", "", file))
	require.NoError(t, err, "those who may not have it have not used it up")
	_, err = c.outbox.Accept(t.Context(), c.Sales, draftOf(c.whatsApp, "f", "", file))
	require.Equal(t, chat.CodeNotFound, chat.CodeOf(err), "it is used")
}

func TestOnlyWhatTheNumberCarriesIsAccepted(t *testing.T) {
	t.Parallel()
	c := newCarrying(t)
	sound := c.upload(t, c.Sales, c.whatsApp.ID, chat.KindAudio, "audio/mpeg", "x")
	pdf := c.upload(t, c.Sales, c.whatsApp.ID, chat.KindDocument, "application/pdf", "x")
	text := c.upload(t, c.Sales, c.sms.ID, chat.KindImage, "image/svg+xml", "x")
	for name, try := range map[string]struct {
		draft outbox.Draft
		field string
	}{
		"sound with a caption":     {draftOf(c.whatsApp, "a", "listen", sound), "text"},
		"a type that is not there": {draftOf(c.whatsApp, "b", "", pdf), "mediaIds"},
		"two":                      {draftOf(c.whatsApp, "c", "", sound, pdf), "mediaIds"},
		"a number without":         {draftOf(c.sms, "d", "", text), "mediaIds"},
		"a template with a file": {outbox.Draft{
			Conversation: c.whatsApp.ID, ClientID: "e", Template: c.Template.ID, Variables: map[string]string{"1": "Asha", "2": "Monday"},
			Media: []chat.MediaID{sound},
		}, "mediaIds"},
	} {
		_, err := c.outbox.Accept(t.Context(), c.Sales, try.draft)
		e := refusal(t, err)
		require.Equal(t, chat.CodeInvalid, e.Code, name)
		require.Equal(t, try.field, e.Field, name)
	}
	_, err := c.outbox.Accept(t.Context(), c.Sales, draftOf(c.whatsApp, "f", "", sound))
	require.NoError(t, err)
}

// TestAFileIsHandedOverUntilItIsTaken: the lead sees nothing of a file without its message,
// so it may be tried again, and the message goes out once.
func TestI3AFileIsHandedOverUntilItIsTaken(t *testing.T) {
	t.Parallel()
	c := newCarrying(t)
	c.refuse = []int{http.StatusServiceUnavailable}
	c.outbox.Start(t.Context())
	file := c.upload(t, c.Sales, c.whatsApp.ID, chat.KindImage, "image/png", "x")
	m, err := c.outbox.Accept(t.Context(), c.Sales, draftOf(c.whatsApp, "c-1", "", file))
	require.NoError(t, err)
	c.becomes(t, m.ID, chat.StatusSent)
	handed, sent := c.seen()
	require.Len(t, handed, 2)
	require.Len(t, sent, 1)
}

func TestAFileThatIsRefusedFailsItsMessage(t *testing.T) {
	t.Parallel()
	c := newCarrying(t)
	c.refuse = []int{http.StatusBadRequest}
	c.outbox.Start(t.Context())
	file := c.upload(t, c.Sales, c.whatsApp.ID, chat.KindImage, "image/png", "the bytes")
	m, err := c.outbox.Accept(t.Context(), c.Sales, draftOf(c.whatsApp, "c-1", "look", file))
	require.NoError(t, err)
	failed := c.becomes(t, m.ID, chat.StatusFailed)
	require.Equal(t, "131053", failed.Failure.Code)
	_, sent := c.seen()
	require.Empty(t, sent)

	again, err := c.outbox.SendAgain(t.Context(), c.Sales, m.ID, "again")
	require.NoError(t, err)
	require.NotEqual(t, file, again.Media[0].ID, "a file of its own")
	require.Equal(t, "house", again.Media[0].Name)
	c.becomes(t, again.ID, chat.StatusSent)
	handed, sent := c.seen()
	require.Equal(t, []string{"the bytes", "the bytes"}, handed)
	require.Equal(t, "look", sent[0].Text)
}

func TestAFileThatIsGoneIsNotSent(t *testing.T) {
	t.Parallel()
	c := newCarrying(t)
	file := c.upload(t, c.Sales, c.whatsApp.ID, chat.KindImage, "image/png", "x")
	m, err := c.outbox.Accept(t.Context(), c.Sales, draftOf(c.whatsApp, "c-1", "", file))
	require.NoError(t, err)
	stored, err := c.Store.Media(t.Context(), c.Org, file)
	require.NoError(t, err)
	require.NoError(t, c.objects.Delete(t.Context(), media.Key(stored.ObjectKey)))
	c.outbox.Start(t.Context())
	require.Contains(t, c.becomes(t, m.ID, chat.StatusFailed).Failure.Text, "not there any more")
}
