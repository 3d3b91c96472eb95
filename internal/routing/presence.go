package routing

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"converse/internal/chat"
)

const (
	// marksAtOnce bounds one call, so that it stays short.
	marksAtOnce = 500
	// againAfter is how long to wait when the database did not take a mark.
	againAfter = 2 * time.Second
	// callBudget is what one call to the database may take.
	callBudget = 5 * time.Second
)

// PresenceStore keeps presence where rules find it.
type PresenceStore interface {
	// SetPresence returns who has come online with the marks.
	SetPresence(ctx context.Context, marks []chat.PresenceMark) (map[chat.OrgID][]chat.UserID, error)
	// Offer gives and offers what waits to users who have come online.
	Offer(ctx context.Context, org chat.OrgID, users []chat.UserID) error
}

// Presence carries who is online to the store, and offers them what waits. It keeps one
// mark a user, the newest: a slow database makes it late, never long.
type Presence struct {
	store PresenceStore
	log   *slog.Logger

	mu     sync.Mutex // guards marks
	marks  map[chat.UserID]chat.PresenceMark
	filled chan struct{}

	stop    context.CancelFunc
	running sync.WaitGroup
}

// NewPresence returns one that is not started.
func NewPresence(s PresenceStore, log *slog.Logger) *Presence {
	return &Presence{store: s, log: log, marks: map[chat.UserID]chat.PresenceMark{}, filled: make(chan struct{}, 1)}
}

// Marked takes marks that the bus has been told of. It does not block.
func (r *Presence) Marked(marks []chat.PresenceMark) {
	r.mu.Lock()
	for _, m := range marks {
		r.marks[m.User] = m
	}
	r.mu.Unlock()
	r.wake()
}

func (r *Presence) wake() {
	select {
	case r.filled <- struct{}{}:
	default:
	}
}

// Start begins to carry marks, until Stop.
func (r *Presence) Start(ctx context.Context) {
	ctx, r.stop = context.WithCancel(context.WithoutCancel(ctx))
	r.running.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-r.filled:
			}
			if r.carry(ctx) {
				continue
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(againAfter):
				r.wake()
			}
		}
	})
}

// Stop waits for the call under way, and carries what is left: that this node's users
// leave. It is safe to call twice.
func (r *Presence) Stop(ctx context.Context) {
	if r.stop == nil {
		return
	}
	r.stop()
	r.running.Wait()
	r.carry(ctx)
}

// carry writes the marks there are. It is false when some have to be written again.
func (r *Presence) carry(ctx context.Context) bool {
	r.mu.Lock()
	marks := slices.Collect(maps.Values(r.marks))
	clear(r.marks)
	r.mu.Unlock()
	for piece := range slices.Chunk(marks, marksAtOnce) {
		came, err := r.set(ctx, piece)
		if err != nil {
			r.log.Warn("note presence", "cause", err)
			r.keep(marks)
			return false
		}
		for org, users := range came {
			r.offer(ctx, org, users)
		}
		marks = marks[len(piece):]
	}
	return true
}

func (r *Presence) set(ctx context.Context, marks []chat.PresenceMark) (map[chat.OrgID][]chat.UserID, error) {
	ctx, cancel := context.WithTimeout(ctx, callBudget)
	defer cancel()
	return r.store.SetPresence(ctx, marks)
}

// offer that fails is made good when the page asks what waits, as it does in any case.
func (r *Presence) offer(ctx context.Context, org chat.OrgID, users []chat.UserID) {
	ctx, cancel := context.WithTimeout(ctx, callBudget)
	defer cancel()
	if err := r.store.Offer(ctx, org, users); err != nil {
		r.log.Warn("offer waiting leads", "org", org, "cause", err)
	}
}

// keep puts marks back, but for those that newer ones have replaced.
func (r *Presence) keep(marks []chat.PresenceMark) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range marks {
		if _, newer := r.marks[m.User]; !newer {
			r.marks[m.User] = m
		}
	}
}
