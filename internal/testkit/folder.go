package testkit

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// folderPrefix names the folders of shared servers. It is short because sockets
// lie below, whose paths are limited to 107 bytes.
const folderPrefix = "converse-test-"

// Folder makes an empty folder that other users can reach, removed after the
// test. PostgreSQL, which drops from root, cannot reach t.TempDir(): its parent
// is closed to others.
func Folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "cv")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatalf("make a folder for the test: %v", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove the test's folder: %v", err)
		}
	})
	return dir
}

// sharedFolder makes a folder that lives as long as this process, and removes
// those of processes that died without doing so. A lock held by the living tells
// the two apart.
func sharedFolder() (dir string, remove func() error, err error) {
	sweep()
	dir, err = os.MkdirTemp("", folderPrefix)
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for test servers: %w", err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", nil, fmt.Errorf("make a folder for test servers: %w", err)
	}
	// Locked before it gets its name, so that no sweep can be faster.
	lock, err := lockFile(filepath.Join(dir, "lock.new"))
	if err == nil {
		err = os.Rename(filepath.Join(dir, "lock.new"), filepath.Join(dir, "lock"))
	}
	if err != nil {
		return "", nil, fmt.Errorf("lock the folder for test servers: %w", err)
	}
	return dir, func() error {
		defer lock.Close()
		return os.RemoveAll(dir)
	}, nil
}

func lockFile(path string) (*os.File, error) {
	lock, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		lock.Close()
		return nil, err
	}
	return lock, nil
}

// sweep removes the folders of dead processes. What cannot be removed, perhaps
// because it is another user's, is left alone.
func sweep() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), folderPrefix+"*")) // the pattern is well formed
	for _, dir := range dirs {
		// Without a lock file the folder is being made just now.
		if _, err := os.Stat(filepath.Join(dir, "lock")); err != nil {
			continue
		}
		if lock, err := lockFile(filepath.Join(dir, "lock")); err == nil {
			_ = os.RemoveAll(dir)
			lock.Close()
		}
	}
}
