package hub

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"converse/internal/bus"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/mask"
	"converse/internal/repeat"
)

// Bus is what the hub needs of the bus.
type Bus interface {
	Start(context.Context, bus.Receiver) error
	Signal(ctx context.Context, topic chat.Topic, payload []byte) error
	Subscribe(ctx context.Context, topic chat.Topic) error
	Unsubscribe(ctx context.Context, topic chat.Topic) error
	History(ctx context.Context, topic chat.Topic, since bus.Position, most int) (bus.History, error)
	Positions(ctx context.Context, topics []chat.Topic) ([]bus.Position, error)
	SetPresence(ctx context.Context, marks []bus.PresenceMark) error
	Presence(ctx context.Context, org chat.OrgID) ([]chat.Presence, error)
}

// Guard knows who may connect.
type Guard interface {
	// TakeTicket uses up a ticket and returns whose it is. A ticket that cannot be
	// used is an error with code unauthenticated.
	TakeTicket(ctx context.Context, ticket string) (chat.Principal, error)
	// Fallen returns those of what an org's open sessions stand on that are over.
	Fallen(ctx context.Context, org chat.OrgID, list []chat.Standing) ([]chat.Fallen, error)
}

// Embeds knows on which sites an org's widget may be.
type Embeds interface {
	// Known reports whether any org allows a site.
	Known(origin string) bool
	// Allows reports whether an org allows a site.
	Allows(org chat.OrgID, origin string) bool
}

// Hub holds the sessions of one node. It is an http.Handler for the socket's path.
type Hub struct {
	bus     Bus
	guard   Guard
	options Options
	log     *slog.Logger
	metrics *metrics
	workers *workers
	ping    *segment
	event   *shape
	masker  *mask.Masker
	owned   owned
	// reading has a place for every look into the bus's history: when a bus comes
	// back, all topics look at once.
	reading chan struct{}

	mu       sync.Mutex // guards sessions, users, orgs and closed; taken before any topic's locks
	sessions map[*session]struct{}
	users    map[chat.UserID]*userState
	orgs     map[chat.OrgID]*orgState
	closed   bool

	subscribing sync.Mutex // held while a topic comes or goes
	topicsMu    sync.RWMutex
	topics      map[chat.Topic]*topic

	unopened atomic.Int64
	ctx      context.Context // ends when the hub is closed
	stop     context.CancelFunc
	running  sync.WaitGroup // sessions and background work
	starting sync.Mutex     // guards ended; taken last of all
	ended    bool           // nothing may begin to run any more
}

// mostReading is how many topics may read history at once.
const mostReading = 64

// New returns a hub. Start must be called before it serves.
func New(b Bus, g Guard, o Options) *Hub {
	o.setDefaults()
	ctx, stop := context.WithCancel(context.Background())
	return &Hub{
		bus: b, guard: g, options: o, log: o.Log, metrics: newMetrics(o.Metrics), workers: newWorkers(), ping: pingSegment(),
		event:    shapeOf((&conversev1.Event{}).ProtoReflect().Descriptor()),
		masker:   &mask.Masker{},
		reading:  make(chan struct{}, mostReading),
		sessions: map[*session]struct{}{}, users: map[chat.UserID]*userState{}, orgs: map[chat.OrgID]*orgState{},
		topics: map[chat.Topic]*topic{},
		ctx:    ctx, stop: stop,
	}
}

// Start begins to receive from the bus.
func (h *Hub) Start(ctx context.Context) error {
	if err := h.bus.Start(ctx, receiver{h}); err != nil {
		return err
	}
	h.workers.start()
	h.background(h.keepSessions)
	h.background(h.keepPresence)
	h.background(h.keepSignIns)
	h.background(h.keepTopics)
	return nil
}

// background runs f in a goroutine that Close waits for. It is false when the hub
// has been closed: f does not run then.
func (h *Hub) background(f func()) bool {
	h.starting.Lock()
	defer h.starting.Unlock()
	if !h.ended {
		h.running.Go(f)
	}
	return !h.ended
}

// every calls work once a period until the hub is closed.
func (h *Hub) every(period time.Duration, work func(now time.Time)) {
	repeat.Every(h.ctx, period, work)
}

// Drain asks every client to come back elsewhere, each after a time of its own
// within spread, and closes the sessions. It returns when they are gone, or when
// ctx ends. New connections are refused from now on.
func (h *Hub) Drain(ctx context.Context, spread time.Duration) {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	all := h.all()
	for i, s := range all {
		s.closeAfter(CodeGoingAway, spread*time.Duration(i)/time.Duration(len(all)))
	}
	for _, s := range all {
		select {
		case <-s.gone:
		case <-ctx.Done():
			return
		}
	}
}

// Close ends every session at once and waits for everything the hub started. It is
// safe to call twice.
func (h *Hub) Close() {
	h.stop() // before the sessions are gone through: none comes in afterwards
	h.mu.Lock()
	h.closed = true
	for s := range h.sessions {
		s.abort()
	}
	h.mu.Unlock()
	h.starting.Lock()
	h.ended = true
	h.starting.Unlock()
	h.running.Wait()
	h.workers.stop()
	h.forgetAll()
}

// Sessions is how many sessions are open on this node.
func (h *Hub) Sessions() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.sessions)
}
