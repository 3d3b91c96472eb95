package outbox_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/internal/approval"
	"converse/internal/chat"
	"converse/internal/outbox"
	"converse/internal/store"
	"converse/internal/testkit/played"
	"converse/internal/testkit/world"
	"converse/media"
)

// theirs is the phone of the world's lead.
const theirs = "+12025550123"

// templates is an outbox over played providers, which approve templates and show messages
// on a phone.
type templates struct {
	*world.World
	at       *played.Providers
	approval *approval.Service
	outbox   *outbox.Outbox
	objects  media.Store
}

func newTemplates(t *testing.T) *templates {
	t.Helper()
	w := world.New(t)
	b := &templates{World: w, at: played.New(t, w)}
	objects, err := media.OpenFolder(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(objects.Close)
	b.objects = objects
	// Gupshup fetches a file by its address.
	links := httptest.NewServer(http.HandlerFunc(b.link))
	t.Cleanup(links.Close)
	b.approval = approval.New(w.Store, b.at.Book, b.at.Doer, approval.Options{Objects: objects})
	b.outbox = outbox.New(w.Store, b.at.Book, b.at.Doer, outbox.Options{
		Node: "n1", Poll: 20 * time.Millisecond, Objects: objects,
		FileURL: func(_ chat.OrgID, id chat.MediaID) (string, error) { return links.URL + "/" + string(id), nil },
	})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), eventually)
		defer cancel()
		b.outbox.Stop(ctx)
	})
	b.outbox.Start(t.Context())
	return b
}

func (b *templates) link(w http.ResponseWriter, r *http.Request) {
	file, err := b.Store.Media(r.Context(), b.Org, chat.MediaID(strings.TrimPrefix(r.URL.Path, "/")))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	object, err := b.objects.Get(r.Context(), media.Key(file.ObjectKey))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer object.Close()
	w.Header().Set("Content-Type", file.ContentType)
	_, _ = io.Copy(w, object)
}

// bytesOf is a file of a kind, in so far as anybody looks at it.
func bytesOf(t *testing.T, kind chat.MessageKind) (contentType string, data []byte) {
	t.Helper()
	switch kind {
	case chat.KindVideo:
		return "video/mp4", []byte("\x00\x00\x00\x18ftypmp42 a film")
	case chat.KindDocument:
		return "application/pdf", []byte("%PDF-1.4\n%%EOF\n")
	}
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, image.NewGray(image.Rect(0, 0, 4, 3))))
	return "image/png", out.Bytes()
}

// uploaded is a file of the principal's that is ready, for a conversation or a connector.
func (b *templates) uploaded(t *testing.T, p chat.Principal, kind chat.MessageKind, to chat.Upload) chat.MediaID {
	t.Helper()
	contentType, data := bytesOf(t, kind)
	to.Media = chat.Media{ID: chat.NewID[chat.MediaID](), Kind: kind, ContentType: contentType, Name: "house", Size: int64(len(data))}
	to.Org, to.ObjectKey, to.SHA256 = b.Org, string(media.NewKey(b.Org)), strings.Repeat("0", 64)
	require.NoError(t, b.Store.CreateUpload(t.Context(), p, to))
	_, err := b.Store.BeginUpload(t.Context(), b.Org, to.ID)
	require.NoError(t, err)
	_, err = b.objects.Put(t.Context(), media.Key(to.ObjectKey), bytes.NewReader(data), to.Size, contentType)
	require.NoError(t, err)
	require.NoError(t, b.Store.UploadStored(t.Context(), to))
	require.NoError(t, b.Store.UploadChecked(t.Context(), to))
	return to.ID
}

// approved hands a template in and reads it back once it is approved.
func (b *templates) approved(t *testing.T, of store.Connector, d approval.Draft) chat.TemplateID {
	t.Helper()
	d.Channel, d.Connector, d.Language, d.Category = chat.ChannelWhatsApp, of.ID, "en_US", "utility"
	if h := d.Header; h != nil && h.Kind != chat.KindText && h.Kind != chat.KindLocation {
		d.Header = &chat.TemplateHeader{Kind: h.Kind, File: &chat.Media{ID: b.uploaded(t, b.Admin, h.Kind, chat.Upload{Connector: of.ID})}}
	}
	made, err := b.approval.Write(t.Context(), b.Admin, "", d)
	require.NoError(t, err)
	handed, err := b.approval.Submit(t.Context(), b.Admin, made.ID)
	require.NoError(t, err)
	require.Equal(t, "pending", handed.Status, handed.Reason)
	require.Eventually(t, func() bool {
		require.NoError(t, b.approval.Sync(t.Context(), b.Org, of.ID, true))
		stored, err := b.Store.Template(t.Context(), b.Org, made.ID)
		return err == nil && stored.Status == chat.TemplateApproved
	}, eventually, 100*time.Millisecond)
	return made.ID
}

