package media_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/media"
)

// download is a handler over one stored file.
type download struct {
	server *httptest.Server
	signer *media.Signer
	store  media.Store
	file   media.File
	err    error
}

func newDownload(t *testing.T, contentType, name, body string) *download {
	t.Helper()
	store, err := media.OpenFolder(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(store.Close)
	d := &download{signer: newSigner(t, 'k'), store: store, file: media.File{Key: media.NewKey(org), ContentType: contentType, Name: name}}
	_, err = store.Put(within(t, time.Minute), d.file.Key, strings.NewReader(body), int64(len(body)), contentType)
	require.NoError(t, err)
	find := func(_ context.Context, g media.Grant) (media.File, error) {
		if g.Org != grant().Org || g.Media != grant().Media {
			return media.File{}, chat.NotFound("file")
		}
		return d.file, d.err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /media/{word}", media.NewHandler(store, d.signer, find, func() time.Time { return noon }, slog.New(slog.DiscardHandler)))
	d.server = httptest.NewServer(mux)
	t.Cleanup(d.server.Close)
	return d
}

func (d *download) get(t *testing.T, method string, g media.Grant, header ...string) (*http.Response, string) {
	t.Helper()
	word, err := d.signer.Sign(g)
	require.NoError(t, err)
	return d.getWord(t, method, word, header...)
}

func (d *download) getWord(t *testing.T, method, word string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(within(t, time.Minute), method, d.server.URL+"/media/"+word, nil)
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := d.server.Client().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
	require.Equal(t, "sandbox; default-src 'none'", resp.Header.Get("Content-Security-Policy"))
	return resp, string(body)
}

func TestADownloadIsHarmless(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ stored, served, disposition string }{
		"picture":     {"image/png", "image/png", "inline"},
		"voice":       {"audio/ogg; codecs=opus", "audio/ogg", "inline"},
		"pdf":         {"application/pdf", "application/pdf", "attachment"},
		"text":        {"text/plain", "text/plain", "attachment"},
		"drawing":     {"image/svg+xml", media.Unknown, "attachment"},
		"page":        {"text/html", media.Unknown, "attachment"},
		"no type":     {"", media.Unknown, "attachment"},
		"strange one": {"image/png\r\nX-Evil: 1", media.Unknown, "attachment"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, body := newDownload(t, c.stored, "file.bin", "<script>").get(t, http.MethodGet, grant())
			require.Equal(t, http.StatusOK, resp.StatusCode)
			require.Equal(t, "<script>", body)
			require.Equal(t, c.served, resp.Header.Get("Content-Type"))
			disposition, parameters, err := mime.ParseMediaType(resp.Header.Get("Content-Disposition"))
			require.NoError(t, err)
			require.Equal(t, c.disposition, disposition)
			require.Equal(t, "file.bin", parameters["filename"])
			require.Equal(t, "private, max-age=300", resp.Header.Get("Cache-Control"))
			require.Empty(t, resp.Header.Get("X-Evil"))
		})
	}
}

func TestAFileNameCannotDoHarm(t *testing.T) {
	t.Parallel()
	id := string(grant().Media)
	for name, want := range map[string]string{
		"":                                id,
		"..":                              id,
		"\x00\x01":                        id,
		"../../etc/passwd":                "passwd",
		`..\..\windows\system.ini`:        "system.ini",
		"C:\\secret.txt":                  "secret.txt",
		"a\r\nX-Evil: 1.txt":              "aX-Evil 1.txt",
		`quote".txt`:                      "quote.txt",
		"photo\u202egpj.exe":              "photogpj.exe",
		"trailing. . .":                   "trailing",
		".htaccess":                       "htaccess",
		"rechnung-größe-übersicht.pdf":    "rechnung-größe-übersicht.pdf",
		"न 🙂.pdf":                         "न 🙂.pdf",
		"\xff\xfebroken.txt":              "broken.txt",
		strings.Repeat("ü", 300) + ".pdf": strings.Repeat("ü", 73) + ".pdf",
		strings.Repeat("x", 300):          strings.Repeat("x", 150),
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			resp, _ := newDownload(t, "application/pdf", name, "x").get(t, http.MethodGet, grant())
			_, parameters, err := mime.ParseMediaType(resp.Header.Get("Content-Disposition"))
			require.NoError(t, err)
			require.Equal(t, want, parameters["filename"])
		})
	}
}

