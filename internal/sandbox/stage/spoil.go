package stage

import (
	"net/http"
	"strings"

	"converse/internal/sandbox/fault"
)

// Spoil decides whether the hub does not get a lead's file that it asks for, and what it
// gets instead. gone is how the provider answers for a file that it does not have. bytes:
// the file itself is asked for, and not where it is.
func (s *Stage) Spoil(side Side, mediaID string, bytes bool, gone Answer) (Answer, bool) {
	rule, hit := s.faults.PickFile(side.Traits().Provider, s.library.sender(mediaID), bytes)
	if !hit || rule.Kind != fault.FileError {
		return gone, hit
	}
	status := orDefault(rule.Status, http.StatusInternalServerError)
	return Answer{Status: status, ContentType: "text/plain", Body: []byte(strings.ToLower(http.StatusText(status)) + "\n")}, true
}