// full has a place for a value in each of its parts.
func full(name string, header *chat.TemplateHeader) approval.Draft {
	return approval.Draft{
		Name: name, Body: "Hello {{1}}, see {{2}} on Monday.", Footer: "Harbour Homes", Examples: map[string]string{"1": "Asha", "2": "the house"},
		Header: header,
		Actions: []chat.TemplateAction{
			{Kind: "quick_reply", Text: "Yes"},
			{Kind: "url", Text: "Look", Value: "https://example.com/{{1}}", Example: "12"},
			{Kind: "copy_code", Text: "Copy", Example: "HOME10"},
		},
	}
}

// filledIn is a draft of a message made of it.
func filledIn(of chat.Conversation, template chat.TemplateID) outbox.Draft {
	return outbox.Draft{
		Conversation: of.ID, ClientID: string(chat.NewID[chat.MessageID]()), Template: template,
		Variables: map[string]string{"1": "Mira", "2": "the harbour"}, Buttons: map[int]string{1: "77", 2: "SAVE20"},
	}
}

// shown waits for a message to be on the lead's phone.
func (b *templates) shown(t *testing.T, of store.Connector, text string) played.Shown {
	t.Helper()
	var found played.Shown
	require.Eventually(t, func() bool {
		for _, m := range b.at.Phone(t, theirs, channels.Kind(of.Provider)) {
			if found = m; m.Text == text {
				return true
			}
		}
		return false
	}, eventually, tick)
	return found
}

// TestEveryPartOfATemplateIsFilled sends one with a value in its header, its text and its
// buttons at each provider, and reads it on the phone.
func TestEveryPartOfATemplateIsFilled(t *testing.T) {
	t.Parallel()
	b := newTemplates(t)
	for name, of := range map[string]store.Connector{"whatsapp": b.at.WhatsApp, "gupshup": b.at.Gupshup} {
		talk := b.Conversation(t, of)
		d := filledIn(talk, b.approved(t, of, full("visit", &chat.TemplateHeader{Kind: chat.KindText, Text: "News of {{1}}", Example: "today"})))
		d.HeaderText = "Monday"
		m, err := b.outbox.Accept(t.Context(), b.Sales, d)
		require.NoError(t, err, name)
		seen := b.shown(t, of, "Hello Mira, see the harbour on Monday.")
		require.Equal(t, "News of Monday", seen.Header, name)
		require.Equal(t, "Harbour Homes", seen.Footer, name)
		var values []string
		for _, button := range seen.Buttons {
			values = append(values, button.ID)
		}
		require.Equal(t, []string{"Yes", "https://example.com/77", "SAVE20"}, values, name)
		require.Equal(t, m.Text, seen.Text+"\n\n"+seen.Footer, "what the user was shown is what the lead reads")
	}
}

// TestTheFileOverATemplateIsTheOneThatWasAttached does so for each kind of header.
func TestTheFileOverATemplateIsTheOneThatWasAttached(t *testing.T) {
	t.Parallel()
	b := newTemplates(t)
	for name, of := range map[string]store.Connector{"whatsapp": b.at.WhatsApp, "gupshup": b.at.Gupshup} {
		talk := b.Conversation(t, of)
		for _, kind := range []chat.MessageKind{chat.KindImage, chat.KindVideo, chat.KindDocument} {
			text := "Your home, by " + string(kind) + "."
			template := b.approved(t, of, approval.Draft{Name: "by_" + string(kind), Body: text, Header: &chat.TemplateHeader{Kind: kind}})
			m, err := b.outbox.Accept(t.Context(), b.Sales, outbox.Draft{
				Conversation: talk.ID, ClientID: "c-" + name + string(kind), Template: template,
				Media: []chat.MediaID{b.uploaded(t, b.Sales, kind, chat.Upload{Conversation: talk.ID})},
			})
			require.NoError(t, err)
			require.Len(t, m.Media, 1)
			seen := b.shown(t, of, text)
			contentType, data := bytesOf(t, kind)
			require.Len(t, seen.Media, 1, name)
			require.Equal(t, contentType, seen.Media[0].ContentType, name)
			require.Equal(t, data, b.at.File(t, seen.Media[0].ID), name)
		}
	}
}

