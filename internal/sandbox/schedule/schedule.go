// Package schedule runs functions at their time.
//
// It owns one goroutine and one heap, however many timers are pending, so that a
// campaign's receipts cost memory and not goroutines. Functions that are due at
// the same time run in the order they were added. They run on the scheduler's
// own goroutine and must not block.
//
// It must not know what the functions do.
package schedule

import (
	"container/heap"
	"sync"
	"time"
)

// Scheduler runs functions at their time. Make one with New and end it with Stop.
type Scheduler struct {
	mu      sync.Mutex // guards the fields below
	queue   taskHeap
	added   uint64
	stopped bool

	// wake tells the goroutine that an earlier task has come; it holds one token.
	wake chan struct{}
	done chan struct{}
}

// New starts a scheduler.
func New() *Scheduler {
	s := &Scheduler{wake: make(chan struct{}, 1), done: make(chan struct{})}
	go s.run()
	return s
}

// After runs the function once the span has passed; at once for a span of zero
// or less. A function added after Stop never runs.
func (s *Scheduler) After(span time.Duration, run func()) {
	s.mu.Lock()
	if s.stopped {
		s.mu.Unlock()
		return
	}
	s.added++
	heap.Push(&s.queue, task{at: time.Now().Add(span), order: s.added, run: run})
	first := s.queue[0].order == s.added
	s.mu.Unlock()
	if first {
		s.poke()
	}
}

// Len is how many functions wait for their time.
func (s *Scheduler) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

// Stop drops what is pending and waits for a function that is running. It may be
// called more than once, but not from a scheduled function.
func (s *Scheduler) Stop() {
	s.mu.Lock()
	s.stopped = true
	s.queue = nil
	s.mu.Unlock()
	s.poke()
	<-s.done
}

func (s *Scheduler) poke() {
	select {
	case s.wake <- struct{}{}:
	default: // the goroutine has not taken the last token yet and will look anyway
	}
}

func (s *Scheduler) run() {
	defer close(s.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		run, wait, stopped := s.next()
		if stopped {
			return
		}
		if run != nil {
			run()
			continue
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-s.wake:
		}
	}
}

// idle is how long the goroutine sleeps when nothing is pending; a new task
// wakes it at once, so the length does not matter.
const idle = time.Hour

// next takes the first task that is due, or says how long to wait for it.
func (s *Scheduler) next() (run func(), wait time.Duration, stopped bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil, 0, true
	}
	if len(s.queue) == 0 {
		return nil, idle, false
	}
	if wait := time.Until(s.queue[0].at); wait > 0 {
		return nil, wait, false
	}
	return heap.Pop(&s.queue).(task).run, 0, false //nolint:errcheck // only tasks are pushed
}

type task struct {
	at    time.Time
	order uint64
	run   func()
}

type taskHeap []task

func (h taskHeap) Len() int { return len(h) }
func (h taskHeap) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].order < h[j].order
	}
	return h[i].at.Before(h[j].at)
}
func (h taskHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *taskHeap) Push(x any)   { *h = append(*h, x.(task)) } //nolint:errcheck // only tasks are pushed
func (h *taskHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = task{} // lets go of the function
	*h = old[:len(old)-1]
	return last
}
