package history_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"converse/internal/chat"
)

// chronicle is the history: what everybody did and saw, as it happened.
type chronicle struct {
	begun time.Time

	mu      sync.Mutex // guards what follows
	lines   []line
	sends   []*send
	letters []written
	frames  []frame
	reads   []reading
	ahead   []string
	faults  []hurt
	counts  map[string]int
}

// line is one thing that happened. Its key is the first word of a message's text, or
// an id of it that the checker can trace to that.
type line struct {
	At             time.Duration
	Who, What, Key string
}

func (l line) String() string {
	return fmt.Sprintf("%9.3fs %-14s %s", l.At.Seconds(), l.Who, l.What)
}

// send is one message that a user composed, with what became of it.
type send struct {
	Who          string
	ClientID     string
	Conversation string
	Text         string
	// Note: it is for colleagues alone.
	Note  bool
	Tries int
	// Accepted: a call for it was answered with OK. Refused: it was answered with a
	// refusal, and nothing was ever accepted.
	Accepted, Refused bool
	MessageID         string
	Seq               int
}

// written is one message that a lead wrote.
type written struct {
	From, To, Text, ID string
}

// frame is one status of one message that reached a device over its socket.
type frame struct {
	Device    string
	MessageID string
	Seq       int
	Status    chat.Status
	// Text is set in frames that carry the message itself.
	Text string
	Tick bool
}

// reading is one look at a message through a call.
type reading struct {
	Device         string
	MessageID      string
	Status         chat.Status
	Asked, Answers time.Duration
}

// hurt is one fault and how long it lasted.
type hurt struct {
	Kind, Target string
	From, Until  time.Duration
}

func newChronicle(begun time.Time) *chronicle {
	return &chronicle{begun: begun, counts: map[string]int{}}
}

func (c *chronicle) now() time.Duration { return time.Since(c.begun) }

// note writes a line down.
func (c *chronicle) note(who, key, format string, args ...any) {
	l := line{At: c.now(), Who: who, Key: key, What: fmt.Sprintf(format, args...)}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, l)
}

// count adds to one of the run's numbers.
func (c *chronicle) count(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[what]++
}

func (c *chronicle) saw(f frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frames = append(c.frames, f)
}

func (c *chronicle) looked(r reading) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads = append(c.reads, r)
}

// early notes that an event ran ahead of its commit.
func (c *chronicle) early(key, what string) {
	c.note("reader", key, "%s", what)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = append(c.ahead, key+": "+what)
}

// begin keeps a message that is about to be sent. It is changed through its own
// goroutine alone, until that has ended.
func (c *chronicle) begin(s *send) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sends = append(c.sends, s)
}

func (c *chronicle) wrote(w written) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.letters = append(c.letters, w)
}

func (c *chronicle) hurt(h hurt) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, h)
}

// keep writes the whole history beside the nodes' logs; go test -artifacts keeps both.
func (c *chronicle) keep(t testing.TB) {
	t.Helper()
	var out strings.Builder
	for _, l := range c.lines {
		fmt.Fprintf(&out, "%s [%s]\n", l, l.Key)
	}
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), "history.txt"), []byte(out.String()), 0o644); err != nil {
		t.Error(err)
	}
}

// last returns the newest lines, at most n.
func (c *chronicle) last(n int) []line {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.lines[max(0, len(c.lines)-n):])
}

// tell is the history of some keys, in order of time.
func tell(lines []line, keys map[string]bool) string {
	var mine []line
	for _, l := range lines {
		if keys[l.Key] {
			mine = append(mine, l)
		}
	}
	slices.SortStableFunc(mine, func(a, b line) int { return int(a.At - b.At) })
	var out strings.Builder
	for _, l := range mine {
		out.WriteString("    " + l.String() + "\n")
	}
	return out.String()
}

// keyOf is the first word of a text: what every message of a run begins with, and no
// other has.
func keyOf(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}
