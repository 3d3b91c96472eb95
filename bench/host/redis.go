package host

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis is a private Redis without persistence on a unix socket.
type Redis struct {
	// Socket is the path of its socket.
	Socket string
	cmd    *exec.Cmd
	done   chan struct{}
}

// StartRedis starts one with its files in dir.
func StartRedis(ctx context.Context, dir string) (*Redis, error) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, errors.New("redis-server is not installed")
	}
	r := &Redis{Socket: filepath.Join(dir, "redis.sock"), done: make(chan struct{})}
	r.cmd = exec.Command(program, "--port", "0", "--unixsocket", r.Socket, "--unixsocketperm", "700", "--save", "",
		"--appendonly", "no", "--dir", dir, "--daemonize", "no", "--loglevel", "warning", "--logfile", filepath.Join(dir, "redis.log"))
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // as for any child
		defer runtime.UnlockOSThread()
		err := r.cmd.Start()
		started <- err
		if err == nil {
			_ = r.cmd.Wait() // how it ended is in its log
		}
		close(r.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start redis-server: %w", err)
	}
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: r.Socket, MaxRetries: -1})
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for client.Ping(ctx).Err() != nil {
		select {
		case <-ctx.Done():
			r.Stop()
			return nil, errors.New("redis-server does not answer")
		case <-time.After(20 * time.Millisecond):
		}
	}
	return r, nil
}

// PID is its process id.
func (r *Redis) PID() int { return r.cmd.Process.Pid }

// Stop ends it.
func (r *Redis) Stop() {
	_ = r.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	<-r.done
}
