package whatsappcloud

import (
	"encoding/base64"
	"errors"
	"hash/fnv"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

const (
	// maxUpload bounds one file, with room for the form around it.
	maxUpload = 100<<20 + 64<<10
	// linkLife is how long a download address is good for (Meta, "Media").
	linkLife = 5 * time.Minute
)

// upload plays POST /{number}/media.
func (s *Side) upload(w http.ResponseWriter, r *http.Request) {
	if _, _, denied := s.number(r); denied != nil {
		denied.answer().Write(w)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	parts, err := r.MultipartReader()
	if err != nil {
		errParameter("The request must be multipart/form-data.").answer().Write(w)
		return
	}
	var data []byte
	fields := map[string]string{}
	var name, partType string
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		var content []byte
		if err == nil {
			content, err = io.ReadAll(part)
		}
		if err != nil {
			errParameter("Media file could not be read or is too large.").answer().Write(w)
			return
		}
		if part.FormName() == "file" {
			data, name, partType = content, part.FileName(), part.Header.Get("Content-Type")
		} else {
			fields[part.FormName()] = string(content)
		}
	}
	contentType := fields["type"]
	if contentType == "" {
		contentType = partType
	}
	switch {
	case fields["messaging_product"] != "whatsapp":
		errParameter("The parameter messaging_product is required.").answer().Write(w)
	case len(data) == 0:
		errParameter("The parameter file is required.").answer().Write(w)
	case classOf(contentType).kind == "":
		errParameter("Param file must be a file with one of the supported types, not %q.", contentType).answer().Write(w)
	case len(data) > classOf(contentType).most:
		tooLarge := graphError{code: 131053, status: http.StatusBadRequest, title: "Media upload error", details: "The file is larger than WhatsApp takes."}
		tooLarge.answer().Write(w)
	default:
		media := s.stage.Library().Add(contentType, name, data)
		answer(http.StatusOK, map[string]string{"id": media.ID}).Write(w)
	}
}

// class is what Meta makes of a file's type, and the most bytes of one.
type class struct {
	kind chat.MessageKind
	most int
}

// classOf sorts a file by its type (Meta, "Media, Supported media types"). The zero class
// is one that Meta does not take.
func classOf(contentType string) class {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return class{}
	}
	switch kind {
	case "audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus":
		return class{chat.KindAudio, 16 << 20}
	case "text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation":
		return class{chat.KindDocument, 100 << 20}
	case "image/jpeg", "image/png":
		return class{chat.KindImage, 5 << 20}
	case "image/webp":
		return class{chat.KindSticker, 500 << 10}
	case "video/3gpp", "video/mp4":
		return class{chat.KindVideo, 16 << 20}
	}
	return class{}
}

// describe is the answer to GET /{media id}.
func (s *Side) describe(m stage.Media) map[string]string {
	return map[string]string{
		"messaging_product": "whatsapp", "url": s.link(m), "mime_type": m.ContentType,
		"sha256": base64.StdEncoding.EncodeToString(m.SHA256), "file_size": strconv.FormatInt(m.Size, 10), "id": m.ID,
	}
}

// link is a download address that is good for a few minutes.
func (s *Side) link(m stage.Media) string {
	until := strconv.FormatInt(time.Now().Add(linkLife).Unix(), 10)
	query := url.Values{"mid": {m.ID}, "ext": {until}, "hash": {seal(m, until)}}
	return s.stage.Base() + "/whatsapp_business/attachments/?" + query.Encode()
}

// seal ties a download address to its file and its end.
func seal(m stage.Media, until string) string {
	return strconv.FormatUint(hash(m.ID+" "+m.Key+" "+until), 36)
}

func hash(text string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, text)
	return h.Sum64()
}

// download plays the address of a file, which wants the token too.
func (s *Side) download(w http.ResponseWriter, r *http.Request) {
	if !s.known(r) {
		errToken().answer().Write(w)
		return
	}
	stale := stage.Answer{Status: http.StatusNotFound, ContentType: "text/plain", Body: []byte("URL signature expired\n")}
	until := r.FormValue("ext")
	end, err := strconv.ParseInt(until, 10, 64)
	media, data, found := s.stage.Library().Open(r.FormValue("mid"))
	if err != nil || !found || r.FormValue("hash") != seal(media, until) || time.Now().After(time.Unix(end, 0)) {
		stale.Write(w)
		return
	}
	if spoilt, hit := s.stage.Spoil(s, media.ID, true, stale); hit {
		spoilt.Write(w)
		return
	}
	stage.Answer{
		Status: http.StatusOK, ContentType: media.ContentType, Body: data,
		Header: http.Header{"X-Content-Type-Options": {"nosniff"}, "Content-Security-Policy": {"sandbox"}},
	}.Write(w)
}

// deleteMedia plays DELETE /{media id}.
func (s *Side) deleteMedia(w http.ResponseWriter, r *http.Request) {
	switch {
	case !s.known(r):
		errToken().answer().Write(w)
	case !s.stage.Library().Remove(r.PathValue("id")):
		errObject(r.Method, r.PathValue("id")).answer().Write(w)
	default:
		answer(http.StatusOK, map[string]bool{"success": true}).Write(w)
	}
}
