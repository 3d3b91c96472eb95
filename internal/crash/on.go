//go:build crashpoints

package crash

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

var passed atomic.Int64

// At kills the process if this is the point and the time it was told to.
func At(p Point) {
	name, nth, counted := strings.Cut(os.Getenv("CONVERSE_CRASH_AT"), ":")
	if name != string(p) {
		return
	}
	want := int64(1)
	if counted {
		if n, err := strconv.ParseInt(nth, 10, 64); err == nil {
			want = n
		}
	}
	if passed.Add(1) == want {
		_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
		select {} // the signal arrives before anything else can happen
	}
}
