// Package feed carries committed events to the bus.
//
// It owns publishing: the node that committed publishes at once, and a sweeper
// publishes what a crash or a lost Redis left behind. Rows are marked one by one,
// never followed by a cursor, because ids commit out of order. It promises that
// every committed event reaches the bus at least once; events are made so that a
// repeat changes nothing. It must not know what an event says.
package feed

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"converse/internal/bus"
	"converse/internal/crash"
	"converse/internal/repeat"
	"converse/internal/store"
)

const (
	// mostWaiting bounds the events in memory; the sweeper takes care of the rest.
	mostWaiting = 50_000
	// batchSize bounds one publication, so that its first event does not wait for long.
	batchSize = 500
	// markPeriod is how long published events wait to be marked together.
	markPeriod = 50 * time.Millisecond
	// sweepAge is how old an unmarked event is before another node takes it.
	sweepAge = 2 * time.Second
)

// Bus publishes events.
type Bus interface {
	Publish(ctx context.Context, messages []bus.Message) error
}

// Store marks and finds events.
type Store interface {
	MarkPublished(ctx context.Context, ids []int64) error
	SweepEvents(ctx context.Context, olderThan time.Duration, most int, publish func([]store.Event) error) (int, error)
}

// Feed publishes. Start runs it until Stop.
type Feed struct {
	bus   Bus
	store Store
	log   *slog.Logger

	mu      sync.Mutex // guards waiting and marks
	waiting []store.Event
	marks   []int64
	filled  chan struct{}

	stop    context.CancelFunc
	running sync.WaitGroup
}

// New returns a feed from a store to a bus.
func New(b Bus, s Store, log *slog.Logger) *Feed {
	return &Feed{bus: b, store: s, log: log, filled: make(chan struct{}, 1)}
}

// Offer takes the events of a transaction that has just committed. It does not block.
func (f *Feed) Offer(events []store.Event) {
	f.mu.Lock()
	if room := mostWaiting - len(f.waiting); room < len(events) {
		events = events[:max(room, 0)]
	}
	f.waiting = append(f.waiting, events...)
	f.mu.Unlock()
	select {
	case f.filled <- struct{}{}:
	default:
	}
}

// Start begins to publish, mark and sweep.
func (f *Feed) Start(ctx context.Context) {
	ctx, f.stop = context.WithCancel(context.WithoutCancel(ctx))
	f.running.Go(func() { f.publishLoop(ctx) })
	f.running.Go(func() { f.markLoop(ctx) })
	f.running.Go(func() { f.sweepLoop(ctx) })
}

// Stop publishes what is waiting, as far as that works at once, and ends, whatever
// becomes of ctx: both are bounded. It is safe to call twice.
func (f *Feed) Stop(ctx context.Context) {
	if f.stop == nil {
		return
	}
	f.stop()
	f.running.Wait()
	f.mark(ctx) // what was published last
}

func (f *Feed) publishLoop(ctx context.Context) {
	for {
		stopped := ctx.Err() != nil
		for batch := f.take(); len(batch) > 0; batch = f.take() {
			f.publish(ctx, batch)
		}
		if stopped {
			return
		}
		select {
		case <-ctx.Done():
		case <-f.filled:
		}
	}
}

func (f *Feed) take() []store.Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := min(len(f.waiting), batchSize)
	batch := f.waiting[:n:n]
	if f.waiting = f.waiting[n:]; len(f.waiting) == 0 {
		f.waiting = nil
	}
	return batch
}

// publish tries once. What fails is left to the sweeper, which retries for ever.
func (f *Feed) publish(ctx context.Context, events []store.Event) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := f.send(ctx, events); err != nil {
		f.log.Warn("publish events", "count", len(events), "cause", err)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range events {
		f.marks = append(f.marks, e.ID)
	}
}

func (f *Feed) send(ctx context.Context, events []store.Event) error {
	messages := make([]bus.Message, len(events))
	for i, e := range events {
		messages[i] = bus.Message{Topic: e.Topic, Payload: e.Payload}
	}
	err := f.bus.Publish(ctx, messages)
	if err == nil {
		crash.At(crash.EventsPublished)
	}
	return err
}

// markLoop marks many events with one statement. An event that is not marked in
// time is published again by a sweeper, which changes nothing.
func (f *Feed) markLoop(ctx context.Context) {
	repeat.Every(ctx, markPeriod, func(time.Time) { f.mark(ctx) })
}

func (f *Feed) mark(ctx context.Context) {
	f.mu.Lock()
	ids := f.marks
	f.marks = nil
	f.mu.Unlock()
	if len(ids) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := f.store.MarkPublished(ctx, ids); err != nil {
		f.log.Warn("mark events published", "count", len(ids), "cause", err)
	}
}

func (f *Feed) sweepLoop(ctx context.Context) {
	repeat.Every(ctx, sweepAge/2, func(time.Time) { f.sweep(ctx) })
}

func (f *Feed) sweep(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := f.store.SweepEvents(ctx, sweepAge, batchSize, func(events []store.Event) error {
			return f.send(ctx, events)
		})
		if err != nil && ctx.Err() == nil {
			f.log.Warn("sweep events", "cause", err)
		}
		if n > 0 {
			f.log.Info("published events left behind", "count", n)
		}
		if err != nil || n < batchSize {
			return
		}
	}
}
