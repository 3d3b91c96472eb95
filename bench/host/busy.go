package host

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// KeepBusy runs one thread a core that does nothing, and only where nobody else wants
// to, until it is told to end. A core that is never idle keeps its clock, and the same
// work costs the same time whether there is much or little of it.
func KeepBusy() error {
	if err := yieldToAll(); err != nil {
		return fmt.Errorf("lower the priority: %w", err)
	}
	for range runtime.NumCPU() {
		go func() {
			// A new thread inherits its policy from the one that makes it, and some were
			// made before ours was lowered.
			runtime.LockOSThread()
			_ = yieldToAll() // as above
			for {            //nolint:staticcheck // this is all it does
			}
		}()
	}
	fmt.Println("{}")
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	<-end
	return nil
}

// yieldToAll puts the calling thread under SCHED_IDLE (sched(7)). A thread that is just
// nice keeps others waiting to the end of its slice: milliseconds, which whoever hands
// work from process to process pays at every step.
func yieldToAll() error {
	return unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_IDLE}, 0)
}
