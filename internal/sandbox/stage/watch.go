package stage

import "slices"

// Watcher hears which phones changed. One that reads slowly loses nothing: what
// changed meanwhile is told together, and when that is too much, that everything
// may have.
type Watcher struct {
	stage *Stage
	// wake holds one token while there is something to tell.
	wake chan struct{}
	// The fields below are guarded by the stage's lock.
	dirty map[string]struct{}
	all   bool
	// open are the threads that this watcher has on screen, by phone.
	open map[string][]string
}

// dirtySize is how many phones a watcher is told of one by one.
const dirtySize = 200

// Watch starts a watcher. End it with Close.
func (s *Stage) Watch() *Watcher {
	w := &Watcher{
		stage: s, wake: make(chan struct{}, 1), dirty: map[string]struct{}{}, open: map[string][]string{},
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[w] = struct{}{}
	return w
}

// Wake gives a token when there is something for Take.
func (w *Watcher) Wake() <-chan struct{} { return w.wake }

// Take returns the ids of the phones that changed since the last Take; all says
// that any may have.
func (w *Watcher) Take() (ids []string, all bool) {
	w.stage.mu.Lock()
	defer w.stage.mu.Unlock()
	for id := range w.dirty {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	all = w.all
	clear(w.dirty)
	w.all = false
	return ids, all
}

// Open says which thread of a phone is on the watcher's screen; an empty key
// means none. What is open is read, and what comes while it is open is read at once.
func (w *Watcher) Open(address, key string) bool {
	s := w.stage
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, watching := s.watchers[w]; !watching {
		return false
	}
	h := s.find(address)
	if h == nil {
		return false
	}
	delete(w.open, h.id)
	if key == "" {
		return true
	}
	w.open[h.id] = []string{key}
	for _, t := range h.threads {
		if t.key() == key {
			for _, e := range t.entries {
				s.see(e)
			}
		}
	}
	return true
}

// Close ends the watcher and closes the threads it had open.
func (w *Watcher) Close() {
	w.stage.mu.Lock()
	defer w.stage.mu.Unlock()
	delete(w.stage.watchers, w)
}

// note and reset are called under the stage's lock.
func (w *Watcher) note(id string) {
	if w.all {
		return
	}
	if len(w.dirty) >= dirtySize {
		w.reset()
		return
	}
	w.dirty[id] = struct{}{}
	w.poke()
}

func (w *Watcher) reset() {
	clear(w.dirty)
	w.all = true
	w.poke()
}

func (w *Watcher) poke() {
	select {
	case w.wake <- struct{}{}:
	default: // a token is there already
	}
}

// key names the thread within its phone.
func (t *thread) key() string { return t.provider + ":" + t.sender.Address }
