package testkit

import (
	"os/exec"
	"syscall"
	"testing"
)

// Program is a program that a test runs and hurts. It dies with the test process.
type Program struct {
	t       testing.TB
	process *process
}

// Run starts a program, killed at the end of the test if it still runs then.
func Run(t testing.TB, c *exec.Cmd) (*Program, error) {
	p, err := spawn(c)
	if err != nil {
		return nil, err
	}
	out := &Program{t: t, process: p}
	t.Cleanup(out.Kill)
	return out, nil
}

// Kill ends the program with SIGKILL, frozen or not, and waits until it is gone.
// Killing a dead program does nothing.
func (p *Program) Kill() { p.process.kill() }

// Signal sends a signal to a program that runs.
func (p *Program) Signal(sig syscall.Signal) {
	p.t.Helper()
	if err := p.process.signal(sig); err != nil {
		p.t.Fatal(err)
	}
}

// Done is closed when the program has ended.
func (p *Program) Done() <-chan struct{} { return p.process.done }

// Exit is how the program ended, such as "exit status 1" or "signal: killed". It is
// empty while the program runs.
func (p *Program) Exit() string {
	select {
	case <-p.process.done:
		return p.process.cmd.ProcessState.String()
	default:
		return ""
	}
}