// TestWhatATemplateLacksNamesTheField leaves out or adds one thing at a time.
func TestWhatATemplateLacksNamesTheField(t *testing.T) {
	t.Parallel()
	b := newTemplates(t)
	talk := b.Conversation(t, b.at.WhatsApp)
	words := b.approved(t, b.at.WhatsApp, full("words", &chat.TemplateHeader{Kind: chat.KindText, Text: "News of {{1}}", Example: "today"}))
	picture := b.approved(t, b.at.WhatsApp, full("picture", &chat.TemplateHeader{Kind: chat.KindImage}))
	place := b.approved(t, b.at.WhatsApp, full("place", &chat.TemplateHeader{Kind: chat.KindLocation}))
	at := func(change func(*chat.Place)) func(*outbox.Draft) {
		return func(d *outbox.Draft) { d.Location = pier(); change(d.Location) }
	}
	file := func(kind chat.MessageKind) []chat.MediaID {
		return []chat.MediaID{b.uploaded(t, b.Sales, kind, chat.Upload{Conversation: talk.ID})}
	}
	for name, c := range map[string]struct {
		of     chat.TemplateID
		field  string
		change func(*outbox.Draft)
	}{
		"no header":            {words, "headerText", func(*outbox.Draft) {}},
		"a header of lines":    {words, "headerText", func(d *outbox.Draft) { d.HeaderText = "two\nlines" }},
		"a file on words":      {words, "mediaIds", func(d *outbox.Draft) { d.HeaderText, d.Media = "Monday", file(chat.KindImage) }},
		"no file":              {picture, "mediaIds", func(*outbox.Draft) {}},
		"two files":            {picture, "mediaIds", func(d *outbox.Draft) { d.Media = append(file(chat.KindImage), file(chat.KindImage)...) }},
		"a film for a picture": {picture, "mediaIds", func(d *outbox.Draft) { d.Media = file(chat.KindVideo) }},
		"words on a picture":   {picture, "headerText", func(d *outbox.Draft) { d.Media, d.HeaderText = file(chat.KindImage), "Monday" }},
		"no value of a button": {picture, "buttonValues", func(d *outbox.Draft) { d.Media = file(chat.KindImage); delete(d.Buttons, 2) }},
		"a button of none":     {picture, "buttonValues", func(d *outbox.Draft) { d.Media, d.Buttons[7] = file(chat.KindImage), "x" }},
		"a quick reply":        {picture, "buttonValues", func(d *outbox.Draft) { d.Media, d.Buttons[0] = file(chat.KindImage), "x" }},
		"a place on a picture": {picture, "headerLocation", func(d *outbox.Draft) { d.Media, d.Location = file(chat.KindImage), pier() }},
		"no place":             {place, "headerLocation", func(*outbox.Draft) {}},
		"words on a place":     {place, "headerText", func(d *outbox.Draft) { d.Location, d.HeaderText = pier(), "Monday" }},
		"a file on a place":    {place, "mediaIds", func(d *outbox.Draft) { d.Location, d.Media = pier(), file(chat.KindImage) }},
		"north of the pole":    {place, "headerLocation.latitude", at(func(p *chat.Place) { p.Latitude = 90.01 })},
		"south of the pole":    {place, "headerLocation.latitude", at(func(p *chat.Place) { p.Latitude = -90.01 })},
		"no number":            {place, "headerLocation.latitude", at(func(p *chat.Place) { p.Latitude = math.NaN() })},
		"west of the date":     {place, "headerLocation.longitude", at(func(p *chat.Place) { p.Longitude = -180.5 })},
		"without a name":       {place, "headerLocation.name", at(func(p *chat.Place) { p.Name = " " })},
		"without an address":   {place, "headerLocation.address", at(func(p *chat.Place) { p.Address = "" })},
		"a long name":          {place, "headerLocation.name", at(func(p *chat.Place) { p.Name = strings.Repeat("é", 257) })},
		"an address of lines":  {place, "headerLocation.address", at(func(p *chat.Place) { p.Address = "Quay Street\n12" })},
	} {
		d := filledIn(talk, c.of)
		c.change(&d)
		_, err := b.outbox.Accept(t.Context(), b.Sales, d)
		var refused *chat.Error
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, c.field, refused.Field, name)
	}
	require.Empty(t, b.at.Phone(t, theirs, "whatsapp_cloud"))
}
