package hub_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"converse/hub"
	"converse/internal/bus"
	"converse/internal/chat"
)

// placeAt is a place in the org's stream, in the epoch of another.
func placeAt(places map[string]string, offset any) map[string]string {
	epoch, _, _ := strings.Cut(places[orgStream], "-")
	return map[string]string{orgStream: fmt.Sprint(epoch, "-", offset)}
}

// step publishes events one by one, each a frame of its own for the watcher.
func (r *rig) step(t *testing.T, watcher *client, first, last int) {
	t.Helper()
	for n := first; n <= last; n++ {
		r.numbered(t, orgStream, n, n)
		watcher.got(t, orgStream, n)
	}
}

func TestResumeFromEveryPlace(t *testing.T) {
	t.Parallel()
	for name, limits := range map[string]hub.Limits{
		"from the ring":            {},
		"from the ring and before": {Ring: 100}, // a few events
		"from the bus alone":       {Ring: 1},   // the last one
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t, nil, hub.Options{Limits: limits})
			const all = 30
			watcher := r.join(t, "bob", nil) // keeps the topic alive
			begun := watcher.at()
			r.step(t, watcher, 1, all)
			for since := range all + 1 {
				c := r.joinAs(t, []string{speakProto, speakJSON}[since%2], "ann", placeAt(begun, since))
				require.Empty(t, c.welcome(t).Resets)
				c.until(t, "the rest", func() bool { return c.places[orgStream] == watcher.at()[orgStream] })
				require.Equal(t, span(since+1, all), numbers(c.events(orgStream)))
				c.leave()
			}
		})
	}
}

func TestResumeFromPlacesThatAreNone(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{Limits: hub.Limits{Missed: 10}})
	watcher := r.join(t, "bob", nil)
	begun := watcher.at()
	r.step(t, watcher, 1, 20)
	for place, reset := range map[string]bool{
		"":                               false, // a client that knows nothing fetches anyway
		placeAt(begun, 10)[orgStream]:    false,
		placeAt(begun, 9)[orgStream]:     true, // more than a resume delivers
		placeAt(begun, 0)[orgStream]:     true,
		placeAt(begun, -1)[orgStream]:    true,
		placeAt(begun, "x")[orgStream]:   true,
		placeAt(begun, "1-1")[orgStream]: true,
		"other-20":                       true,
		"garbage":                        true,
		"-":                              true,
		"-20":                            true,
		strings.Repeat("long", 1000):     true,
		placeAt(begun, "18446744073709551615")[orgStream]: false, // from a node that is ahead
		placeAt(begun, "18446744073709551616")[orgStream]: true,
	} {
		c := r.join(t, "ann", map[string]string{orgStream: place})
		require.Equal(t, reset, len(c.resets()) == 1, "%q", place)
		if reset {
			require.Equal(t, watcher.at()[orgStream], c.at()[orgStream], "%q", place)
		}
		r.publish(t, userStream("ann"), event(1)) // the other stream is not touched
		c.got(t, userStream("ann"), 1)
		c.leave()
	}
}

// A client of a node that was ahead gets what follows the place of this one: it
// sees events again rather than miss some.
func TestResumeOnANodeThatIsBehind(t *testing.T) {
	t.Parallel()
	g := newGate()
	r := setup(t, g, hub.Options{})
	watcher := r.join(t, "bob", nil)
	r.numbered(t, orgStream, 1, 3)
	watcher.got(t, orgStream, 3)
	c := r.join(t, "ann", placeAt(watcher.at(), 5)) // this node has not heard of 4 and 5 yet
	require.Empty(t, c.resets())
	r.numbered(t, orgStream, 4, 6)
	require.Equal(t, span(4, 6), numbers(c.got(t, orgStream, 3)))
}

func TestResumeAfterTheStreamWasTrimmed(t *testing.T) {
	t.Parallel()
	r := setup(t, bus.NewMemory(bus.Limits{Entries: 5}), hub.Options{Limits: hub.Limits{Ring: 1}})
	watcher := r.join(t, "bob", nil)
	begun := watcher.at()
	r.step(t, watcher, 1, 20)
	c := r.join(t, "ann", placeAt(begun, 1))
	require.Equal(t, []string{orgStream}, c.resets())
	require.Equal(t, watcher.at()[orgStream], c.at()[orgStream])
	c = r.join(t, "ann", placeAt(begun, 17))
	require.Empty(t, c.resets())
	require.Equal(t, span(18, 20), numbers(c.got(t, orgStream, 3)))
}

// A client that breaks off between the welcome and what it has missed comes back to
// where it was, even when it takes the welcome's word for its place.
func TestResumeThatBreaksOffBehindTheWelcome(t *testing.T) {
	t.Parallel()
	r := setup(t, nil, hub.Options{})
	watcher := r.join(t, "bob", nil)
	begun := watcher.at()
	r.numbered(t, orgStream, 1, 3)
	watcher.got(t, orgStream, 3)
	s := r.open(t, speakProto)
	require.NoError(t, s.say(hello("ann", positions(begun)...)))
	opcode, payload, err := s.read()
	require.NoError(t, err)
	require.NoError(t, s.Close())
	f, err := s.decode(opcode, payload)
	require.NoError(t, err)
	taken := map[string]string{}
	for _, p := range f.Welcome.Positions {
		taken[p.Stream] = p.At
	}
	require.Equal(t, span(1, 3), numbers(r.join(t, "ann", taken).got(t, orgStream, 3)))
}

// The rest of a stream that is larger than the queue is no reason to be closed:
// the client would come back for the same again and again.
func TestResumeOfMoreThanTheQueueHolds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{Limits: hub.Limits{Queue: 10 << 10}})
		watcher := r.join(t, "bob", nil)
		begun := watcher.at()
		const all = 100
		long := chat.Event{Conversation: &chat.Conversation{ID: talk, LeadName: strings.Repeat("a long name ", 50)}}
		for n := range all {
			r.publish(t, orgStream, long)
			watcher.got(t, orgStream, n+1) // a segment each
		}
		s := r.open(t, speakJSON)
		require.NoError(t, s.say(hello("ann", positions(begun)...)))
		synctest.Wait() // nothing is read yet
		r.publish(t, orgStream, long, long)
		synctest.Wait()
		c := listen(s, begun).start()
		t.Cleanup(c.leave)
		require.Len(t, c.got(t, orgStream, all+2), all+2)
		require.Empty(t, c.resets())
	})
}

func TestResumeWhileTheBusIsAway(t *testing.T) {
	t.Parallel()
	g := newGate()
	r := setup(t, g, hub.Options{Limits: hub.Limits{Ring: 1}})
	watcher := r.join(t, "bob", nil)
	begun := watcher.at()
	r.step(t, watcher, 1, 3)
	r.join(t, "ann", nil).leave() // her own stream lingers
	g.set(func(g *gate) { g.fail = errors.New("away") })
	c := listen(r.open(t, speakProto), nil).start()
	require.NoError(t, c.say(hello("ann", positions(begun)...)))
	require.Equal(t, 1013, c.closed(t), "it can be had later, so it is no reset")
	late := r.join(t, "ann", watcher.at())
	require.Empty(t, late.resets(), "the ring is enough")
	g.set(func(g *gate) { g.fail = nil })
	require.Len(t, r.join(t, "ann", begun).got(t, orgStream, 3), 3)
}
