//go:build linux || darwin

package doctor

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// freeBytes is the room left to ordinary users where a folder is.
func freeBytes(dir string) (uint64, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(dir, &stat); err != nil {
		return 0, fmt.Errorf("look at disk: %w", err)
	}
	return stat.Bavail * uint64(stat.Bsize), nil
}
