package hub_test

import (
	"encoding/binary"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	conversev1 "converse/internal/gen/converse/v1"
)

// patience bounds every wait of these tests; it says nothing about how long
// something may take. In a bubble it is over at once when nothing moves any more.
const patience = 20 * time.Second

// client is a session as a program sees it: a goroutine reads, answers pings and
// keeps the place in each stream.
type client struct {
	*socket
	mute bool // set before start: pings are not answered

	mu      sync.Mutex
	frames  []*conversev1.ServerFrame
	heard   []byte // every data frame as it came
	places  map[string]string
	pings   int
	code    int   // the close code, once there is one
	ended   error // why reading ended
	changed chan struct{}
	done    chan struct{}
}

// listen begins to read. places are those of an earlier session; they are copied.
func listen(s *socket, places map[string]string) *client {
	c := &client{socket: s, places: map[string]string{}, changed: make(chan struct{}), done: make(chan struct{})}
	maps.Copy(c.places, places)
	return c
}

func (c *client) start() *client {
	go c.run()
	return c
}

func (c *client) run() {
	defer close(c.done)
	for {
		opcode, payload, err := c.read()
		if err == nil {
			err = c.take(opcode, payload)
		}
		if err != nil {
			c.note(func() { c.ended = err })
			_ = c.Close()
			return
		}
	}
}

func (c *client) take(opcode byte, payload []byte) error {
	switch opcode {
	case opPing:
		c.note(func() { c.pings++ })
		if c.mute {
			return nil
		}
		return c.raw(frame(true, opPong, payload))
	case opClose:
		c.note(func() { c.code = int(binary.BigEndian.Uint16(payload)) })
		return c.raw(frame(true, opClose, payload))
	case opPong:
		return nil
	}
	f, err := c.decode(opcode, payload)
	if err == nil {
		c.note(func() {
			c.heard = append(append(c.heard, payload...), '\n')
			c.keep(f)
		})
	}
	return err
}

// keep moves on the places: a resumed stream's by its batches, any other's by the
// welcome.
func (c *client) keep(f *conversev1.ServerFrame) {
	c.frames = append(c.frames, f)
	for _, p := range f.GetWelcome().GetPositions() {
		if c.places[p.Stream] == "" {
			c.places[p.Stream] = p.At
		}
	}
	for _, r := range f.Resets {
		c.places[r.Stream] = r.At
	}
	for _, b := range f.Batches {
		if b.At != "" {
			c.places[b.Stream] = b.At
		}
	}
}

func (c *client) note(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
	close(c.changed)
	c.changed = make(chan struct{})
}

// until waits for a condition on what has come so far.
func (c *client) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	over := time.NewTimer(patience)
	defer over.Stop()
	for {
		c.mu.Lock()
		met, changed := ok(), c.changed
		c.mu.Unlock()
		if met {
			return
		}
		select {
		case <-changed:
		case <-over.C:
			c.mu.Lock()
			defer c.mu.Unlock()
			require.FailNow(t, "waited in vain for "+what, "%d frames, code %d, ended by %v", len(c.frames), c.code, c.ended)
		}
	}
}

// welcome waits for the first frame.
func (c *client) welcome(t *testing.T) *conversev1.ServerFrame {
	t.Helper()
	var first *conversev1.ServerFrame
	c.until(t, "the welcome", func() bool {
		if len(c.frames) > 0 {
			first = c.frames[0]
		}
		return first != nil
	})
	require.NotNil(t, first.Welcome)
	require.Empty(t, first.Batches)
	return first
}

// roster waits for who is said to be there, which follows the welcome.
func (c *client) roster(t *testing.T) *conversev1.Roster {
	t.Helper()
	c.until(t, "the roster", func() bool { return len(c.frames) > 1 })
	c.mu.Lock()
	defer c.mu.Unlock()
	require.NotNil(t, c.frames[1].Roster)
	return c.frames[1].Roster
}

// events are the kept ones of one stream so far.
func (c *client) events(stream string) []*conversev1.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return eventsOf(c.frames, stream)
}

func eventsOf(frames []*conversev1.ServerFrame, stream string) []*conversev1.Event {
	var out []*conversev1.Event
	for _, f := range frames {
		for _, b := range f.Batches {
			if b.Stream == stream && b.At != "" {
				out = append(out, b.Events...)
			}
		}
	}
	return out
}

// got waits for a number of kept events of one stream and returns all there are.
func (c *client) got(t *testing.T, stream string, n int) []*conversev1.Event {
	t.Helper()
	c.until(t, "events", func() bool { return len(eventsOf(c.frames, stream)) >= n })
	return c.events(stream)
}

// resets are the streams that were reset so far.
func (c *client) resets() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, f := range c.frames {
		for _, r := range f.Resets {
			out = append(out, r.Stream)
		}
	}
	return out
}

// closed waits until the session has ended and returns its close code, 0 if there
// was none.
func (c *client) closed(t *testing.T) int {
	t.Helper()
	c.until(t, "the end", func() bool { return c.ended != nil })
	<-c.done
	return c.code
}

// at are the places in all streams.
func (c *client) at() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.places)
}

// leave drops the connection and waits until nothing reads any more.
func (c *client) leave() {
	_ = c.Close()
	<-c.done
}

// positions is places as hello takes them.
func positions(places map[string]string) []*conversev1.Position {
	var out []*conversev1.Position
	for _, stream := range slices.Sorted(maps.Keys(places)) {
		out = append(out, &conversev1.Position{Stream: stream, At: places[stream]})
	}
	return out
}
