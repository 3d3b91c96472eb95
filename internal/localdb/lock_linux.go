package localdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// locks keep two programs from running one folder. A poll for readiness cannot:
// it would connect to the other program's server and call that success.
type locks struct {
	// program is held by us alone, so it is free as soon as we are dead.
	program *os.File
	// server is inherited by PostgreSQL, so it is free only when the last of its
	// processes is gone, which after our death takes a moment.
	server *os.File
}

// takeLocks fails at once when another program lives, and waits for the server
// of a dead one to finish.
func takeLocks(ctx context.Context, f folder) (locks, error) {
	program, err := openLock(f, "program.lock")
	if err != nil {
		return locks{}, err
	}
	if err := flock(program); err != nil {
		program.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return locks{}, fmt.Errorf("%w: %s", ErrInUse, f.root)
		}
		return locks{}, fmt.Errorf("lock %s: %w", f.root, err)
	}
	server, err := openLock(f, "server.lock")
	if err != nil {
		program.Close()
		return locks{}, err
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		err := flock(server)
		if err == nil {
			return locks{program: program, server: server}, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) {
			program.Close()
			server.Close()
			return locks{}, fmt.Errorf("lock %s: %w", f.root, err)
		}
		select {
		case <-ctx.Done():
			program.Close()
			server.Close()
			return locks{}, fmt.Errorf("wait for the server of an earlier program to end in %s: %w", f.root, ctx.Err())
		case <-tick.C:
		}
	}
}

// release lets go of both locks; PostgreSQL's own hold on its lock stays.
func (l locks) release() {
	l.server.Close()
	l.program.Close()
}

func openLock(f folder, name string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(f.root, name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	return file, nil
}

func flock(file *os.File) error {
	return unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
}
