package hub_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"converse/hub"
	"converse/internal/chat"
)

const crmSite = "https://crm.test"

// sites are where orgs' widgets may be.
type sites struct {
	mu   sync.Mutex // guards orgs
	orgs map[string][]chat.OrgID
}

func (s *sites) Known(origin string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.orgs[origin]) > 0
}

func (s *sites) Allows(org chat.OrgID, origin string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.orgs[origin], org)
}

func (s *sites) set(origin string, orgs ...chat.OrgID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orgs = map[string][]chat.OrgID{origin: orgs}
}

// from opens a socket of a page there; nil when it is refused.
func (r *rig) from(t *testing.T, origin string) (*socket, int) {
	t.Helper()
	c, err := r.dial()
	require.NoError(t, err)
	s, status, err := upgrade(c, origin, speakProto)
	require.NoError(t, err)
	if s == nil {
		require.NoError(t, c.Close())
	} else {
		t.Cleanup(func() { _ = s.Close() })
	}
	return s, status
}

func TestI7APageConnectsForTheOrgsThatAllowItsSite(t *testing.T) {
	t.Parallel()
	allowed := &sites{}
	allowed.set(crmSite, org)
	r := setup(t, nil, hub.Options{Embeds: allowed})
	s, _ := r.from(t, crmSite)
	ours := listen(s, nil).start()
	require.NoError(t, ours.say(hello("ann")))
	ours.welcome(t)
	s, _ = r.from(t, crmSite)
	theirs := listen(s, nil).start()
	require.NoError(t, theirs.say(hello("bob@"+string(otherOrg))))
	require.Equal(t, 1008, theirs.closed(t), "its org does not allow the site")
	for _, stranger := range []string{"https://evil.test", "null", "", crmSite + ".evil.test", "http://crm.test"} {
		_, status := r.from(t, stranger)
		require.Equal(t, http.StatusForbidden, status, stranger)
	}
}

func TestSocketsOfASiteThatIsRemovedAreClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		allowed := &sites{}
		allowed.set(crmSite, org)
		r := bubble(t, nil, hub.Options{Embeds: allowed})
		s, _ := r.from(t, crmSite)
		c := listen(s, nil).start()
		require.NoError(t, c.say(hello("ann")))
		c.welcome(t)
		own := r.join(t, "bob", nil)
		time.Sleep(3 * time.Second)
		allowed.set(crmSite, otherOrg)
		time.Sleep(2 * time.Second)
		require.Equal(t, 1008, c.closed(t))
		synctest.Wait()
		require.Equal(t, 1, r.hub.Sessions(), "those of our own pages stay")
		own.leave()
	})
}
