package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// postMedia keeps a file that a lead will send: either the body itself with its
// Content-Type and ?name=, or the field "file" of a form.
func (s *Sandbox) postMedia(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxMedia+64<<10)
	contentType, name := r.Header.Get("Content-Type"), r.URL.Query().Get("name")
	body := io.Reader(r.Body)
	if strings.HasPrefix(contentType, "multipart/") {
		file, head, err := r.FormFile("file")
		if err != nil {
			writeError(w, http.StatusBadRequest, "file", "the form must have a file, of at most 20 MiB")
			return
		}
		defer func() { _ = file.Close() }()
		contentType, name, body = head.Header.Get("Content-Type"), head.Filename, file
	}
	data, err := io.ReadAll(io.LimitReader(body, maxMedia+1))
	switch {
	case err != nil || len(data) > maxMedia:
		writeError(w, http.StatusRequestEntityTooLarge, "file", "a file must be at most 20 MiB")
		return
	case len(data) == 0:
		writeError(w, http.StatusBadRequest, "file", "the file is empty")
		return
	}
	if _, _, err := mime.ParseMediaType(contentType); err != nil {
		writeError(w, http.StatusBadRequest, "file", "the file must have a Content-Type")
		return
	}
	media := s.stage.Library().Add(contentType, name, data)
	write(w, map[string]any{"id": media.ID, "contentType": contentType, "name": name, "size": media.Size})
}

// getMedia shows a file on the handset. Only kinds that a browser cannot run are
// shown in place.
func (s *Sandbox) getMedia(w http.ResponseWriter, r *http.Request) {
	media, data, found := s.stage.Library().Open(r.PathValue("id"))
	if !found {
		http.NotFound(w, r)
		return
	}
	contentType, disposition := "application/octet-stream", "attachment"
	kind, _, _ := mime.ParseMediaType(media.ContentType)
	switch {
	case kind == "image/png", kind == "image/jpeg", kind == "image/webp", kind == "image/gif",
		strings.HasPrefix(kind, "audio/"), strings.HasPrefix(kind, "video/"):
		contentType, disposition = media.ContentType, "inline"
	}
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": media.Name}))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	header.Set("Cache-Control", "private, max-age=3600")
	header.Set("ETag", fmt.Sprintf("%q", media.ID))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}
