package history_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"converse/internal/testkit"
)

// node is one `converse serve` process, which may die and come back.
type node struct {
	t    testing.TB
	name string
	log  string // the file that its standard error goes to
	args func() []string

	starting sync.Mutex // held while the node comes back

	mu      sync.Mutex // guards what follows
	program *testkit.Program
	url     string // where it listens; empty while it does not run
	wanted  bool   // it has been told to run, and not been told to end
}

func newNode(t testing.TB, name, dir string, args func() []string) *node {
	return &node{t: t, name: name, log: filepath.Join(dir, name+".log"), args: args}
}

// start runs the node until it says that it is ready. The environment is for crash
// points.
func (n *node) start(environment ...string) {
	n.t.Helper()
	if why := n.tryStart(environment); why != "" {
		n.t.Fatalf("node %s does not start: %s", n.name, why)
	}
}

// tryStart returns why the node did not become ready, or "".
func (n *node) tryStart(environment []string) string {
	log, err := os.OpenFile(n.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err.Error()
	}
	defer log.Close()
	ready := &readyLine{come: make(chan string, 1)}
	c := exec.Command(binary(n.t), append([]string{"serve"}, n.args()...)...)
	c.Env = append(os.Environ(), environment...)
	c.Stdout, c.Stderr = ready, log
	program, err := testkit.Run(n.t, c)
	if err != nil {
		return err.Error()
	}
	select {
	case url := <-ready.come:
		n.mu.Lock()
		defer n.mu.Unlock()
		n.program, n.url, n.wanted = program, url, true
		return ""
	case <-program.Done():
		return "it ended: " + lastLine(n.log)
	case <-time.After(patience):
		program.Kill()
		return "it never said that it is ready"
	}
}

// readyLine waits for the one line on standard output that says where a node is.
type readyLine struct {
	come chan string
	text bytes.Buffer
	done bool
}

func (r *readyLine) Write(p []byte) (int, error) {
	r.text.Write(p)
	line, _, whole := bytes.Cut(r.text.Bytes(), []byte("\n"))
	if r.done || !whole {
		return len(p), nil
	}
	r.done = true
	var said struct {
		Ready bool   `json:"ready"`
		URL   string `json:"url"`
	}
	if err := json.Unmarshal(line, &said); err != nil || !said.Ready {
		return 0, fmt.Errorf("the ready line cannot be read: %q", line)
	}
	r.come <- said.URL
	return len(p), nil
}

// address is where the node listens; empty while it is not to be reached.
func (n *node) address() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.url
}

// ending is the process of a node that is to be ended now, or nil when it has been.
func (n *node) ending() *testkit.Program {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.wanted {
		return nil
	}
	n.url, n.wanted = "", false
	return n.program
}

// kill is kill -9. Killing a dead node does nothing.
func (n *node) kill() {
	if p := n.ending(); p != nil {
		p.Kill()
	}
}

// terminate asks the node to end in order, and returns at once. What it still
// answers until then, it answers to those who are connected.
func (n *node) terminate() {
	if p := n.ending(); p != nil {
		p.Signal(syscall.SIGTERM)
	}
}

// gone waits until a node that was killed or terminated has ended. It is false when
// the context ended first.
func (n *node) gone(ctx context.Context) bool {
	n.mu.Lock()
	p := n.program
	n.mu.Unlock()
	if p == nil {
		return true
	}
	select {
	case <-p.Done():
		return true
	case <-ctx.Done():
		return false
	}
}

// comeBack starts the node again once it has ended, as a supervisor would: for as
// long as it takes. It returns why it gave up, or "".
func (n *node) comeBack(ctx context.Context) string {
	n.starting.Lock()
	defer n.starting.Unlock()
	if n.address() != "" {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if !n.gone(ctx) {
		return "it does not end"
	}
	for {
		why := n.tryStart(nil)
		if why == "" || !pause(ctx, 200*time.Millisecond) {
			return why
		}
	}
}

// freeze stops the node without its knowing; thaw lets it go on.
func (n *node) freeze() { n.signal(syscall.SIGSTOP) }
func (n *node) thaw()   { n.signal(syscall.SIGCONT) }

func (n *node) signal(s syscall.Signal) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.wanted {
		n.program.Signal(s)
	}
}

// dies waits until the node has ended by itself, as it was told to by a crash point.
func (n *node) dies() {
	n.t.Helper()
	until(n.t, "node "+n.name+" dies", func() string {
		n.mu.Lock()
		defer n.mu.Unlock()
		if n.program.Exit() == "" {
			return "it runs"
		}
		n.url, n.wanted = "", false
		return ""
	})
}

// fault says that the node ended although nobody ended it, or "".
func (n *node) fault() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.wanted && n.program.Exit() != "" {
		return fmt.Sprintf("node %s ended by itself (%s): %s", n.name, n.program.Exit(), lastLine(n.log))
	}
	return ""
}

func lastLine(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	text = bytes.TrimSpace(text)
	return string(text[bytes.LastIndexByte(text, '\n')+1:])
}

// binary is the program under test, with crash points.
func binary(t testing.TB) string {
	t.Helper()
	flags := []string{"-tags", "crashpoints"}
	if *raceFlag {
		flags = append(flags, "-race")
	}
	return testkit.Binary(t, "converse/cmd/converse", flags...)
}

// run runs one command of the program to its end and returns what it printed.
func run(t testing.TB, args ...string) []byte {
	t.Helper()
	c := exec.CommandContext(t.Context(), binary(t), args...)
	var complaint bytes.Buffer
	c.Stderr = &complaint
	out, err := c.Output()
	if err != nil {
		t.Fatalf("converse %s: %v\n%s", args[0], err, complaint.String())
	}
	return out
}
