//go:build linux

package localdb_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/internal/localdb"
)

func TestWithoutPostgreSQLThePackageToInstallIsNamed(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), "db")
	_, err := localdb.Start(within(t, time.Minute), localdb.Options{Dir: dir, Bin: t.TempDir()})
	require.ErrorIs(t, err, localdb.ErrNotInstalled)
	require.NoDirExists(t, dir, "nothing was made")
}

func TestAnUnsearchableFolderIsNamed(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(folder(t), "closed")
	require.NoError(t, os.Mkdir(closed, 0o700))
	s, err := localdb.Start(within(t, time.Minute), localdb.Options{Dir: filepath.Join(closed, "db"), Volatile: true})
	if os.Geteuid() != 0 { // PostgreSQL runs as we do and can reach what we can
		require.NoError(t, err)
		stop(t, s)
		return
	}
	require.ErrorIs(t, err, localdb.ErrNotSearchable)
	require.ErrorContains(t, err, closed+" (-rwx------)")
}

func TestAFolderThatCannotBeMadeIsNamed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(folder(t), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, dir := range []string{file, filepath.Join(file, "db"), filepath.Join(file, "deep", "db"), "/proc/none/db"} {
		_, err := localdb.Start(within(t, time.Minute), localdb.Options{Dir: dir})
		require.ErrorIs(t, err, localdb.ErrUnusable, dir)
		require.NotErrorIs(t, err, localdb.ErrForeign, dir)
	}
}

func TestForeignFoldersAreRefused(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(pg string) error{
		"other version": func(pg string) error { return os.WriteFile(filepath.Join(pg, "PG_VERSION"), []byte("9\n"), 0o600) },
		"no version":    func(string) error { return nil },
		"nonsense":      func(pg string) error { return os.WriteFile(filepath.Join(pg, "PG_VERSION"), []byte("new\n"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			pg := filepath.Join(dir, "pg")
			require.NoError(t, os.Mkdir(pg, 0o700))
			require.NoError(t, prepare(pg))
			_, err := localdb.Start(within(t, time.Minute), localdb.Options{Dir: dir})
			require.ErrorIs(t, err, localdb.ErrForeign)
		})
	}
}

func TestABrokenClusterSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, localdb.Options{Dir: dir, Volatile: true})
	stop(t, s)
	require.NoError(t, os.Remove(filepath.Join(dir, "pg", "global", "pg_control")))
	began := time.Now()
	_, err := localdb.Start(within(t, time.Minute), localdb.Options{Dir: dir})
	require.ErrorContains(t, err, "ended at once")
	require.Less(t, time.Since(began), 30*time.Second)
}
