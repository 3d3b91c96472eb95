package attach_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/channels"
	"converse/internal/attach"
	"converse/internal/chat"
	"converse/media"
)

// whatsApp is a sender that carries what the product says of WhatsApp.
var whatsApp = channels.Capabilities{
	Text: 4096, Window: true, FilesPerMessage: 1,
	Media: []channels.MediaRule{
		{Kind: chat.KindImage, Types: []string{"image/jpeg", "image/png"}, MaxBytes: 5 << 20, MaxPixels: 25_000_000, Caption: 1024},
		{Kind: chat.KindVideo, Types: []string{"video/mp4", "video/3gpp"}, MaxBytes: 16 << 20, Caption: 1024},
		{Kind: chat.KindAudio, Types: []string{"audio/x-aac", "audio/mpeg"}, MaxBytes: 16 << 20},
		{Kind: chat.KindDocument, Types: []string{"application/pdf", "application/msword"}, MaxBytes: 100 << 20},
	},
}

func field(t *testing.T, err error) string {
	t.Helper()
	var e *chat.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, chat.CodeInvalid, e.Code)
	return e.Field
}

func TestA11AFileIsJudgedBeforeItComes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, declared string
		size           int64
		field          string // at fault; empty: it is taken
		kind           chat.MessageKind
	}{
		"picture":                      {"a.jpg", "image/jpeg", 100, "", chat.KindImage},
		"picture in capitals":          {"A.JPG", "IMAGE/JPEG", 100, "", chat.KindImage},
		"picture that says nothing":    {"a.png", "", 100, "", chat.KindImage},
		"picture of unknown type":      {"a.png", "application/octet-stream", 100, "", chat.KindImage},
		"pasted without an ending":     {"image", "image/png", 100, "", chat.KindImage},
		"type under another name":      {"a.aac", "audio/aac", 100, "", chat.KindAudio},
		"video":                        {"a.mp4", "video/mp4", 16 << 20, "", chat.KindVideo},
		"program":                      {"a.exe", "application/x-msdownload", 100, "contentType", ""},
		"program that says image":      {"a.exe", "image/png", 100, "fileName", ""},
		"two endings":                  {"invoice.pdf.exe", "application/pdf", 100, "fileName", ""},
		"image that says it is a page": {"a.png", "text/html", 100, "contentType", ""},
		"drawing":                      {"a.svg", "image/svg+xml", 100, "contentType", ""},
		"archive":                      {"bomb.zip", "application/zip", 100, "contentType", ""},
		"no type at all":               {"noending", "", 100, "contentType", ""},
		"wrong ending":                 {"a.pdf", "image/png", 100, "fileName", ""},
		"picture of 5 MB and a byte":   {"a.png", "image/png", 5<<20 + 1, "size", ""},
		"document of 100 MB and more":  {"a.pdf", "application/pdf", 101 << 20, "size", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := attach.Announced(whatsApp, c.file, c.declared, c.size)
			if c.field != "" {
				require.Equal(t, c.field, field(t, err))
				require.NotContains(t, err.Error(), c.file, "a name may have a number in it")
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.kind, got.Kind)
			require.NotEmpty(t, media.Endings(got.ContentType))
			require.Equal(t, c.size, got.Size)
		})
	}
}

// TestA12NamesAreMadeSafe gives names that lead elsewhere, or say what is not so.
func TestA12NamesAreMadeSafe(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"../../etc/cron.d/x.png":          "x.png",
		`..\..\windows\system32\x.png`:    "x.png",
		"/etc/passwd\x00.png":             "passwd.png",
		"C:\\x.png":                       "x.png",
		"con\r\nSet-Cookie: a=b.png":      "conSet-Cookie a=b.png",
		"photo\u202egnp.exe.png":          "photognp.exe.png",
		".png":                            "png.png",
		"...png":                          "png.png",
		"a\"b<c>|d?.png":                  "abcd.png",
		strings.Repeat("ü", 300) + ".png": strings.Repeat("ü", 73) + ".png",
		"\xff\xfe.png":                    "png.png",
		"x.png/":                          "x.png",
		"./.":                             "file.png",
	} {
		got, err := attach.Announced(whatsApp, name, "image/png", 10)
		require.NoError(t, err, "%q", name)
		require.Equal(t, want, got.Name, "%q", name)
		require.LessOrEqual(t, len(got.Name), 160)
	}
}

