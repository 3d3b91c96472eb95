package stage

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// mostProofs is how many files for reviewers are known at once.
const mostProofs = 1000

// Proofs are files that reviewers of templates look at. Each has a handle, in Meta's form,
// which is good for its account alone and for a while.
type Proofs struct {
	life time.Duration

	mu    sync.Mutex // guards the fields below
	files map[string]proof
	order []string
}

type proof struct {
	owner string
	media Media
	until time.Time
}

func newProofs(life time.Duration) *Proofs {
	return &Proofs{life: life, files: map[string]proof{}}
}

// Add keeps a file that is in the library, and returns its handle.
func (p *Proofs) Add(account *Account, media Media) string {
	until := time.Now().Add(p.life)
	handle := fmt.Sprintf("4::%s:AR%s:e:%d", base64.StdEncoding.EncodeToString([]byte(media.ContentType)), rand.Text(), until.Unix())
	p.mu.Lock()
	defer p.mu.Unlock()
	p.files[handle] = proof{owner: account.Provider + " " + account.AccountID, media: media, until: until}
	p.order = append(p.order, handle)
	if len(p.order) > mostProofs {
		delete(p.files, p.order[0])
		p.order = p.order[1:]
	}
	return handle
}

// Find returns the file of a handle that the account may still use.
func (p *Proofs) Find(account *Account, handle string) (Media, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found, ok := p.files[handle]
	if !ok || found.owner != account.Provider+" "+account.AccountID || time.Now().After(found.until) {
		return Media{}, false
	}
	return found.media, true
}

// ProofKinds are the types of files that reviewers look at, by what stands over a template
// (Meta, "Graph API, Upload a file").
func ProofKinds() map[string][]string {
	return map[string][]string{
		"IMAGE": {"image/jpeg", "image/png"}, "VIDEO": {"video/mp4"}, "DOCUMENT": {"application/pdf"},
	}
}

// Proves reports whether reviewers look at files of a type.
func Proves(contentType string) bool {
	for _, types := range ProofKinds() {
		if slices.Contains(types, contentType) {
			return true
		}
	}
	return false
}

// LooksLike compares a file's first bytes with its type.
func LooksLike(contentType string, data []byte) bool {
	if contentType == "video/mp4" {
		return len(data) > 8 && string(data[4:8]) == "ftyp"
	}
	return http.DetectContentType(data) == contentType
}
