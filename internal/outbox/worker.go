package outbox

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"converse/channels"
	"converse/internal/chat"
	"converse/internal/crash"
	"converse/internal/exchange"
	"converse/internal/metric"
	"converse/internal/repeat"
	"converse/internal/store"
)

// Options configure an Outbox. Zero values mean the defaults.
type Options struct {
	// Node is this node's name, unique among the nodes that share a database.
	Node string
	// Calls is how many calls this node makes at once; 64.
	Calls int
	// PerConnector is how many calls a connector may have in flight over all nodes; 16.
	PerConnector int
	// Lease is how long a claimed job is this node's; 60 s. A call gets half of it, and
	// never more than 30 s.
	Lease time.Duration
	// Poll is how often to look for due work that nobody announced; 500 ms.
	Poll time.Duration
	// Objects and FileURL hand out the files of messages: their bytes, and public addresses
	// that providers may fetch them from for a day. Nil: files cannot be sent.
	Objects Files
	FileURL func(chat.OrgID, chat.MediaID) (string, error)
	// Now is the clock. Leases are kept by PostgreSQL's.
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *metric.Metrics
	// Exchanges is told of every call; nil keeps none.
	Exchanges *exchange.Log
	// Rates keeps to the providers' rates; nil keeps to none.
	Rates Rates
}

func (o *Options) setDefaults() {
	if o.Calls == 0 {
		o.Calls = 64
	}
	if o.PerConnector == 0 {
		o.PerConnector = 16
	}
	if o.Lease == 0 {
		o.Lease = 60 * time.Second
	}
	if o.Poll == 0 {
		o.Poll = 500 * time.Millisecond
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Metrics == nil {
		o.Metrics = metric.New(nil)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// worker is the sending half of the Outbox.
type worker struct {
	doer    channels.Doer
	slots   chan struct{}
	stop    context.CancelFunc
	claims  sync.WaitGroup // loops that start calls
	calling sync.WaitGroup // calls under way
}

// New returns an outbox. Start begins to send.
func New(s *store.Store, accounts Accounts, doer channels.Doer, options Options) *Outbox {
	options.setDefaults()
	return &Outbox{
		store: s, accounts: accounts, options: options, metrics: options.Metrics, wake: make(chan struct{}, 1),
		worker: worker{doer: doer, slots: make(chan struct{}, options.Calls)},
	}
}

// Wake says that something may be due. It does not block.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Start begins to claim, send and rescue.
func (o *Outbox) Start(ctx context.Context) {
	ctx, o.stop = context.WithCancel(context.WithoutCancel(ctx))
	o.claims.Go(func() { o.claimLoop(ctx) })
	o.claims.Go(func() { o.rescueLoop(ctx) })
}

// Stop takes no more work and waits for calls under way, until ctx ends. What is
// left then is rescued by another node when its lease runs out. Safe to call twice.
func (o *Outbox) Stop(ctx context.Context) {
	if o.stop == nil {
		return
	}
	o.stop()
	o.claims.Wait()
	done := make(chan struct{})
	go func() {
		o.calling.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		o.options.Log.Warn("stopped with calls under way")
	}
}

func (o *Outbox) claimLoop(ctx context.Context) {
	ticker := time.NewTicker(o.options.Poll)
	defer ticker.Stop()
	for ctx.Err() == nil {
		if o.claim(ctx) {
			continue // there may be more
		}
		select {
		case <-ctx.Done():
		case <-o.wake:
		case <-ticker.C:
		}
	}
}

// claim takes as many jobs as there are free slots and starts their calls. It is
// true when it took all it asked for.
func (o *Outbox) claim(ctx context.Context) bool {
	free := o.reserve(ctx)
	if free == 0 {
		return false
	}
	jobs, err := o.store.ClaimJobs(ctx, store.Claim{
		Node: o.options.Node, Most: free, PerConnector: o.options.PerConnector, Lease: o.options.Lease,
	})
	if err != nil && ctx.Err() == nil {
		o.options.Log.Warn("claim send jobs", "cause", err)
	}
	if len(jobs) > 0 {
		crash.At(crash.JobClaimed)
	}
	for range free - len(jobs) {
		<-o.slots
	}
	for _, job := range jobs {
		o.calling.Go(func() {
			// A call that was started is recorded even while stopping.
			o.run(context.WithoutCancel(ctx), job)
			<-o.slots
			o.Wake() // the next message of the conversation may be due now
		})
	}
	return len(jobs) == free
}

// reserve takes all free slots, waiting for the first.
func (o *Outbox) reserve(ctx context.Context) int {
	select {
	case o.slots <- struct{}{}:
	case <-ctx.Done():
		return 0
	}
	n := 1
	for n < cap(o.slots) {
		select {
		case o.slots <- struct{}{}:
			n++
		default:
			return n
		}
	}
	return n
}

// rescueLoop ends the work of nodes that let their leases run out.
func (o *Outbox) rescueLoop(ctx context.Context) {
	repeat.Every(ctx, max(o.options.Lease/12, o.options.Poll), func(time.Time) { o.rescue(ctx) })
}

func (o *Outbox) rescue(ctx context.Context) {
	jobs, err := o.store.LostJobs(ctx, 200)
	if err != nil {
		if ctx.Err() == nil {
			o.options.Log.Warn("look for lost send jobs", "cause", err)
		}
		return
	}
	lost := &channels.Error{Reason: channels.ReasonAmbiguous, Text: "the node that was sending it stopped"}
	for _, job := range jobs {
		rescued, err := o.store.Rescue(ctx, job, store.Outcome{
			Reason: string(lost.Reason), Detail: lost.Text, Failure: failure(nil, lost), At: o.options.Now(),
		})
		if err != nil {
			o.options.Log.Warn("rescue send job", "message_id", job.Message, "cause", err)
			continue
		}
		if rescued {
			o.options.Log.Info("rescued send job", "message_id", job.Message, "calling", job.Calling)
		}
	}
	if len(jobs) > 0 {
		o.Wake()
	}
}
