package hub

import (
	"runtime"
	"sync"
)

// workers deliver topics that have something waiting. A topic is in the line at
// most once and is served by one worker at a time, so the line is never longer
// than there are topics, and events that arrive while a topic is being served go
// out together in its next turn.
type workers struct {
	mu      sync.Mutex
	filled  *sync.Cond
	line    []*topic
	stopped bool
	running sync.WaitGroup
}

func newWorkers() *workers {
	w := &workers{}
	w.filled = sync.NewCond(&w.mu)
	return w
}

// start runs as many workers as there are processors: delivery never blocks, so
// more would only take turns.
func (w *workers) start() {
	for range runtime.GOMAXPROCS(0) {
		w.running.Go(w.run)
	}
}

func (w *workers) add(t *topic) {
	w.mu.Lock()
	w.line = append(w.line, t)
	w.mu.Unlock()
	w.filled.Signal()
}

func (w *workers) run() {
	for {
		w.mu.Lock()
		for len(w.line) == 0 && !w.stopped {
			w.filled.Wait()
		}
		if w.stopped {
			w.mu.Unlock()
			return
		}
		t := w.line[0]
		w.line[0] = nil
		w.line = w.line[1:]
		w.mu.Unlock()
		t.deliver()
	}
}

func (w *workers) stop() {
	w.mu.Lock()
	w.stopped = true
	w.mu.Unlock()
	w.filled.Broadcast()
	w.running.Wait()
}
