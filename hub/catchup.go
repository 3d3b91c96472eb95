package hub

import (
	"context"
	"time"

	"converse/internal/bus"
)

// catchUp reads what the topic may have missed: when it is new, after the bus lost
// its connection, and when its stream is elsewhere than was seen here. It returns
// at once; one reader at a time works in the background until the topic is in
// order. One that is under way looks once more: it may have looked too early.
func (t *topic) catchUp() {
	t.in.Lock()
	defer t.in.Unlock()
	t.again = true
	t.look()
}

// look begins a catch-up if one is needed and none is under way; in must be held.
func (t *topic) look() {
	if !t.catching && (t.again || len(t.ahead) > 0) {
		t.catching = t.hub.background(t.catch)
	}
}

// The pause between two looks that brought nothing.
const (
	firstPause = 50 * time.Millisecond
	mostPause  = 2 * time.Second
)

func (t *topic) catch() {
	wait := firstPause
	failed := false
	for {
		p := t.place()
		h, err := t.readHistory(t.hub.ctx, p.since, t.hub.options.Limits.Missed)
		if err == nil {
			done, moved := t.merge(p, h)
			if done {
				return
			}
			if moved {
				wait = firstPause
				continue
			}
		} else if !failed && t.hub.ctx.Err() == nil {
			failed = true // said once, not with every try
			t.hub.log.Warn("read missed events", "cause", err)
		}
		select {
		case <-t.hub.ctx.Done():
			return
		case <-time.After(wait):
			wait = min(2*wait, mostPause)
		}
	}
}

// place is where a look begins.
type place struct {
	since bus.Position
	// ahead is how many events waited then. They were published before the look, so
	// they are in what it finds, or in a stream that is no more.
	ahead int
}

func (t *topic) place() place {
	t.in.Lock()
	defer t.in.Unlock()
	t.again = false
	return place{t.seen, len(t.ahead)}
}

// merge adds what was read to what has arrived. It is not done when the topic is
// not in order yet; moved says whether that is worth another look at once.
func (t *topic) merge(p place, h bus.History) (done, moved bool) {
	t.out.Lock()
	defer t.out.Unlock()
	t.in.Lock()
	defer t.in.Unlock()
	if t.dead {
		return true, false // still catching: nobody needs another
	}
	before := t.seen
	switch {
	case h.Now.Epoch == "":
		return false, false
	case !t.live:
		// Nobody is waiting for what came before: begin where the stream is now.
		t.live, t.seen, t.at = true, h.Now, h.Now
		close(t.ready)
	case h.Complete:
		for _, e := range h.Entries {
			t.accept(e)
		}
	case t.seen != p.since:
		return false, true // something came in order meanwhile: look again from there
	default:
		t.lose(h.Now) // the stream was trimmed or begun anew
	}
	t.mergeAhead(p, h.Now)
	// More than one read's worth was missing, something else came in ahead, or the
	// look was too early.
	done = !t.again && len(t.ahead) == 0 && t.seen.Epoch == h.Now.Epoch && t.seen.Offset >= h.Now.Offset
	t.catching = !done
	return done, t.seen != before || t.again
}

// mergeAhead takes the events that came before their turn. in must be held.
func (t *topic) mergeAhead(p place, now bus.Position) {
	ahead := t.ahead
	t.ahead = nil
	for i, e := range ahead {
		if i >= p.ahead || e.Epoch == now.Epoch && e.Offset <= now.Offset {
			t.accept(e)
			continue
		}
		// The stream this one was published to has been begun anew: members are reset for
		// that. If it claims to be the same, it went back, and they must be reset too.
		if e.Epoch == now.Epoch {
			t.lose(now)
		}
	}
}

// readHistory bounds one look into the bus.
func (t *topic) readHistory(ctx context.Context, since bus.Position, most int) (bus.History, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	select {
	case t.hub.reading <- struct{}{}:
		defer func() { <-t.hub.reading }()
	case <-ctx.Done():
		return bus.History{}, ctx.Err()
	}
	return t.hub.bus.History(ctx, t.key, since, most)
}
