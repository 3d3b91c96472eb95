package store

import (
	"context"
	"errors"
	"sync"
	"time"
)

// askTimeout bounds one question, whose askers have deadlines of their own.
const askTimeout = 10 * time.Second

// gather asks one question for many callers. A caller that comes alone is asked for
// at once; those that come while questions are under way are asked for together as
// soon as one is answered. No one waits for company.
type gather[K, V any] struct {
	// ask returns one answer for each key, in the same order.
	ask func(context.Context, []K) ([]V, error)
	// group says what may be asked together. Nil: everything.
	group func(K) string
	// mostTogether bounds one question.
	mostTogether int
	// mostAsking is how many questions are under way at once.
	mostAsking int

	mu      sync.Mutex // guards what follows
	waiting []*asker[K, V]
	asking  int
	stopped bool
	running sync.WaitGroup
}

type asker[K, V any] struct {
	key    K
	answer V
	err    error
	done   chan struct{}
}

var errStopped = errors.New("the store is closed")

// do returns the answer for one key. It blocks until ctx ends at most; the question
// may then still be asked.
func (g *gather[K, V]) do(ctx context.Context, key K) (V, error) {
	a := &asker[K, V]{key: key, done: make(chan struct{})}
	if err := g.add(a); err != nil {
		return a.answer, err
	}
	select {
	case <-a.done:
		return a.answer, a.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

func (g *gather[K, V]) add(a *asker[K, V]) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stopped {
		return errStopped
	}
	g.waiting = append(g.waiting, a)
	if g.asking < g.mostAsking {
		g.asking++
		g.running.Go(g.run)
	}
	return nil
}

// run asks until nobody waits.
func (g *gather[K, V]) run() {
	for batch := g.take(); batch != nil; batch = g.take() {
		g.answer(batch)
	}
}

// take takes the first who waits and all who may be asked for with them, in turn.
func (g *gather[K, V]) take() []*asker[K, V] {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.asking--
		return nil
	}
	var batch, rest []*asker[K, V]
	for _, a := range g.waiting {
		together := g.group == nil || g.group(a.key) == g.group(g.waiting[0].key)
		if together && len(batch) < g.mostTogether {
			batch = append(batch, a)
		} else {
			rest = append(rest, a)
		}
	}
	g.waiting = rest
	return batch
}

func (g *gather[K, V]) answer(batch []*asker[K, V]) {
	ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
	defer cancel()
	keys := make([]K, len(batch))
	for i, a := range batch {
		keys[i] = a.key
	}
	answers, err := g.ask(ctx, keys)
	for i, a := range batch {
		if a.err = err; err == nil {
			a.answer = answers[i]
		}
		close(a.done)
	}
}

// stop waits for the questions under way; later ones are refused.
func (g *gather[K, V]) stop() {
	g.mu.Lock()
	g.stopped = true
	g.mu.Unlock()
	g.running.Wait()
}
