package host

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

// KeepBusy runs one thread a core that does nothing at the lowest priority, until
// it is told to end. A core that is never idle keeps its clock, and the same work
// costs the same time whether there is much or little of it.
func KeepBusy() error {
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, 19); err != nil {
		return fmt.Errorf("lower the priority: %w", err)
	}
	for range runtime.NumCPU() {
		go func() {
			// A new thread inherits its priority from the one that makes it, and some were
			// made before ours was lowered.
			runtime.LockOSThread()
			_ = syscall.Setpriority(syscall.PRIO_PROCESS, syscall.Gettid(), 19) // as above
			for {                                                               //nolint:staticcheck // this is all it does
			}
		}()
	}
	fmt.Println("{}")
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	<-end
	return nil
}
