package host

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Child is a process that was started and said that it is ready.
type Child struct {
	Name string
	cmd  *exec.Cmd
	log  string
	done chan struct{} // closed when it has ended
}

// startTimeout bounds a start: the product may have to make a database first.
const startTimeout = 90 * time.Second

// Start runs a program until it prints a line of JSON, which is read into ready.
// What it says on standard error goes to a file in dir.
func Start(dir, name string, ready any, program string, args ...string) (*Child, error) {
	c := &Child{Name: name, log: filepath.Join(dir, name+".log"), done: make(chan struct{})}
	log, err := os.OpenFile(c.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log of %s: %w", name, err)
	}
	defer log.Close()
	out, in, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	c.cmd = exec.Command(program, args...)
	c.cmd.Stdout, c.cmd.Stderr, c.cmd.Env = in, log, environment()
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
	err = c.spawn()
	_ = in.Close() // the child has its own
	if err != nil {
		_ = out.Close() // nothing will come
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	if err := c.await(out, ready); err != nil {
		c.Stop()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return c, nil
}

// environment is ours without what would change how a child's memory is managed.
func environment() []string {
	out := []string{"GOGC=100"}
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		switch name {
		case "GOGC", "GOMEMLIMIT", "GODEBUG", "GOMAXPROCS":
		default:
			out = append(out, v)
		}
	}
	return out
}

// spawn starts the child and watches it until it exits.
func (c *Child) spawn() error {
	started := make(chan error, 1)
	go func() {
		// Pdeathsig follows the thread that made the child, not the process.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.cmd.Start()
		started <- err
		if err == nil {
			_ = c.cmd.Wait() // how it ended is in its log
		}
		close(c.done)
	}()
	return <-started
}

// await reads lines until one is JSON, and throws away what comes after.
func (c *Child) await(out *os.File, ready any) error {
	line := make(chan []byte, 1)
	go func() {
		defer out.Close()
		in := bufio.NewScanner(out)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			if bytes.HasPrefix(in.Bytes(), []byte("{")) {
				select {
				case line <- bytes.Clone(in.Bytes()):
				default:
				}
			}
		}
	}()
	select {
	case text := <-line:
		return json.Unmarshal(text, ready)
	case <-c.done:
		return fmt.Errorf("it has ended: %s", c.lastWords())
	case <-time.After(startTimeout):
		return errors.New("it does not say that it is ready")
	}
}

// lastWords is the end of the child's log.
func (c *Child) lastWords() string {
	text, err := os.ReadFile(c.log)
	if err != nil {
		return "no log"
	}
	return strings.TrimSpace(string(text[max(0, len(text)-2000):]))
}

// PID is the child's process id.
func (c *Child) PID() int { return c.cmd.Process.Pid }

// Err is why a child that should be running is not.
func (c *Child) Err() error {
	select {
	case <-c.done:
		return fmt.Errorf("%s has ended: %s", c.Name, c.lastWords())
	default:
		return nil
	}
}

// Stop asks the child to end and makes sure that it does.
func (c *Child) Stop() {
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-c.done:
	case <-time.After(20 * time.Second):
		_ = c.cmd.Process.Kill() // it may have ended
		<-c.done
	}
}