func TestPartsAndRepeatsAreServed(t *testing.T) {
	t.Parallel()
	d := newDownload(t, "video/mp4", "v.mp4", "0123456789")
	resp, body := d.get(t, http.MethodGet, grant(), "Range", "bytes=3-5")
	require.Equal(t, http.StatusPartialContent, resp.StatusCode)
	require.Equal(t, "345", body)
	resp, body = d.get(t, http.MethodHead, grant())
	require.Equal(t, int64(10), resp.ContentLength)
	require.Empty(t, body)
	resp, _ = d.get(t, http.MethodGet, grant(), "If-None-Match", resp.Header.Get("Etag"))
	require.Equal(t, http.StatusNotModified, resp.StatusCode)
	resp, _ = d.get(t, http.MethodGet, grant(), "Range", "bytes=50-")
	require.Equal(t, http.StatusRequestedRangeNotSatisfiable, resp.StatusCode)
}

func TestLinksThatAreNotGoodOpenNothing(t *testing.T) {
	t.Parallel()
	d := newDownload(t, "image/png", "p.png", "secret bytes")
	expired, otherOrg, otherFile := grant(), grant(), grant()
	expired.Expires = noon
	otherOrg.Org = otherID
	otherFile.Media = chat.MediaID(otherID)
	for want, g := range map[int][]media.Grant{http.StatusGone: {expired}, http.StatusNotFound: {otherOrg, otherFile}} {
		for _, g := range g {
			resp, body := d.get(t, http.MethodGet, g)
			require.Equal(t, want, resp.StatusCode)
			require.NotContains(t, body, "secret bytes")
			require.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
		}
	}
	resp, _ := d.getWord(t, http.MethodGet, "forged")
	require.Equal(t, http.StatusNotFound, resp.StatusCode)
}

func TestWhatCannotBeReadIsSaidSo(t *testing.T) {
	t.Parallel()
	d := newDownload(t, "image/png", "p.png", "x")
	d.err = errors.New("dup key (phone)=(+15550100)")
	resp, body := d.get(t, http.MethodGet, grant())
	require.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	require.NotContains(t, body, "phone")

	d.err = nil
	require.NoError(t, d.store.Delete(within(t, time.Minute), d.file.Key))
	resp, _ = d.get(t, http.MethodGet, grant())
	require.Equal(t, http.StatusNotFound, resp.StatusCode)

	d.file.Key = media.NewKey(otherID)
	resp, _ = d.get(t, http.MethodGet, grant())
	require.Equal(t, http.StatusServiceUnavailable, resp.StatusCode, "a row of one org never opens another's object")
}

// TestAProviderIsHandedTheFileAsItIs: the exact type, never to be shown, and by its own
// word alone.
func TestAProviderIsHandedTheFileAsItIs(t *testing.T) {
	t.Parallel()
	d := newDownload(t, "audio/ogg; codecs=opus", "voice.ogg", "0123456789")
	find := func(context.Context, media.Grant) (media.File, error) { return d.file, nil }
	mux := http.NewServeMux()
	mux.Handle("GET /media/{word}", media.NewProviderHandler(d.store, d.signer, find, func() time.Time { return noon }, slog.New(slog.DiscardHandler)))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	users := d.server
	d.server = server
	g := grant()
	g.Purpose = media.ToProvider
	resp, body := d.get(t, http.MethodGet, g)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "audio/ogg; codecs=opus", resp.Header.Get("Content-Type"))
	require.Equal(t, "attachment; filename=voice.ogg", resp.Header.Get("Content-Disposition"))
	require.Equal(t, "0123456789", body)
	resp, body = d.get(t, http.MethodHead, g)
	require.Equal(t, "10", resp.Header.Get("Content-Length"))
	require.Empty(t, body)
	resp, body = d.get(t, http.MethodGet, g, "Range", "bytes=2-4")
	require.Equal(t, http.StatusPartialContent, resp.StatusCode)
	require.Equal(t, "234", body)

	for _, purpose := range []media.Purpose{media.ToSave, media.ToPreview, media.ToUpload} {
		g.Purpose = purpose
		resp, _ = d.get(t, http.MethodGet, g)
		require.Equal(t, http.StatusNotFound, resp.StatusCode, "a word for something else")
	}
	d.server = users
	for _, purpose := range []media.Purpose{media.ToProvider, media.ToUpload} {
		g.Purpose = purpose
		resp, _ = d.get(t, http.MethodGet, g)
		require.Equal(t, http.StatusNotFound, resp.StatusCode)
	}
}

// TestA11ADrawingIsNeverShown: it is handed out as bytes of no kind.
func TestA11ADrawingIsNeverShown(t *testing.T) {
	t.Parallel()
	d := newDownload(t, "image/svg+xml", "a.svg", svg)
	resp, _ := d.get(t, http.MethodGet, grant())
	require.Equal(t, media.Unknown, resp.Header.Get("Content-Type"))
	require.Equal(t, "attachment; filename=a.svg", resp.Header.Get("Content-Disposition"))
}
