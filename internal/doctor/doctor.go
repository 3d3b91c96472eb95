package doctor

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Status is how a check came out.
type Status string

// The ways a check comes out.
const (
	// OK: nothing to do.
	OK Status = "ok"
	// Warn: a node runs, but something should be done.
	Warn Status = "warn"
	// Fail: a node does not run, or loses something.
	Fail Status = "fail"
)

// Result is what a check found.
type Result struct {
	Name   string `json:"name"`
	Status Status `json:"status"`
	// What was found, in words for people.
	What string `json:"what"`
	// Do is what to do about it; empty when there is nothing to do.
	Do string `json:"what_to_do,omitempty"`
}

// Check is one thing to look at.
type Check struct {
	// Name is a short noun, such as "clock". It becomes the result's name.
	Name string
	// Run looks. It should return when the context ends.
	Run func(ctx context.Context) Result
}

// Good makes a result with nothing to do.
func Good(what string, args ...any) Result {
	return Result{Status: OK, What: fmt.Sprintf(what, args...)}
}

// Doubtful makes a result that a node can live with.
func Doubtful(what, do string) Result { return Result{Status: Warn, What: what, Do: do} }

// Bad makes a result that a node cannot live with.
func Bad(what, do string) Result { return Result{Status: Fail, What: what, Do: do} }

// Report is the results of all checks, in the order of the checks.
type Report []Result

// Run makes all checks at once, each in the given time.
func Run(ctx context.Context, checks []Check, timeout time.Duration) Report {
	report := make(Report, len(checks))
	var wg sync.WaitGroup
	for i, check := range checks {
		wg.Go(func() { report[i] = run(ctx, check, timeout) })
	}
	wg.Wait()
	return report
}

// run waits for a check no longer than its time, even if the check does not obey.
func run(ctx context.Context, check Check, timeout time.Duration) Result {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	done := make(chan Result, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- Bad(fmt.Sprintf("the check itself broke: %v", r), "report this as a bug")
			}
		}()
		done <- check.Run(ctx)
	}()
	var result Result
	select {
	case result = <-done:
	case <-ctx.Done():
		// One that has an answer after all is asked before it is given up.
		select {
		case result = <-done:
		case <-time.After(timeout / 10):
			result = Bad(fmt.Sprintf("no answer within %v", timeout), "see that it is running and can be reached from here")
		}
	}
	result.Name = check.Name
	return result
}

// Status is the worst of the results.
func (r Report) Status() Status {
	worst := OK
	for _, result := range r {
		switch result.Status {
		case Fail:
			return Fail
		case Warn:
			worst = Warn
		case OK:
		}
	}
	return worst
}
