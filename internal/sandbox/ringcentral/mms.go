package ringcentral

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

const (
	// mostFiles and mostBytes bound the files of one message (guide, "Sending images").
	mostFiles = 10
	mostBytes = 1_500_000
	// maxRequest is how much of a call is read: the files with room for the form.
	maxRequest = 2 * mostBytes
)

// file is one that a call brings along.
type file struct {
	contentType, name string
	data              []byte
}

// takes lists the types that RingCentral carries (guide, "Supported media types").
var takes = []string{
	"image/jpeg", "image/png", "image/bmp", "image/gif", "image/tiff", "image/svg+xml", "image/webp",
	"video/3gpp", "video/mp4", "video/mpeg", "video/avi", "video/x-flv", "video/x-ms-wmv", "video/quicktime", "video/webm", "video/ogg",
	"audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/amr", "audio/3gpp",
	"text/vcard", "application/zip", "application/gzip", "application/rtf", "text/rtf", "application/pdf",
	"text/html", "text/plain", "text/csv", "text/calendar",
}

func tooLarge() *stage.Answer {
	return refuse(http.StatusRequestEntityTooLarge, "MSG-338", "The attachments are too large", "")
}

// readParts reads the JSON, which comes first, and the files after it.
func readParts(from io.Reader, boundary string) (body sending, files []file, problem *stage.Answer) {
	parts := multipart.NewReader(from, boundary)
	for first := true; ; first = false {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return body, files, nil
		}
		var data []byte
		if err == nil {
			data, err = io.ReadAll(part)
		}
		if _, over := errors.AsType[*http.MaxBytesError](err); over {
			return body, nil, tooLarge()
		}
		if err != nil {
			return body, nil, refuse(http.StatusBadRequest, "CMN-100", "The request cannot be read", "")
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if first {
			if kind != "application/json" {
				return body, nil, refuse(http.StatusBadRequest, "CMN-100", "The first part must be JSON", "")
			}
			if problem := readJSON(data, &body); problem != nil {
				return body, nil, problem
			}
			continue
		}
		files = append(files, file{kind, part.FileName(), data})
	}
}

// attach checks the files and puts them onto the message.
func (s *Side) attach(attempt *stage.Attempt, files []file) *stage.Answer {
	size := 0
	for _, f := range files {
		size += len(f.data)
		switch {
		case !slices.Contains(takes, f.contentType):
			return refuse(http.StatusUnsupportedMediaType, "MSG-348", "The type of an attachment is not supported", "")
		case len(f.data) == 0:
			return refuse(http.StatusBadRequest, "MSG-347", "An attachment is empty", "")
		}
	}
	switch {
	case len(files) > mostFiles:
		return refuse(http.StatusBadRequest, "MSG-347", "Too many attachments", "")
	case size > mostBytes:
		return tooLarge()
	case len(files) == 0:
		return nil
	}
	attempt.Kind, attempt.More = kindOf(files[0].contentType), &stage.More{}
	for _, f := range files {
		attempt.More.Media = append(attempt.More.Media, s.stage.Library().Add(f.contentType, f.name, f.data))
	}
	return nil
}

func kindOf(contentType string) chat.MessageKind {
	group, _, _ := strings.Cut(contentType, "/")
	switch group {
	case "image":
		return chat.KindImage
	case "video":
		return chat.KindVideo
	case "audio":
		return chat.KindAudio
	}
	return chat.KindDocument
}
