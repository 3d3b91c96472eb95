package localdb

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
)

// process is a child whose life is tied to ours.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	// err is the child's exit, to be read after done.
	err error
}

// command prepares one of PostgreSQL's programs, with nothing of our environment:
// PGPORT and its like would change what it does.
func (i install) command(f folder, program string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(i.bin, program), args...) //nolint:noctx // it is ended in order, not by a context
	c.Dir = "/"
	c.Env = []string{"LC_ALL=C", "PATH=/usr/bin:/bin", "TZ=UTC"}
	c.SysProcAttr = &syscall.SysProcAttr{
		Credential: f.owner,
		// SIGINT makes PostgreSQL cut off its clients and stop cleanly.
		Pdeathsig: syscall.SIGINT,
		// Else Ctrl-C would reach PostgreSQL before the program has drained.
		Setpgid: true,
	}
	return c
}

// spawn starts a child and watches it until it exits.
func spawn(c *exec.Cmd) (*process, error) {
	p := &process{cmd: c, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// Pdeathsig follows the thread that made the child, not the process: were the
		// thread to end early, the database would be shut down out of the blue.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.Start()
		started <- err
		if err == nil {
			p.err = c.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Path, err)
	}
	return p, nil
}

func (p *process) signal(sig os.Signal) {
	_ = p.cmd.Process.Signal(sig) // an exited child needs no signal
}

func (p *process) exited() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}
