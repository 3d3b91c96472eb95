package gupshup

import (
	"errors"
	"io"
	"net/http"

	"converse/internal/sandbox/stage"
)

// maxProof bounds the form around the largest file for reviewers.
const maxProof = 100<<20 + 64<<10

// upload plays POST …/upload/media, which gives a file's handle for a template.
func (s *Side) upload(w http.ResponseWriter, r *http.Request, account *stage.Account) {
	fields, name, data, err := readParts(w, r)
	var tooLarge *http.MaxBytesError
	switch contentType := fields["file_type"]; {
	case errors.As(err, &tooLarge):
		failure(http.StatusRequestEntityTooLarge, "File size exceeds the maximum limit!").Write(w)
	case err != nil || len(data) == 0:
		failure(http.StatusBadRequest, "File is missing").Write(w)
	case !stage.Proves(contentType) || !stage.LooksLike(contentType, data):
		failure(http.StatusBadRequest, "Invalid file type").Write(w)
	default:
		handle := s.stage.Proofs().Add(account, s.stage.Library().Add(contentType, name, data))
		answer(http.StatusOK, map[string]any{"handleId": map[string]string{"message": handle}, "status": "success"}).Write(w)
	}
}

// readParts reads a form with one file.
func readParts(w http.ResponseWriter, r *http.Request) (fields map[string]string, name string, data []byte, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxProof)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, "", nil, err
	}
	fields = map[string]string{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, name, data, nil
		}
		var content []byte
		if err == nil {
			content, err = io.ReadAll(part)
		}
		if err != nil {
			return fields, name, data, err
		}
		if part.FormName() == "file" {
			name, data = part.FileName(), content
		} else {
			fields[part.FormName()] = string(content)
		}
	}
}
