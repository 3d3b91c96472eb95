package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/testkit"
)

// patience is how long anything may take that is waited for. No test passes by it.
const patience = time.Minute

// binary is the program as make builds it.
func binary(t testing.TB) string {
	t.Helper()
	return testkit.Binary(t, "converse/cmd/converse", "-trimpath", "-ldflags=-s -w")
}

// program is a converse that a test has started.
type program struct {
	*testkit.Program
	ready          readyLine
	stdout, stderr *output
}

// readyLine is the line on standard output, by the names that are promised.
type readyLine struct {
	Ready       bool        `json:"ready"`
	URL         string      `json:"url"`
	InternalURL string      `json:"internal_url"`
	SandboxURL  string      `json:"sandbox_url"`
	HostURL     string      `json:"host_url"`
	Logins      []login     `json:"logins"`
	Connectors  []connector `json:"connectors"`
}

type login struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Role     string `json:"role"`
}

type connector struct {
	Provider      string `json:"provider"`
	WebhookURL    string `json:"webhook_url"`
	SigningSecret string `json:"signing_secret"`
	Sender        string `json:"sender"`
}

// output keeps what a program writes, and tells of the first whole line.
type output struct {
	mu    sync.Mutex // guards text
	text  bytes.Buffer
	first chan string
}

func newOutput() *output { return &output{first: make(chan string, 1)} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	had := bytes.ContainsRune(o.text.Bytes(), '\n')
	o.text.Write(p)
	if line, _, whole := bytes.Cut(o.text.Bytes(), []byte("\n")); whole && !had {
		o.first <- string(line)
	}
	return len(p), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// command prepares the program with an environment of its own: what is set where the
// tests run must not change what they see.
func command(t testing.TB, env map[string]string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(args[0], args[1:]...)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent"}
	for name, value := range env {
		c.Env = append(c.Env, name+"="+value)
	}
	return c
}

// start runs the program until it says that it is ready.
func start(t testing.TB, env map[string]string, args ...string) *program {
	t.Helper()
	return startAs(t, env, append([]string{binary(t)}, args...)...)
}

// startAs is start by a whole command line, the program's name included.
func startAs(t testing.TB, env map[string]string, line ...string) *program {
	t.Helper()
	p := &program{stdout: newOutput(), stderr: newOutput()}
	c := command(t, env, line...)
	c.Stdout, c.Stderr = p.stdout, p.stderr
	var err error
	p.Program, err = testkit.Run(t, c)
	require.NoError(t, err)
	select {
	case line := <-p.stdout.first:
		require.NoError(t, json.Unmarshal([]byte(line), &p.ready), line)
		require.True(t, p.ready.Ready)
	case <-p.Done():
		t.Fatalf("it ended before it was ready: %s\n%s", p.Exit(), p.stderr)
	case <-time.After(patience):
		t.Fatalf("it never said that it is ready:\n%s", p.stderr)
	}
	return p
}

// ended waits until the program has ended and returns how.
func (p *program) ended(t testing.TB) string {
	t.Helper()
	select {
	case <-p.Done():
	case <-time.After(patience):
		t.Fatalf("it does not end:\n%s", p.stderr)
	}
	return p.Exit()
}

// finished is a run of the program that has ended.
type finished struct {
	stdout, stderr string
	code           int
}

// run runs the program to its end.
func run(t testing.TB, env map[string]string, args ...string) finished {
	t.Helper()
	return runAs(t, env, append([]string{binary(t)}, args...)...)
}

// runAs is run by a whole command line, the program's name included.
func runAs(t testing.TB, env map[string]string, line ...string) finished {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := command(t, env, line...)
	bounded := exec.CommandContext(ctx, c.Path, c.Args[1:]...)
	bounded.Env = c.Env
	var stdout, stderr bytes.Buffer
	bounded.Stdout, bounded.Stderr = &stdout, &stderr
	err := bounded.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	require.NoError(t, ctx.Err(), "it does not end: %s", stderr.String())
	return finished{stdout: stdout.String(), stderr: stderr.String(), code: bounded.ProcessState.ExitCode()}
}

// complains insists that a run ended with a code and exactly one line on standard
// error, and returns the line.
func (f finished) complains(t testing.TB, code int) string {
	t.Helper()
	require.Equal(t, code, f.code, f.stderr)
	require.Equal(t, 1, strings.Count(f.stderr, "\n"), f.stderr)
	require.Regexp(t, `^converse: `, f.stderr)
	require.Empty(t, f.stdout)
	return f.stderr
}

// guest is a lead of the demo with a phone, by which the handset answers.
const guest = "asha"

// anywhere are the flags that let a program of dev listen where there is room.
var anywhere = []string{"--listen=127.0.0.1:0", "--internal-listen=127.0.0.1:0", "--sandbox-listen=127.0.0.1:0", "--leads=20"}

// startDev starts `converse dev` on a data folder.
func startDev(t testing.TB, data string) *program {
	t.Helper()
	return start(t, nil, append([]string{"dev", "--data", data}, anywhere...)...)
}
