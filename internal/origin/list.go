package origin

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"converse/internal/chat"
	"converse/internal/repeat"
)

const (
	// period is how often the list is fetched: a site that was removed on another node is
	// refused here within that time.
	period = 2 * time.Second
	// noteEvery is how often it is noted that a site's pages call.
	noteEvery = time.Minute
	// patience bounds one question to the database.
	patience = 5 * time.Second
)

// Source keeps the sites of all orgs.
type Source interface {
	AllOrigins(ctx context.Context) ([]chat.OrgOrigin, error)
	SeeOrigins(ctx context.Context, seen []chat.OrgOrigin) error
}

// List is this node's copy of the sites that orgs allow. It is safe for concurrent use.
type List struct {
	source Source
	log    *slog.Logger
	known  atomic.Pointer[map[string][]chat.OrgID]
	end    context.CancelFunc
	ended  sync.WaitGroup

	mu   sync.Mutex // guards seen and noted
	seen map[chat.OrgOrigin]struct{}
	// noted is when each was noted last.
	noted map[chat.OrgOrigin]time.Time
}

// NewList returns an empty list, which knows no site until Start or Refresh.
func NewList(source Source, log *slog.Logger) *List {
	l := &List{source: source, log: log, end: func() {}, seen: map[chat.OrgOrigin]struct{}{}, noted: map[chat.OrgOrigin]time.Time{}}
	l.known.Store(&map[string][]chat.OrgID{})
	return l
}

// Start fetches the list once, then again and again until ctx ends or Stop is called.
func (l *List) Start(ctx context.Context) error {
	if err := l.Refresh(ctx); err != nil {
		return err
	}
	ctx, l.end = context.WithCancel(ctx)
	l.ended.Go(func() { l.keep(ctx) })
	return nil
}

// Stop ends the fetching and waits for it. It is safe to call twice, and without Start.
func (l *List) Stop() {
	l.end()
	l.ended.Wait()
}

func (l *List) keep(ctx context.Context) {
	repeat.Every(ctx, period, func(now time.Time) {
		if err := l.Refresh(ctx); err != nil && ctx.Err() == nil {
			l.log.WarnContext(ctx, "fetch the sites of the widget", "cause", err)
			return
		}
		l.note(ctx, now)
	})
}

// Refresh fetches the list now: after a change on this node.
func (l *List) Refresh(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all, err := l.source.AllOrigins(ctx)
	if err != nil {
		return fmt.Errorf("fetch the sites of the widget: %w", err)
	}
	known := make(map[string][]chat.OrgID, len(all))
	for _, o := range all {
		known[o.Origin] = append(known[o.Origin], o.Org)
	}
	l.known.Store(&known)
	return nil
}

// Known reports whether any org allows a site: all that can be said before it is known
// who is asking.
func (l *List) Known(origin string) bool {
	_, ok := (*l.known.Load())[origin]
	return ok
}

// Allows reports whether an org allows a site, and notes that its pages call.
func (l *List) Allows(org chat.OrgID, origin string) bool {
	if !slices.Contains((*l.known.Load())[origin], org) {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen[chat.OrgOrigin{Org: org, Origin: origin}] = struct{}{}
	return true
}

// note writes down which sites' pages have called, each at most once a minute.
func (l *List) note(ctx context.Context, now time.Time) {
	due := l.due(now)
	if len(due) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := l.source.SeeOrigins(ctx, due); err != nil && ctx.Err() == nil {
		l.log.WarnContext(ctx, "note where the widget is used", "cause", err)
	}
}

// due takes the sites that are to be noted now.
func (l *List) due(now time.Time) []chat.OrgOrigin {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.noted, func(_ chat.OrgOrigin, at time.Time) bool { return now.Sub(at) >= noteEvery })
	var due []chat.OrgOrigin
	for o := range l.seen {
		if _, early := l.noted[o]; early {
			continue
		}
		l.noted[o] = now
		due = append(due, o)
	}
	l.seen = map[chat.OrgOrigin]struct{}{}
	return due
}
