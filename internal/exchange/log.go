package exchange

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"converse/internal/chat"
	"converse/internal/repeat"
)

const (
	// mostWaiting bounds the entries that wait for the database, of 32 KB each at most.
	mostWaiting = 1000
	// atOnce is how many are stored by one statement.
	atOnce = 100
	// period is how often they are stored. A call is looked up by people, after it ended.
	period = 500 * time.Millisecond
	// storeTimeout bounds one statement.
	storeTimeout = 10 * time.Second
)

// Store keeps exchanges of one org.
type Store interface {
	KeepExchanges(ctx context.Context, org chat.OrgID, list []chat.Exchange) error
}

// Options configure a Log. Zero values mean the defaults.
type Options struct {
	// Most is how many entries may wait; 1,000.
	Most int
	Now  func() time.Time
	Log  *slog.Logger
	// Metrics may be nil.
	Metrics prometheus.Registerer
}

// Log takes exchanges and stores them in the background. A nil Log keeps nothing.
type Log struct {
	store   Store
	options Options
	lost    prometheus.Counter

	mu      sync.Mutex // guards waiting
	waiting []heard    // the oldest first

	stop context.CancelFunc
	done chan struct{}
}

// New returns a log. Start begins to store.
func New(s Store, o Options) *Log {
	if o.Most == 0 {
		o.Most = mostWaiting
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	l := &Log{store: s, options: o, done: make(chan struct{}), lost: prometheus.NewCounter(prometheus.CounterOpts{
		Name: "converse_exchanges_lost_total", Help: "Exchanges with providers that the connector log could not keep up with.",
	})}
	if o.Metrics != nil {
		o.Metrics.MustRegister(l.lost)
	}
	return l
}

// Start begins to store what is taken until Stop.
func (l *Log) Start(ctx context.Context) {
	ctx, l.stop = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer close(l.done)
		repeat.Every(ctx, period, func(time.Time) { l.Flush(ctx) })
	}()
}

// Stop stores what waits, until ctx ends, and waits for the end. Safe to call twice.
func (l *Log) Stop(ctx context.Context) {
	if l.stop == nil {
		return
	}
	l.stop()
	<-l.done
	l.Flush(ctx)
}

// take queues an exchange. When the queue is full the oldest is lost.
func (l *Log) take(h heard) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) >= l.options.Most {
		l.waiting[0] = heard{} // its bodies are let go of now
		l.waiting = l.waiting[1:]
		l.lost.Inc()
	}
	l.waiting = append(l.waiting, h)
}

// next takes the oldest entries off the queue.
func (l *Log) next() []heard {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.waiting), atOnce)
	out := append([]heard(nil), l.waiting[:n]...)
	clear(l.waiting[:n])
	if l.waiting = l.waiting[n:]; len(l.waiting) == 0 {
		l.waiting = nil
	}
	return out
}

// Flush stores what waits. What cannot be stored is lost, and counted: the log is worth
// less than what it is about.
func (l *Log) Flush(ctx context.Context) {
	for batch := l.next(); len(batch) > 0; batch = l.next() {
		byOrg := map[chat.OrgID][]chat.Exchange{}
		for _, h := range batch {
			x := h.exchange()
			byOrg[x.Org] = append(byOrg[x.Org], x)
		}
		for org, list := range byOrg {
			l.keep(ctx, org, list)
		}
	}
}

// keep stores a batch, or, where the database will not have it whole, what it will of it.
func (l *Log) keep(ctx context.Context, org chat.OrgID, list []chat.Exchange) {
	err := l.try(ctx, org, list)
	if err == nil {
		return
	}
	lost := len(list)
	if len(list) > 1 && ctx.Err() == nil {
		for _, x := range list {
			if l.try(ctx, org, []chat.Exchange{x}) == nil {
				lost--
			}
		}
	}
	l.lost.Add(float64(lost))
	if lost > 0 {
		l.options.Log.Warn("exchanges not kept", "org_id", org, "lost", lost, "cause", err)
	}
}

func (l *Log) try(ctx context.Context, org chat.OrgID, list []chat.Exchange) error {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return l.store.KeepExchanges(ctx, org, list)
}
