// Package repeat does work at a steady pace.
//
// It owns one loop: work, a period apart, until the context ends. Whoever starts the loop
// owns its goroutine and waits for it. The first work comes a period after the start, and
// work that takes longer than a period delays the next and is never run beside it. What
// went wrong is for the work to say: the loop knows nothing of errors, of jobs that must
// run once among all nodes (those are internal/jobs'), or of anything else of ours.
package repeat

import (
	"context"
	"time"
)

// Every does the work each period until ctx ends. It blocks until then. The time is when
// the work was due.
func Every(ctx context.Context, period time.Duration, work func(due time.Time)) {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case due := <-ticker.C:
			work(due)
		}
	}
}
