package history_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"converse/internal/chat"
)

// asked keeps what the provider told when it was asked what happened, which is the
// safety net under its webhooks.
type asked struct {
	mu   sync.Mutex // guards told
	told []notice
}

// keep notes what the answers of lists say. They are noted before they are given, so
// that nothing can be stored of them sooner.
func (a *asked) keep(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/calls.json") {
			next.ServeHTTP(w, r)
			return
		}
		answer := &heard{ResponseWriter: w}
		next.ServeHTTP(answer, r)
		a.mu.Lock()
		a.told = append(a.told, readList(answer.body.Bytes())...)
		a.mu.Unlock()
		_, _ = w.Write(answer.body.Bytes()) // an asker that is gone has heard nothing
	})
}

// all returns what was told so far.
func (a *asked) all() []notice {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.told)
}

// heard holds a body back.
type heard struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) { return h.body.Write(p) }

// readList reads a page of CallTrackingMetrics' activities.
func readList(body []byte) (told []notice) {
	var page struct {
		Calls []json.RawMessage `json:"calls"`
	}
	if json.Unmarshal(body, &page) != nil {
		return nil
	}
	for _, one := range page.Calls {
		told = append(told, readCTM(one)...)
	}
	return told
}

// ask has the provider asked what happened, and waits until all of it is stored. It is
// false when that did not come: a node that was killed while it asked holds the job for
// minutes.
func (s *scene) ask(t *testing.T) bool {
	t.Helper()
	_, err := s.in.pool.Exec(t.Context(), `
		update connector_care k set poll_wanted_at = clock_timestamp(), next_poll_at = now()
		from connectors c where c.org_id = k.org_id and c.id = k.connector_id and c.provider = 'ctm'`)
	if err != nil {
		t.Fatal(err)
	}
	why := waitFor(t.Context(), patience, func() string {
		if s.in.count(`select count(*)::int from connector_care where polled_through < poll_wanted_at`) > 0 {
			return "a poll is under way"
		}
		return ""
	})
	if why != "" {
		t.Logf("the provider was not asked at the end: %s", why)
	}
	return why == ""
}

// safetyNet: what the provider tells when it is asked is known here, whatever became
// of its webhooks. A message whose id an answer never gave cannot be told by it.
func (c *checker) safetyNet() {
	if !c.asked {
		return
	}
	for _, n := range c.listed {
		m := c.byProvider[n.ProviderID]
		switch {
		case n.Status == "" && m == nil:
			c.fail("I2", keyOf(n.Text), "the provider told of it when asked, but there is no message %s", n.ProviderID)
		case n.Status == "" || m == nil || n.Status == chat.StatusQueued:
		case m.Status.Join(n.Status) != m.Status:
			c.fail("I4", c.key(m.ID), "the provider told when asked that it is %s, but it is %s", n.Status, m.Status)
		}
	}
}
