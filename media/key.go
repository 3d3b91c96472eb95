package media

import (
	"crypto/rand"
	"fmt"
	"path"
	"regexp"
	"strings"

	"converse/internal/chat"
)

// Key names an object: the org, a slash, and 130 random bits. Nothing of a file's
// own name or of its message is in it.
type Key string

var keyPattern = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[a-z2-7]{26}$`)

// noOrg is the org of objects that only test a store.
const noOrg chat.OrgID = "00000000-0000-0000-0000-000000000000"

// NewKey makes a fresh key for a file of an org.
func NewKey(org chat.OrgID) Key {
	return Key(string(org) + "/" + strings.ToLower(rand.Text()))
}

// Org is whose file it is.
func (k Key) Org() chat.OrgID {
	org, _, _ := strings.Cut(string(k), "/")
	return chat.OrgID(org)
}

// Check refuses anything that NewKey cannot have made.
func (k Key) Check() error {
	if !keyPattern.MatchString(string(k)) {
		return fmt.Errorf("malformed object key %.80q", string(k))
	}
	return nil
}

// path is where the folder keeps the object: files spread over 1,024 folders an org.
func (k Key) path() (dir, file string) {
	org, name, _ := strings.Cut(string(k), "/")
	dir = path.Join(org, name[:2])
	return dir, path.Join(dir, name)
}
