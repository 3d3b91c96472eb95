//go:build linux

package localdb_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"converse/internal/localdb"
)

const helperVariable = "LOCALDB_TEST_HELPER"

// TestMain doubles as the program that tests kill: with the variable set it starts
// a database in the folder named, says where, and waits for its end.
func TestMain(m *testing.M) {
	if dir := os.Getenv(helperVariable); dir != "" {
		s, err := localdb.Start(context.Background(), localdb.Options{Dir: dir})
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println("started", s.URL(""))
		_, _ = os.Stdin.Read(make([]byte, 1))
		if err := s.Stop(context.Background()); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// helper runs this test binary as another program, if uid is not 0 as that user.
func helper(t *testing.T, dir string, uid uint32) *exec.Cmd {
	t.Helper()
	c := exec.Command("/proc/self/exe")
	c.Env = append(os.Environ(), helperVariable+"="+dir)
	c.Stderr = os.Stderr
	if uid != 0 && os.Geteuid() == 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	}
	return c
}

// folder makes a folder that other users can reach, which t.TempDir's parent is not.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "localdb")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	return dir
}

func within(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// start starts a volatile server unless the options say otherwise, and stops it
// at the end of the test.
func start(t *testing.T, options localdb.Options) *localdb.Server {
	t.Helper()
	s, err := localdb.Start(within(t, time.Minute), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop(within(t, time.Minute))) })
	return s
}

func stop(t *testing.T, s *localdb.Server) {
	t.Helper()
	require.NoError(t, s.Stop(within(t, time.Minute)))
}

func connect(t *testing.T, s *localdb.Server) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(within(t, time.Minute), s.URL(""))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// ask returns the one text value of a query.
func ask(t *testing.T, s *localdb.Server, query string) string {
	t.Helper()
	conn := connect(t, s)
	var answer string
	require.NoError(t, conn.QueryRow(within(t, time.Minute), query).Scan(&answer))
	return answer
}

func do(t *testing.T, s *localdb.Server, statements ...string) {
	t.Helper()
	_, err := connect(t, s).Exec(within(t, time.Minute), strings.Join(statements, ";"))
	require.NoError(t, err)
}
