package testkit

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFoldersOfDeadProcessesAreSwept(t *testing.T) {
	t.Parallel()
	dead, err := os.MkdirTemp("", folderPrefix)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dead, "lock"), nil, 0o600))
	living, remove, err := sharedFolder()
	require.NoError(t, err)

	another, removeAnother, err := sharedFolder()
	require.NoError(t, err)
	require.NoDirExists(t, dead)
	require.DirExists(t, living)
	require.DirExists(t, another)
	require.NoError(t, remove())
	require.NoError(t, removeAnother())
	require.NoDirExists(t, living)
}
