package media_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/media"
)

// The beginnings of files, made up.
const (
	jpegHead = "\xff\xd8\xff\xe0\x00\x10JFIF\x00"
	pngHead  = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	gifHead  = "GIF89a\x01\x00\x01\x00"
	webp     = "RIFF\x24\x00\x00\x00WEBPVP8 "
	mp4      = "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"
	m4a      = "\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00"
	mov      = "\x00\x00\x00\x14ftypqt  "
	gp3      = "\x00\x00\x00\x14ftyp3gp4"
	mp3      = "\xff\xfb\x90\x64"
	aac      = "\xff\xf1\x50\x80"
	ogg      = "OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x13OpusHead"
	amr      = "#!AMR\n"
	pdf      = "%PDF-1.7\n"
	svg      = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	html     = "<!DOCTYPE html><html><script>alert(1)</script></html>"
)

func TestAFileIsWhatItsBytesSay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		head, declared string
		want           string
		kind           chat.MessageKind
		limit          int64
		inline         bool
	}{
		"jpeg":                   {jpegHead, "image/jpeg", "image/jpeg", chat.KindImage, 5 << 20, true},
		"jpeg declared as pdf":   {jpegHead, "application/pdf", "image/jpeg", chat.KindImage, 5 << 20, true},
		"jpeg declared as html":  {jpegHead, "text/html", "image/jpeg", chat.KindImage, 5 << 20, true},
		"png":                    {pngHead, "", "image/png", chat.KindImage, 5 << 20, true},
		"webp":                   {webp, "", "image/webp", chat.KindImage, 5 << 20, true},
		"gif":                    {gifHead, "", "image/gif", chat.KindImage, 5 << 20, true},
		"gif with a page inside": {"GIF89a/*" + html + "*/", "image/gif", "image/gif", chat.KindImage, 5 << 20, true},
		"mp4":                    {mp4, "video/mp4", "video/mp4", chat.KindVideo, 16 << 20, true},
		"mp4 that is only sound": {mp4, "audio/mp4; codecs=mp4a.40.2", "audio/mp4", chat.KindAudio, 16 << 20, true},
		"m4a":                    {m4a, "", "audio/mp4", chat.KindAudio, 16 << 20, true},
		"quicktime":              {mov, "", "video/quicktime", chat.KindVideo, 16 << 20, false},
		"3gp":                    {gp3, "", "video/3gpp", chat.KindVideo, 16 << 20, false},
		"mp3":                    {mp3, "audio/mp3", "audio/mpeg", chat.KindAudio, 16 << 20, true},
		"aac":                    {aac, "", "audio/aac", chat.KindAudio, 16 << 20, true},
		"voice message":          {ogg, "audio/ogg; codecs=opus", "audio/ogg", chat.KindAudio, 16 << 20, true},
		"amr":                    {amr, "", "audio/amr", chat.KindAudio, 16 << 20, false},
		"pdf":                    {pdf, "", "application/pdf", chat.KindDocument, 100 << 20, false},
		"text":                   {"hello", "", "text/plain", chat.KindDocument, 100 << 20, false},
		"csv":                    {"a,b\n1,2\n", "text/csv", "text/csv", chat.KindDocument, 100 << 20, false},
		"contact card":           {"BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", "text/x-vcard", "text/vcard", chat.KindDocument, 100 << 20, false},
		"svg":                    {svg, "image/svg+xml", "image/svg+xml", chat.KindDocument, 100 << 20, false},
		"svg declared as png":    {svg, "image/png", "image/svg+xml", chat.KindDocument, 100 << 20, false},
		"bare svg":               {"<svg onload=alert(1)>", "image/png", "image/svg+xml", chat.KindDocument, 100 << 20, false},
		"html":                   {html, "text/html", media.Unknown, chat.KindDocument, 100 << 20, false},
		"html declared as text":  {html, "text/plain", media.Unknown, chat.KindDocument, 100 << 20, false},
		"html declared as csv":   {html, "text/csv", media.Unknown, chat.KindDocument, 100 << 20, false},
		"xhtml":                  {`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">`, "image/jpeg", media.Unknown, chat.KindDocument, 100 << 20, false},
		"nothing we know":        {"\x00\x01\x02\x03\x04\x05", "image/jpeg", media.Unknown, chat.KindDocument, 100 << 20, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rest := strings.Repeat("\x00", 5000)
			if strings.HasPrefix(c.want, "text/") || strings.HasPrefix(c.head, "<") {
				rest = strings.Repeat("text\n", 1000)
			}
			got, body, err := media.Sniff(strings.NewReader(c.head+rest), c.declared)
			require.NoError(t, err)
			require.Equal(t, media.Type{ContentType: c.want, Kind: c.kind, Limit: c.limit, Inline: c.inline}, got)
			whole, err := io.ReadAll(body)
			require.NoError(t, err)
			require.Equal(t, c.head+rest, string(whole), "nothing is lost by looking")
		})
	}
}

func TestProgramsAreRefused(t *testing.T) {
	t.Parallel()
	for name, head := range map[string]string{
		"linux":   "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00",
		"windows": "MZ\x90\x00\x03\x00\x00\x00" + strings.Repeat("\x00", 52) + "\x40\x00\x00\x00PE\x00\x00",
		"mac":     "\xcf\xfa\xed\xfe\x07\x00\x00\x01",
		"java":    "\xca\xfe\xba\xbe\x00\x00\x00\x34\x00\x00",
	} {
		_, _, err := media.Sniff(strings.NewReader(head), "image/jpeg")
		require.ErrorIs(t, err, media.ErrRefused, name)
	}
}

func TestAnOfficeFileIsADocument(t *testing.T) {
	t.Parallel()
	const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml"} {
		_, err := archive.Create(name)
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	got, _, err := media.Sniff(bytes.NewReader(file.Bytes()), docx)
	require.NoError(t, err)
	require.Equal(t, docx, got.ContentType)
}

func TestABrokenBodyIsAnError(t *testing.T) {
	t.Parallel()
	broken := errors.New("the network broke")
	_, _, err := media.Sniff(failing{broken}, "")
	require.ErrorIs(t, err, broken)
}

func TestATypeWithParametersIsStillThatType(t *testing.T) {
	t.Parallel()
	require.Equal(t, "audio/ogg", media.TypeOf("Audio/OGG; codecs=opus").ContentType)
	require.Equal(t, media.Unknown, media.TypeOf("text/html; charset=utf-8").ContentType)
	require.Equal(t, media.Unknown, media.TypeOf("").ContentType)
}
