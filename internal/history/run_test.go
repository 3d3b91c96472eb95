package history_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit"
)

// TestHistory lets people and leads talk while nodes, PostgreSQL, Redis and the
// provider break, waits until all has come to rest, and checks every promise against
// the history.
func TestHistory(t *testing.T) {
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64N(1_000_000) + 1
	}
	t.Logf("seed %d: repeat with go test ./internal/history -run TestHistory -seed %d -duration %s", seed, seed, *durationFlag)
	play(t, seed, *durationFlag)
}

// play is one run.
func play(t *testing.T, seed uint64, length time.Duration) {
	t.Helper()
	postgres := testkit.Cluster(t)
	in := install(t, seed, postgres.URL)
	for _, n := range in.nodes {
		n.start()
	}
	log := newChronicle(in.begun)
	scene := enter(t, in, log, "Mira", "Mira", "Jonas", "Ines", "Theo", "Ada", "Ada", "Omar")
	scene.meet(t)

	in.provider.faulty(unwell()...)
	s := newStorm(t, in, postgres, log)
	s.prepare(length)
	for _, kind := range kinds() {
		if length >= 40*time.Second {
			require.Positive(t, s.plan.planned[kind], "%s is not planned", kind)
		}
	}
	scene.talk(t, length, s)
	e := scene.settle(t)
	e.storm = length
	c := check(e)
	scene.print(t, c)
	log.keep(t)
	if len(c.wrongs) > 0 {
		t.Fatalf("seed %d broke %d promises:\n%s", seed, len(c.wrongs), c.report())
	}
}

// meet lets every lead write once to each number, so that windows are open.
func (s *scene) meet(t *testing.T) {
	t.Helper()
	for n := range 8 {
		phone := fmt.Sprintf("+1303555%04d", 110+n)
		if n%2 == 0 {
			s.in.provider.reads(phone)
		}
		l := newLead(n+1, phone, s.in, s.log)
		s.leads = append(s.leads, l)
		for _, to := range l.numbers {
			require.NotEmpty(t, l.write(t.Context(), to))
		}
	}
}

// talk lets everybody act for as long as it storms, and one quiet round after that.
func (s *scene) talk(t *testing.T, length time.Duration, storm *storm) {
	t.Helper()
	talking, hush := context.WithTimeout(t.Context(), length)
	defer hush()
	// Who began to send goes on until there is an answer, beyond the storm.
	end, cancel := context.WithTimeout(t.Context(), length+patience)
	defer cancel()
	var acting sync.WaitGroup
	for _, u := range s.users {
		acting.Go(func() { u.act(talking, end, 300*time.Millisecond) })
	}
	for _, l := range s.leads {
		acting.Go(func() { l.act(talking, end, 1000*time.Millisecond) })
	}
	acting.Go(func() { s.strangers(talking) })
	storm.rage(t.Context())
	<-talking.Done()
	s.in.provider.well()
	s.log.note("storm", "", "is over")
	acting.Wait()
	for _, u := range s.users {
		if id, view := u.choose(); id != "" {
			u.deliver(end, u.draft(id, view))
		}
	}
	for _, l := range s.leads {
		l.write(end, l.numbers[0])
	}
}

// strangers write for the first time, posted several times at once.
func (s *scene) strangers(ctx context.Context) {
	d := dice(s.in.seed, "strangers")
	for n := 0; pause(ctx, about(d, 4*time.Second)); n++ {
		l := newLead(100+n, fmt.Sprintf("+1404555%04d", 110+n), s.in, s.log)
		l.write(ctx, l.numbers[d.IntN(2)])
	}
}

// print tells the run's numbers.
func (s *scene) print(t *testing.T, c *checker) {
	t.Helper()
	statuses, outcomes, answers, faults := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for i := range c.messages {
		statuses[string(c.messages[i].Status)]++
	}
	for _, a := range c.attempts {
		outcomes[outcomeOf(a)]++
	}
	for _, p := range c.posts {
		answers[fmt.Sprint(p.Status)]++
	}
	for _, h := range c.faults {
		faults[h.Kind]++
	}
	t.Logf("messages: %s; notes: %d", strings.Join(sorted(statuses), ", "), c.notes)
	t.Logf("attempts: %s; provider calls: %d", strings.Join(sorted(outcomes), ", "), len(c.calls))
	t.Logf("webhooks by answer: %s; callbacks %v (received, shown, ignored, parked)", strings.Join(sorted(answers), ", "), c.counted)
	t.Logf("faults: %s", strings.Join(sorted(faults), ", "))
	t.Logf("devices: %d, frames: %d, of them late: %d; %s", len(c.devices), len(c.frames), c.lateTicks(), strings.Join(sorted(c.counts), ", "))
	if resets, resumes := c.counts["resets"], c.counts["resumes"]; resets+resumes > 0 {
		t.Logf("resumed without a reset: %d of %d streams (%.0f %%)", resumes, resets+resumes, 100*float64(resumes)/float64(resets+resumes))
	}
}
