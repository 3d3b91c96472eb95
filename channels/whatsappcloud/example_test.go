package whatsappcloud_test

import (
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
)

// example is a template with a picture over it, whose file must not be opened.
func example(t *testing.T) channels.Template {
	t.Helper()
	return channels.Template{
		TemplateReview: channels.TemplateReview{Name: "hello", Language: "en", Category: "utility"}, Body: "Hello.",
		Header: &channels.TemplateHeader{Kind: chat.KindImage, File: &channels.OutgoingMedia{
			Kind: chat.KindImage, ContentType: "image/png", Size: 9,
			Open: func(context.Context) (io.ReadCloser, error) {
				t.Error("the file was opened")
				return nil, io.EOF
			},
		}},
	}
}

// An account without the app's id sends and lists as ever; only a template with a file over
// it cannot be made, and the words say what is missing.
func TestAnExampleFileNeedsTheAppsID(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{"none": "", "no number": "my app"} {
		without := account()
		without.Settings["app_id"] = id
		_, err := whatsappcloud.New().SubmitTemplate(t.Context(), nil, without, example(t))
		var refused *channels.Error
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, channels.ReasonUnsupported, refused.Reason, name)
		require.Contains(t, refused.Text, "App ID", name)
	}
	without := account()
	delete(without.Settings, "app_id")
	_, err := whatsappcloud.New().ExampleFiles(without)
	require.ErrorContains(t, err, "App ID")
	with, err := whatsappcloud.New().ExampleFiles(account())
	require.NoError(t, err)
	require.Equal(t, []channels.MediaRule{
		{Kind: chat.KindImage, Types: []string{"image/jpeg", "image/png"}, MaxBytes: 5 << 20},
		{Kind: chat.KindVideo, Types: []string{"video/mp4"}, MaxBytes: 16 << 20},
		{Kind: chat.KindDocument, Types: []string{"application/pdf"}, MaxBytes: 100 << 20},
	}, with, "what Meta's upload takes")
}

func TestAnExampleThatIsTooLargeIsNotAnnounced(t *testing.T) {
	t.Parallel()
	large := example(t)
	large.Header.File.Size = 5<<20 + 1
	_, err := whatsappcloud.New().SubmitTemplate(t.Context(), nil, account(), large)
	require.ErrorContains(t, err, "5 MB")
}
