package hub

import (
	"context"
	"errors"

	"converse/internal/bus"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// mostPositions is how many places hello may name: what socket.proto says of it.
const mostPositions = 64

// open answers hello: it takes the ticket, joins every topic where the client left
// off, and lets the writing begin with the welcome. It returns the code to close the
// session with, or nil.
func (s *session) open(hello *conversev1.Hello) *Code {
	if len(hello.GetPositions()) > mostPositions {
		return &CodeBadFrame
	}
	ctx, cancel := context.WithTimeout(s.hub.ctx, s.hub.options.Times.Hello)
	defer cancel()
	who, err := s.hub.guard.TakeTicket(ctx, hello.GetTicket())
	if chat.CodeOf(err) == chat.CodeUnauthenticated {
		return &CodeTicketRefused
	}
	if err != nil {
		s.hub.log.Warn("take ticket", "cause", err)
		return &CodeTryLater
	}
	s.who = who
	if s.view, err = viewOf(who); err != nil {
		s.hub.log.Error("tell what a session may see", "cause", err)
		return &CodeTryLater
	}
	if !s.allowed() {
		return &CodePolicy
	}
	if !s.hub.addToUser(s) {
		return &CodeTooManySessions
	}
	s.mu.Lock()
	s.greeted = true
	s.mu.Unlock()
	s.hub.unopened.Add(-1)

	welcome := &conversev1.ServerFrame{Welcome: &conversev1.Welcome{SessionId: s.id}}
	missed, err := s.follow(ctx, hello, welcome)
	if err != nil {
		s.hub.log.Warn("join topic", "cause", err)
		return &CodeTryLater
	}
	roster, err := s.hub.roster(ctx, who.Org, s.encoding)
	if err != nil {
		s.hub.log.Error("encode roster", "cause", err)
		return &CodeTryLater
	}
	first, err := wholeSegment(welcome, s.encoding)
	if err != nil {
		s.hub.log.Error("encode welcome", "cause", err)
		return &CodeTryLater
	}
	s.begin(append([]*segment{first, roster}, missed...))
	return nil
}

// follow joins every topic of the user where the client left off, tells the welcome where
// that is, and returns what was missed.
func (s *session) follow(ctx context.Context, hello *conversev1.Hello, welcome *conversev1.ServerFrame) (missed []*segment, err error) {
	since := map[string]string{}
	for _, p := range hello.GetPositions() {
		since[p.GetStream()] = p.GetAt()
	}
	for _, key := range s.hub.options.Follows(s.who) {
		t, joined, err := s.join(ctx, key, since[string(key)])
		if err != nil {
			return nil, err
		}
		s.topics = append(s.topics, t)
		missed = append(missed, joined.missed...)
		welcome.Welcome.Positions = append(welcome.Welcome.Positions, &conversev1.Position{Stream: string(key), At: joined.at.String()})
		if joined.reset {
			welcome.Resets = append(welcome.Resets, &conversev1.Reset{Stream: string(key), At: joined.at.String()})
		}
	}
	return missed, nil
}

// begin writes the welcome and what was missed ahead of everything that has been
// queued since the session joined. What was missed does not count against the
// limit of the queue: a client that comes back with much to read would be closed
// for it, again and again.
func (s *session) begin(ahead []*segment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing != nil {
		return
	}
	for _, seg := range ahead {
		s.extra += seg.size(s.encoding)
	}
	s.bytes += s.extra
	s.queue = append(ahead, s.queue...)
	s.held, s.busy = false, true
	go s.write(nil, false)
}

// joined is where a session came into a topic.
type joined struct {
	// at is where what follows begins: the client's own place when it missed something,
	// so that one which breaks off before it has read all of it comes back to there.
	at     bus.Position
	missed []*segment
	// reset: the client asked for a place that cannot be resumed from.
	reset bool
}

var (
	errNotReady = errors.New("the bus does not answer")
	errDead     = errors.New("the topic was forgotten meanwhile")
)

// join makes the session a member of a topic.
func (s *session) join(ctx context.Context, key chat.Topic, since string) (*topic, joined, error) {
	for ctx.Err() == nil {
		t := s.hub.topic(key)
		j, err := t.join(ctx, s, since)
		if !errors.Is(err, errDead) {
			return t, j, err
		}
	}
	return nil, joined{}, errNotReady
}

// join makes the session a member and returns every event since the client's
// place, or a reset. Events delivered from now on are queued for the session.
func (t *topic) join(ctx context.Context, s *session, text string) (joined, error) {
	select {
	case <-t.ready:
	case <-ctx.Done():
		return joined{}, errNotReady
	}
	since, err := bus.ParsePosition(text)
	if text == "" || err != nil {
		return t.joinNow(s, text != "")
	}
	var older []bus.Entry
	for {
		j, missing, err := t.tryJoin(s, since, older)
		if err != nil || missing == 0 {
			return j, err
		}
		h, err := t.readHistory(ctx, since, missing)
		if err != nil {
			return joined{}, err
		}
		if !h.Complete || len(h.Entries) == 0 {
			return t.joinNow(s, true)
		}
		older = h.Entries
	}
}

// joinNow makes the session a member from here on.
func (t *topic) joinNow(s *session, reset bool) (joined, error) {
	t.out.Lock()
	defer t.out.Unlock()
	if t.dead {
		return joined{}, errDead
	}
	return t.admit(s, nil, reset), nil
}

// admit adds a member; out must be held.
func (t *topic) admit(s *session, missed []*segment, reset bool) joined {
	t.add(s)
	result := "resumed"
	if reset {
		result = "reset"
	}
	t.hub.metrics.resumes.WithLabelValues(result).Inc()
	return joined{at: t.at, missed: missed, reset: reset}
}

// tryJoin makes the session a member if older events and the ring cover everything
// since its place. Otherwise missing says how many events before the ring to read.
func (t *topic) tryJoin(s *session, since bus.Position, older []bus.Entry) (j joined, missing int, err error) {
	t.out.Lock()
	defer t.out.Unlock()
	if t.dead {
		return joined{}, 0, errDead
	}
	if since.Epoch != t.at.Epoch {
		return t.admit(s, nil, true), 0, nil
	}
	if since.Offset > t.at.Offset {
		// The client was served by a node that is ahead of this one. It will see some
		// events again, which changes nothing.
		return t.admit(s, nil, false), 0, nil
	}
	if t.at.Offset-since.Offset > uint64(t.hub.options.Limits.Missed) {
		return t.admit(s, nil, true), 0, nil
	}
	list := t.ring
	if len(older) > 0 {
		list = append(t.segments(older), t.ring...)
	}
	return t.resume(s, since, list)
}

// resume makes the session a member if the segments cover everything after a place.
// Otherwise missing says how many events from there to read.
func (t *topic) resume(s *session, since bus.Position, list []*segment) (j joined, missing int, err error) {
	covered := since.Offset
	var missed []*segment
	for _, seg := range list {
		if seg.to <= covered {
			continue
		}
		if seg.from > covered+1 {
			return joined{}, int(seg.from - 1 - since.Offset), nil
		}
		covered = seg.to
		if s.view != nil {
			seg = t.through(s.view, seg)
		}
		t.prepare(seg, s.encoding)
		missed = append(missed, seg)
	}
	if covered < t.at.Offset {
		return joined{}, int(t.at.Offset - since.Offset), nil
	}
	j = t.admit(s, missed, false)
	if len(missed) > 0 {
		j.at = since
	}
	return j, 0, nil
}
