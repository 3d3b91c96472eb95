package whatsappcloud

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"converse/internal/sandbox/stage"
)

// appID is the app that every account's token is of.
const appID = "1410000000000001"

const (
	// maxProof is the largest file for reviewers.
	maxProof = 100 << 20
	// mostUploads is how many uploads are under way at once; the oldest makes room.
	mostUploads = 50
)

// upload is a file that comes in by parts (Meta, "Graph API, Upload a file").
type upload struct {
	id          string
	signature   string
	account     *stage.Account
	name        string
	contentType string
	size        int
	until       time.Time

	mu   sync.Mutex // guards data; held while a part comes
	data []byte
}

// beginUpload plays POST /{app}/uploads.
func (s *Side) beginUpload(w http.ResponseWriter, r *http.Request) {
	account, ok := s.app(w, r)
	if !ok {
		return
	}
	size, err := strconv.Atoi(r.FormValue("file_length"))
	contentType := strings.Replace(r.FormValue("file_type"), "image/jpg", "image/jpeg", 1)
	switch {
	case r.FormValue("file_name") == "":
		errParameter("The parameter file_name is required.").answer().Write(w)
	case err != nil || size < 1 || size > maxProof:
		errParameter("Param file_length must be a number of bytes that can be uploaded.").answer().Write(w)
	case !stage.Proves(contentType):
		errParameter("Param file_type must be one of {application/pdf, image/jpeg, image/jpg, image/png, video/mp4} - got %q.", contentType).answer().Write(w)
	default:
		made := &upload{
			id:        "upload:" + base64.URLEncoding.EncodeToString([]byte("1:attachment:"+rand.Text())),
			signature: "AR" + rand.Text(), account: account, name: r.FormValue("file_name"), contentType: contentType, size: size,
			until: time.Now().Add(s.stage.UploadLife()),
		}
		s.mu.Lock()
		s.uploads = append(s.uploads, made)
		s.uploads = s.uploads[max(0, len(s.uploads)-mostUploads):]
		s.mu.Unlock()
		answer(http.StatusOK, map[string]string{"id": made.id + "?sig=" + made.signature}).Write(w)
	}
}

// app finds the account whose token the request shows, if it is of the app in the path.
func (s *Side) app(w http.ResponseWriter, r *http.Request) (*stage.Account, bool) {
	for _, account := range s.stage.Accounts() {
		if account.Provider != Provider || !allows(account, r) {
			continue
		}
		if r.PathValue("app") == appID {
			return account, true
		}
		errObject(r.Method, r.PathValue("app")).answer().Write(w)
		return nil, false
	}
	errToken().answer().Write(w)
	return nil, false
}

// ofUpload finds the upload in the path. Its token goes by another word than elsewhere.
func (s *Side) ofUpload(w http.ResponseWriter, r *http.Request) (*upload, bool) {
	s.mu.Lock()
	at := slices.IndexFunc(s.uploads, func(u *upload) bool {
		return u.id == r.PathValue("upload") && u.signature == r.URL.Query().Get("sig")
	})
	var found *upload
	if at >= 0 {
		found = s.uploads[at]
	}
	s.mu.Unlock()
	token, oauth := strings.CutPrefix(r.Header.Get("Authorization"), "OAuth ")
	switch {
	case found == nil || time.Now().After(found.until):
		errObject(r.Method, r.PathValue("upload")).answer().Write(w)
	case !oauth || subtle.ConstantTimeCompare([]byte(token), []byte(found.account.Credentials.AccessToken)) != 1:
		errToken().answer().Write(w)
	default:
		return found, true
	}
	return nil, false
}

// uploaded plays GET /upload:{id}, which says how much has come.
func (s *Side) uploaded(w http.ResponseWriter, r *http.Request) {
	if u, ok := s.ofUpload(w, r); ok {
		u.mu.Lock()
		defer u.mu.Unlock()
		answer(http.StatusOK, map[string]any{"id": u.id, "file_offset": len(u.data)}).Write(w)
	}
}

// takeFile plays POST /upload:{id}: the file from an offset on. What comes is kept even if
// it breaks off.
func (s *Side) takeFile(w http.ResponseWriter, r *http.Request) {
	u, ok := s.ofUpload(w, r)
	if !ok {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	offset, err := strconv.Atoi(r.Header.Get("file_offset"))
	if err != nil || offset != len(u.data) {
		errParameter("The header file_offset must be %d, where the upload is.", len(u.data)).answer().Write(w)
		return
	}
	var part bytes.Buffer
	_, err = io.Copy(&part, http.MaxBytesReader(w, r.Body, int64(u.size-offset)))
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
		errParameter("The file is longer than the file_length of %d bytes.", u.size).answer().Write(w)
		return
	}
	u.data = append(u.data, part.Bytes()...)
	switch {
	case err != nil || len(u.data) < u.size:
		errParameter("The file is not complete: %d of %d bytes have come.", len(u.data), u.size).answer().Write(w)
	case !stage.LooksLike(u.contentType, u.data):
		errParameter("The file is not of the type %s.", u.contentType).answer().Write(w)
	default:
		media := s.stage.Library().Add(u.contentType, u.name, u.data)
		answer(http.StatusOK, map[string]string{"h": s.stage.Proofs().Add(u.account, media)}).Write(w)
	}
}

// proof checks the example of what stands over a template, and shows it as Graph lists it:
// by an address in the place of the handle.
func (s *Side) proof(account *stage.Account, made *submitted) *graphError {
	for i, c := range made.components {
		types := stage.ProofKinds()[c.Format]
		if c.Type != "HEADER" || types == nil {
			continue
		}
		media, found := s.stage.Proofs().Find(account, c.Example.HeaderHandle[0])
		if !found || !slices.Contains(types, media.ContentType) {
			return errTemplate(2388273, fmt.Sprintf("The header's example is not the handle of an uploaded file for a header of the format %s.", c.Format))
		}
		made.components[i].Example = &exampleDef{HeaderHandle: []string{s.link(media)}}
	}
	return nil
}
