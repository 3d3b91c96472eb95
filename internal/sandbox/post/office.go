// Package post carries webhooks to the hub the way providers do.
//
// It owns a bounded pool of workers with keep-alive connections, the retries
// with growing delay, and a bounded log of every attempt. Letters of one lane
// are tried one after another, in the order they were handed in; different lanes
// run side by side. A letter that fails is tried again later without holding up
// its lane, as the providers do.
//
// It must not know any provider: a letter brings its own body and signature.
package post

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"converse/internal/sandbox/schedule"
)

// Config says how an Office works.
type Config struct {
	// Workers is how many webhooks are under way at the same time; 0 means 32.
	Workers int
	// Timeout is how long one attempt may take; 0 means 10 s.
	Timeout time.Duration
	// RetryAfter is the wait before the second attempt; it doubles with every
	// further one. 0 means 1 s.
	RetryAfter time.Duration
	// LogSize is how many attempts the log keeps; 0 means 2,000.
	LogSize int
	// Log hears of webhooks that were given up; nil means nobody does.
	Log *slog.Logger
}

// Lane names letters that keep their order. The zero Lane keeps none.
type Lane uint64

// Letter is one webhook to be posted.
type Letter struct {
	Lane     Lane
	Provider string
	// About says what the letter reports, for the log: "receipt delivered", "message text".
	About string
	// MessageID is the provider's id of the message it is about. May be empty.
	MessageID string
	URL       string
	// Body is asked for once, when the letter is first tried.
	Body func() []byte
	// Header makes the headers of one attempt, signature included.
	Header func(body []byte, at time.Time) http.Header
	// Retries is how many further attempts follow a first one that was not answered with 2xx.
	Retries int
	// Tried is called after every attempt, on a worker. It may be nil and must not block.
	Tried func(Outcome)
}

// Outcome is how one attempt went.
type Outcome struct {
	Attempt int
	// Status is the hub's HTTP status; 0 when there was no answer.
	Status int
	// Err says why there was no answer, without the address of the hub.
	Err string
	// Last: no further attempt follows.
	Last bool
}

// OK reports whether the hub took the letter.
func (o Outcome) OK() bool { return o.Status >= 200 && o.Status < 300 }

// Office posts letters. Make one with New and end it with Close.
type Office struct {
	client *http.Client
	timer  *schedule.Scheduler
	config Config
	log    *Log

	ctx    context.Context //nolint:containedctx // ends the attempts under way when the office closes
	cancel context.CancelFunc
	group  sync.WaitGroup

	mu     sync.Mutex // guards the fields below
	more   sync.Cond  // signalled when ready grows or the office closes
	ready  queue
	lanes  map[Lane]*queue // a lane is present while one of its letters is with a worker
	open   int             // letters handed in and not yet finished
	era    int             // rises with Forget
	closed bool
}

// New starts an office. It adds its retries to the scheduler, which the caller stops
// before the office.
func New(config Config, timer *schedule.Scheduler) *Office {
	config.Workers = orDefault(config.Workers, 32)
	config.Timeout = orDefault(config.Timeout, 10*time.Second)
	config.RetryAfter = orDefault(config.RetryAfter, time.Second)
	config.LogSize = orDefault(config.LogSize, 2000)
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	transport := &http.Transport{
		MaxIdleConns:        2 * config.Workers,
		MaxIdleConnsPerHost: config.Workers,
		IdleConnTimeout:     90 * time.Second,
	}
	o := &Office{
		client: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		timer: timer, config: config, log: newLog(config.LogSize), lanes: map[Lane]*queue{},
	}
	o.more.L = &o.mu
	o.ctx, o.cancel = context.WithCancel(context.Background())
	for range config.Workers {
		o.group.Go(o.work)
	}
	return o
}

// Post hands in a letter and returns at once.
func (o *Office) Post(letter Letter) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return
	}
	o.open++
	o.enqueue(&attempt{Letter: letter, number: 1, era: o.era})
}

// Open is how many letters are not yet finished: waiting, under way, or to be
// tried again.
func (o *Office) Open() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.open
}

// Log is what was posted and what the hub answered.
func (o *Office) Log() *Log { return o.log }

// Client is the client that the letters go out with, for a provider's own calls
// to the hub, such as a handshake.
func (o *Office) Client() *http.Client { return o.client }

// Forget drops every letter that is waiting or to be tried again, and the log.
func (o *Office) Forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.era++
	for a := o.ready.pop(); a != nil; a = o.ready.pop() {
		delete(o.lanes, a.Lane) // no worker has it, so nobody would release the lane
	}
	for _, lane := range o.lanes {
		*lane = queue{}
	}
	o.open = 0
	o.log.clear()
}

// Close cuts the attempts under way, drops the others and waits for the workers.
// It may be called more than once.
func (o *Office) Close() {
	o.mu.Lock()
	o.closed = true
	o.more.Broadcast()
	o.mu.Unlock()
	o.cancel()
	o.group.Wait()
	o.client.CloseIdleConnections()
}

func orDefault[T ~int | ~int64](value, otherwise T) T {
	if value == 0 {
		return otherwise
	}
	return value
}
