package media

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"converse/internal/chat"
)

// maxDownload bounds one download, so that a reader who takes a byte a minute does
// not hold a connection to the store for ever.
const maxDownload = 15 * time.Minute

// maxName is how long a file's name may be in a header, in bytes.
const maxName = 150

// File is what a download needs to know of a media row.
type File struct {
	Key         Key
	ContentType string
	// Name is what the file is saved as; empty means a name made from its id.
	Name string
}

// FindFunc finds the file of a grant. A *chat.Error of code not_found means that
// it is gone.
type FindFunc func(context.Context, Grant) (File, error)

// Handler answers GET and HEAD of a path with a signed {word} with the word's file. It
// asks for no session: the word is the permission.
type Handler struct {
	purposes []Purpose
	store    Store
	signer   *Signer
	find     FindFunc
	now      func() time.Time
	logger   *slog.Logger
}

// NewHandler makes the handler for users. Register it under "GET /media/{word}".
func NewHandler(store Store, signer *Signer, find FindFunc, now func() time.Time, logger *slog.Logger) *Handler {
	return &Handler{purposes: []Purpose{ToSave, ToPreview}, store: store, signer: signer, find: find, now: now, logger: logger}
}

// NewProviderHandler makes the handler for providers, which are given the exact type of a
// file, and never to be shown in place. Register it under "GET /m/{word}".
func NewProviderHandler(store Store, signer *Signer, find FindFunc, now func() time.Time, logger *slog.Logger) *Handler {
	return &Handler{purposes: []Purpose{ToProvider}, store: store, signer: signer, find: find, now: now, logger: logger}
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := h.now()
	grant, err := h.signer.Open(r.PathValue("word"), now)
	if errors.Is(err, ErrExpired) {
		refuse(w, http.StatusGone, "This link has expired. Open the conversation again for a new one.")
		return
	}
	if err != nil || !slices.Contains(h.purposes, grant.Purpose) {
		refuse(w, http.StatusNotFound, "There is no such file.")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), maxDownload)
	defer cancel()
	file, object, err := h.open(ctx, grant)
	switch {
	case err == nil:
	case chat.CodeOf(err) == chat.CodeNotFound || errors.Is(err, ErrNotFound):
		refuse(w, http.StatusNotFound, "There is no such file.")
		return
	default:
		h.logger.ErrorContext(ctx, "media not served", "org_id", grant.Org, "media_id", grant.Media, "error", err)
		refuse(w, http.StatusServiceUnavailable, "The file cannot be read just now. Try again in a moment.")
		return
	}
	defer func() { _ = object.Close() }() // it was only read

	// A server's own, shorter deadline would cut large files; not every writer has one.
	// The connection goes by the machine's clock, whatever h.now says.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(maxDownload))
	h.describe(w.Header(), grant, file, now)
	http.ServeContent(w, r, "", time.Time{}, object)
}

func (h *Handler) open(ctx context.Context, grant Grant) (File, *Object, error) {
	file, err := h.find(ctx, grant)
	if err != nil {
		return File{}, nil, err
	}
	if file.Key.Org() != grant.Org {
		return File{}, nil, fmt.Errorf("object of media %s belongs to another org", grant.Media)
	}
	if grant.Nameless {
		file.Name = ""
	}
	object, err := h.store.Get(ctx, file.Key)
	return file, object, err
}

// describe sets the headers that keep a browser from making anything of the file
// but what its type on our list says.
func (h *Handler) describe(header http.Header, grant Grant, file File, now time.Time) {
	contentType, disposition := file.ContentType, "attachment"
	if grant.Purpose != ToProvider {
		t := TypeOf(file.ContentType)
		if t.ContentType == drawing {
			t = TypeOf(Unknown)
		}
		contentType = t.ContentType
		if t.Inline {
			disposition = "inline"
		}
	}
	header.Set("Content-Type", contentType)
	header.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": saveAs(file.Name, grant.Media)}))
	header.Set("Cache-Control", fmt.Sprintf("private, max-age=%d", int(grant.Expires.Sub(now).Seconds())))
	// A file never changes under its id.
	header.Set("Etag", fmt.Sprintf(`"%s-%d"`, grant.Media, grant.Purpose))
	harden(header)
}

func harden(header http.Header) {
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	// The widget shows pictures on other people's sites.
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

func refuse(w http.ResponseWriter, status int, words string) {
	harden(w.Header())
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, words, status)
}

// saveAs is what a file is saved as.
func saveAs(name string, id chat.MediaID) string {
	if name = SafeName(name); name == "" {
		return string(id)
	}
	return name
}

// SafeName makes a file's name safe: no folders, no control or direction-changing
// characters, no leading or trailing dot, not too long. It may leave nothing.
func SafeName(name string) string {
	name = strings.ToValidUTF8(name, "")
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/<>:"|?*`, r) {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(name, ". ")
	if len(name) > maxName {
		ending := path.Ext(name)
		if len(ending) > 10 {
			ending = ""
		}
		name = shorten(name[:len(name)-len(ending)], maxName-len(ending)) + ending
	}
	return name
}

// shorten cuts a text at a character.
func shorten(s string, most int) string {
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