func TestA11TheFirstBytesMustSayWhatWasAnnounced(t *testing.T) {
	t.Parallel()
	png := chat.Media{Kind: chat.KindImage, ContentType: "image/png", Size: 68}
	for name, c := range map[string]struct {
		body  string
		field string
	}{
		"a picture":            {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ""},
		"another picture":      {"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "contentType"},
		"a page":               {"<!DOCTYPE html><html><script>alert(1)</script></html>", "contentType"},
		"a drawing":            {"<svg onload=alert(1)>", "contentType"},
		"an archive":           {"PK\x03\x04\x14\x00\x00\x00\x08\x00", "contentType"},
		"a page after a GIF":   {"GIF89a/*<script>alert(1)</script>*/", "contentType"},
		"a test virus":         {`X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`, "contentType"},
		"nothing that we know": {"\x00\x01\x02\x03", "contentType"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, _, err := media.Sniff(strings.NewReader(c.body), png.ContentType)
			require.NoError(t, err)
			_, err = attach.Arrived(whatsApp, png, found)
			if c.field == "" {
				require.NoError(t, err)
				return
			}
			require.Equal(t, c.field, field(t, err))
		})
	}
}

func TestAMessageFitsItsNumber(t *testing.T) {
	t.Parallel()
	file := func(kind chat.MessageKind, contentType string) chat.Media {
		return chat.Media{Kind: kind, ContentType: contentType, Size: 100}
	}
	image, sound, video := file(chat.KindImage, "image/png"), file(chat.KindAudio, "audio/aac"), file(chat.KindVideo, "video/mp4")
	large := image
	large.Size = 6 << 20
	for name, c := range map[string]struct {
		text  string
		files []chat.Media
		can   channels.Capabilities
		field string
	}{
		"a text":                      {"hello", nil, whatsApp, ""},
		"too long a text":             {strings.Repeat("é", 4097), nil, whatsApp, "text"},
		"a picture":                   {"", []chat.Media{image}, whatsApp, ""},
		"with a caption":              {"look", []chat.Media{image}, whatsApp, ""},
		"a video with a caption":      {"look", []chat.Media{video}, whatsApp, ""},
		"with too long a caption":     {strings.Repeat("é", 1025), []chat.Media{image}, whatsApp, "text"},
		"sound":                       {"", []chat.Media{sound}, whatsApp, ""},
		"sound with a caption":        {"hear", []chat.Media{sound}, whatsApp, "text"},
		"two files":                   {"", []chat.Media{image, image}, whatsApp, "mediaIds"},
		"a drawing":                   {"", []chat.Media{file(chat.KindImage, "image/svg+xml")}, whatsApp, "mediaIds"},
		"a large picture":             {"", []chat.Media{large}, whatsApp, "mediaIds"},
		"a number that sends no file": {"", []chat.Media{image}, channels.Capabilities{Text: 160}, "mediaIds"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := attach.Check(c.text, c.files, c.can)
			if c.field == "" {
				require.NoError(t, err)
				return
			}
			require.Equal(t, c.field, field(t, err))
		})
	}
}

func TestA11APictureMayNotBeTooLarge(t *testing.T) {
	t.Parallel()
	require.NoError(t, attach.Picture(whatsApp, "image/png", 5000, 5000))
	require.Equal(t, "mediaId", field(t, attach.Picture(whatsApp, "image/png", 5001, 5000)))
	require.Equal(t, "mediaId", field(t, attach.Picture(whatsApp, "image/png", 1<<31-1, 1<<31-1)))
	unbounded := channels.Capabilities{FilesPerMessage: 1, Media: []channels.MediaRule{{Kind: chat.KindImage, Types: []string{"image/png"}, MaxBytes: 1}}}
	require.Error(t, attach.Picture(unbounded, "image/png", 30_000, 30_000), "a bomb, where the provider says nothing")
}
