package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheMasterKeyIsMadeOnceAndForUsAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "master.key")
	made, err := masterKey(path)
	require.NoError(t, err)
	again, err := masterKey(path)
	require.NoError(t, err)
	require.Equal(t, made, again)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing is left beside it")

	require.NoError(t, os.WriteFile(path, []byte("half a k"), 0o600))
	_, err = masterKey(path)
	require.ErrorContains(t, err, path, "a broken one is named, never replaced")
	_, err = masterKey(filepath.Join(dir, "none", "master.key"))
	require.Error(t, err)
}
