package testkit

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// RedisServer is a Redis of one test's own. Network and Addr are what a Redis
// client's options take.
type RedisServer struct {
	Network string
	Addr    string

	t       testing.TB
	binary  string
	listen  []string // the arguments that say where
	dir     string
	process *process
	output  *bytes.Buffer
}

// Redis starts an empty Redis without persistence on a unix socket.
func Redis(t testing.TB) *RedisServer {
	t.Helper()
	dir := Folder(t)
	socket := filepath.Join(dir, "redis.sock")
	r := &RedisServer{
		t: t, binary: redisBinary(t), dir: dir, Network: "unix", Addr: socket,
		listen: []string{"--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"},
	}
	r.Start()
	t.Cleanup(r.Kill)
	return r
}

func redisBinary(t testing.TB) string {
	t.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal("redis-server is not installed, and this test needs it: apt-get install redis-server")
	}
	return binary
}

// Start starts the server again after Kill on the same address: empty, or with what
// the SAVE command has written.
func (r *RedisServer) Start() {
	r.t.Helper()
	r.output = new(bytes.Buffer)
	c := exec.Command(r.binary, append(r.listen,
		"--save", "", "--appendonly", "no", "--dir", r.dir, "--daemonize", "no", "--loglevel", "warning")...)
	c.Stdout, c.Stderr = r.output, r.output
	p, err := spawn(c)
	if err != nil {
		r.t.Fatal(err)
	}
	r.process = p
	if err := p.poll(30*time.Second, r.ping); err != nil {
		p.kill()
		r.t.Fatalf("redis-server does not answer: %v\n%s", err, r.output)
	}
}

// Kill ends the server with SIGKILL; what it held is gone. Killing a dead server
// does nothing.
func (r *RedisServer) Kill() { r.process.kill() }

// Restart is Kill and Start.
func (r *RedisServer) Restart() {
	r.t.Helper()
	r.Kill()
	r.Start()
}

// Freeze makes the server hang: connections stay open and nothing is answered.
func (r *RedisServer) Freeze() {
	r.t.Helper()
	if err := r.process.signal(syscall.SIGSTOP); err != nil {
		r.t.Fatal(err)
	}
}

// Thaw ends a Freeze.
func (r *RedisServer) Thaw() {
	r.t.Helper()
	if err := r.process.signal(syscall.SIGCONT); err != nil {
		r.t.Fatal(err)
	}
}

func (r *RedisServer) ping() error {
	conn, err := net.DialTimeout(r.Network, r.Addr, time.Second)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Second)) // fails only on a closed connection
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err
	}
	if answer != "+PONG\r\n" {
		return fmt.Errorf("unexpected answer %q", answer)
	}
	return nil
}
