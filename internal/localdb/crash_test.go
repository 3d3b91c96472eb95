//go:build linux

package localdb_test

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"converse/internal/localdb"
)

// started runs the helper until its database answers and returns the address.
func started(t *testing.T, c *exec.Cmd) string {
	t.Helper()
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	_, err = c.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err, line)
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "started ")
	require.True(t, ok, line)
	return url
}

func kill(t *testing.T, c *exec.Cmd) {
	t.Helper()
	require.NoError(t, c.Process.Kill())
	require.Error(t, c.Wait())
}

func TestSurvivesKillOfTheProgram(t *testing.T) {
	t.Parallel()
	for name, sub := range map[string]string{"short path": "db", "long path": strings.Repeat("a-rather-long-name/", 8)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(folder(t), sub)
			for round := range 3 {
				c := helper(t, dir, 0)
				url := started(t, c)
				conn, err := pgx.Connect(within(t, time.Minute), url)
				require.NoError(t, err)
				_, err = conn.Exec(within(t, time.Minute), "create table if not exists rounds (n int)")
				require.NoError(t, err)
				_, err = conn.Exec(within(t, time.Minute), "insert into rounds values ($1)", round)
				require.NoError(t, err)
				kill(t, c)
				_ = conn.Close(within(t, time.Minute))
			}
			s := start(t, localdb.Options{Dir: dir})
			require.Equal(t, "3", ask(t, s, "select count(*)::text from rounds"))
		})
	}
}

func TestAHalfMadeDatabaseIsMadeAgain(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := helper(t, dir, 0)
	require.NoError(t, c.Start())
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(dir, "pg.init", "PG_VERSION"))
		return !errors.Is(err, fs.ErrNotExist)
	}, time.Minute, time.Millisecond)
	kill(t, c)

	s := start(t, localdb.Options{Dir: dir})
	require.Equal(t, "1", ask(t, s, "select '1'"))
	require.NoDirExists(t, filepath.Join(dir, "pg.init"))
}

func TestRunsAsAPlainUser(t *testing.T) {
	t.Parallel()
	const nobody = 65534
	dir := folder(t)
	if os.Geteuid() == 0 {
		require.NoError(t, os.Chown(dir, nobody, nobody))
	}
	c := helper(t, dir, nobody)
	started(t, c)
	kill(t, c)

	// And root may take the folder over: the owner of the cluster stays who it was.
	s := start(t, localdb.Options{Dir: dir})
	require.Equal(t, "1", ask(t, s, "select '1'"))
}
