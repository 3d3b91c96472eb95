package history_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// scene is everybody who takes part.
type scene struct {
	in      *installation
	log     *chronicle
	devices []*device
	users   []*user
	leads   []*lead
	admin   *caller
	stop    context.CancelFunc
	running sync.WaitGroup
}

// enter signs people in and connects them, by their first names: whoever is named
// twice has two devices.
func enter(t *testing.T, in *installation, log *chronicle, names ...string) *scene {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	s := &scene{in: in, log: log, stop: stop}
	t.Cleanup(func() {
		stop()
		s.running.Wait()
		if t.Failed() {
			s.explain(t)
		}
	})
	devices := map[string]int{}
	for _, who := range names {
		devices[who]++
		l := in.login(who)
		name := fmt.Sprintf("%s%d", strings.ToLower(who), devices[who])
		c, err := in.signIn(ctx, l, dice(in.seed, "calls "+name))
		require.NoError(t, err)
		d := newDevice(name, c, log)
		s.devices = append(s.devices, d)
		s.running.Go(func() { d.run(ctx) })
		if l.Role == string(chat.RoleAdministrator) {
			s.admin = c
		}
		if devices[who] == 1 && l.Role != string(chat.RoleMarketingUser) {
			s.users = append(s.users, newUser(d))
		}
	}
	until(t, "everybody is connected", s.unconnected)
	return s
}

// explain prints how the history ended and what the nodes said last, for a failure
// that cannot be seen again.
func (s *scene) explain(t *testing.T) {
	t.Helper()
	for _, l := range s.log.last(40) {
		t.Log(l)
	}
	for _, n := range s.in.nodes {
		if said, err := os.ReadFile(n.log); err == nil {
			t.Logf("node %s: %s", n.name, said[max(0, len(said)-4000):])
		}
	}
}

func (s *scene) unconnected() string {
	for _, n := range s.in.nodes {
		if why := n.fault(); why != "" {
			return why
		}
	}
	for _, d := range s.devices {
		d.mu.Lock()
		live := d.live && !d.refetch
		d.mu.Unlock()
		if !live {
			return d.name + " is not"
		}
	}
	return ""
}

// settle waits until nothing is left to do and everybody shows what is, and gathers
// the evidence. That it never comes to that is for the checker to tell.
func (s *scene) settle(t *testing.T) *evidence {
	t.Helper()
	why := waitFor(t.Context(), patience, func() string { return s.restless(t) })
	asked := false
	if why == "" {
		asked = s.ask(t)
		why = waitFor(t.Context(), patience, func() string { return s.restless(t) })
	}
	if why != "" {
		t.Logf("it never came to rest: %s", why)
	}
	var c *checker
	why = waitFor(t.Context(), patience/2, func() string {
		e := s.evidence(t)
		e.asked = asked
		c = &checker{evidence: e}
		if n := len(s.in.balancer.all()) - len(e.posts); n > 0 {
			return fmt.Sprintf("%d webhooks came meanwhile", n)
		}
		for _, v := range e.devices {
			if d := c.differences(v); len(d) > 0 || !v.Live {
				return fmt.Sprintf("%s %v", v.Name, d)
			}
		}
		return ""
	})
	if why != "" {
		t.Logf("somebody never saw it all: %s", why)
	}
	for _, n := range s.in.nodes {
		if why := n.fault(); why != "" {
			t.Error(why)
		}
	}
	s.stop()
	s.running.Wait()
	return c.evidence
}

// restless says what is still going on, or "".
func (s *scene) restless(t *testing.T) string {
	t.Helper()
	if n := s.in.provider.outstanding(); n > 0 {
		return fmt.Sprintf("the provider has %d webhooks to post", n)
	}
	for what, query := range map[string]string{
		"messages to send":    `select count(*)::int from send_jobs`,
		"events to publish":   `select count(*)::int from events`,
		"messages on the way": `select count(*)::int from messages where status in ('queued', 'sending')`,
		"callbacks waiting":   `select count(*)::int from callbacks where result = 'parked'`,
	} {
		if n := s.in.count(query); n > 0 {
			return fmt.Sprintf("%d %s", n, what)
		}
	}
	return ""
}

func (s *scene) evidence(t *testing.T) *evidence {
	t.Helper()
	e := &evidence{chronicle: s.log, posts: s.in.balancer.all(), calls: s.in.provider.journal()}
	// The devices before the tables: what they show must be there.
	for _, d := range s.devices {
		e.devices = append(e.devices, d.view())
	}
	require.NoError(t, s.in.gather(t.Context(), e))
	e.listed = s.in.provider.asked.all() // after the tables, which can only know what was told
	list, err := insist(t.Context(), s.admin, func(ctx context.Context, s services) (*conversev1.ListCallbacksResponse, error) {
		return s.connectors.ListCallbacks(ctx, &conversev1.ListCallbacksRequest{Limit: 1})
	})
	require.NoError(t, err)
	n := list.GetCounts()
	e.counted = [4]int{int(n.GetReceived()), int(n.GetShown()), int(n.GetIgnored()), int(n.GetParked())}
	return e
}
