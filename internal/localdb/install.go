package localdb

import (
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// minVersion is the oldest PostgreSQL whose views can honour row-level security
// (security_invoker).
const minVersion = 15

// Where packages put the programs; Debian keeps them off PATH.
var binPatterns = []string{
	"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
	"/usr/pgsql-*/bin",          // PostgreSQL's own RPMs
	"/usr/libexec/postgresql*",  // Alpine
	"/usr/local/pgsql/bin",      // built from source
}

// install is a PostgreSQL found on this machine.
type install struct {
	bin   string
	major int
}

// findInstall returns the installation to use: the one in bin when that is given,
// else the one of the major version wanted, else (wanted 0) the newest.
func findInstall(ctx context.Context, bin string, wanted int) (install, error) {
	dirs := []string{bin}
	if bin == "" {
		dirs = candidates()
	}
	var found []install
	for _, dir := range dirs {
		if major, err := majorVersion(ctx, dir); err == nil {
			found = append(found, install{bin: dir, major: major})
		} else if bin != "" {
			return install{}, fmt.Errorf("%w in %s: %w", ErrNotInstalled, bin, err)
		}
	}
	return choose(found, wanted)
}

func choose(found []install, wanted int) (install, error) {
	if len(found) == 0 {
		return install{}, fmt.Errorf("%w: install the package postgresql-15 or newer "+
			"(Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server), "+
			"or name the folder of initdb and postgres", ErrNotInstalled)
	}
	newest := slices.MaxFunc(found, func(a, b install) int { return cmp.Compare(a.major, b.major) })
	if wanted == 0 {
		if newest.major < minVersion {
			return install{}, fmt.Errorf("%w in a version that can be used: found %d, need %d", ErrNotInstalled, newest.major, minVersion)
		}
		return newest, nil
	}
	for _, i := range found {
		if i.major == wanted {
			return i, nil
		}
	}
	return install{}, fmt.Errorf("%w: it was made by PostgreSQL %d, and only %d is installed: "+
		"install the package postgresql-%d", ErrForeign, wanted, newest.major, wanted)
}

func candidates() []string {
	var dirs []string
	for _, pattern := range binPatterns {
		matches, _ := filepath.Glob(pattern) // the patterns are constants and well formed
		dirs = append(dirs, matches...)
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(target))
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// majorVersion asks both programs, so that half an installation (a client
// package, say) is not taken for a whole one.
func majorVersion(ctx context.Context, dir string) (int, error) {
	major := 0
	for _, program := range []string{"initdb", "postgres"} {
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		out, err := exec.CommandContext(ctx, filepath.Join(dir, program), "--version").Output()
		cancel()
		if err != nil {
			return 0, fmt.Errorf("ask %s for its version: %w", program, err)
		}
		if major, err = parseVersion(string(out)); err != nil {
			return 0, err
		}
	}
	return major, nil
}

// parseVersion reads "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)".
func parseVersion(out string) (int, error) {
	_, rest, _ := strings.Cut(out, "(PostgreSQL) ")
	digits := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if digits < 0 {
		digits = len(rest)
	}
	major, err := strconv.Atoi(rest[:digits])
	if err != nil {
		return 0, fmt.Errorf("unreadable PostgreSQL version %q", strings.TrimSpace(out))
	}
	return major, nil
}
