package history_test

import (
	"context"
	"fmt"
	"time"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// glance is a look at a message that an event has just told of: the answer to a call
// must know at least as much, or the event ran ahead of its commit.
type glance struct {
	conversation, id string
	seq              int
	status           chat.Status
}

// gapPatience is how long a hole may close by itself, as events overtake each other.
const gapPatience = 300 * time.Millisecond

// mend fetches again what a reset declared lost, fills holes, and looks up what
// events have told.
func (d *device) mend(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		}
		for d.work(ctx) {
			if ctx.Err() != nil {
				return
			}
		}
	}
}

// work does one thing and reports whether there may be more.
func (d *device) work(ctx context.Context) bool {
	d.mu.Lock()
	refetch := d.refetch
	d.refetch = false
	glances := d.glances
	d.glances = nil
	var gap string
	for id := range d.gaps {
		gap = id
		break
	}
	delete(d.gaps, gap)
	d.mu.Unlock()
	for _, l := range glances {
		d.check(ctx, l)
	}
	var err error
	switch {
	case refetch:
		if err = d.fetchAll(ctx); err != nil {
			d.mu.Lock()
			d.refetch = true
			d.mu.Unlock()
		}
	case gap != "":
		if err = d.fill(ctx, gap); err != nil {
			d.mu.Lock()
			d.gaps[gap] = true
			d.mu.Unlock()
		}
	default:
		return len(glances) > 0
	}
	if err != nil {
		d.log.note(d.name, "", "cannot fetch: %v", err)
		pause(ctx, d.jitter(300*time.Millisecond))
	}
	return true
}

// fetchAll fetches the lists and every message, as after a reset.
func (d *device) fetchAll(ctx context.Context) error {
	d.log.count("refetches")
	for cursor := ""; ; {
		list, err := ask(ctx, d.caller, func(ctx context.Context, s services) (*conversev1.ListConversationsResponse, error) {
			return s.conversations.ListConversations(ctx, &conversev1.ListConversationsRequest{Limit: 100, Cursor: cursor})
		})
		if err != nil {
			return err
		}
		for _, c := range list.GetConversations() {
			d.mu.Lock()
			d.model.putAnswer(c)
			d.mu.Unlock()
			if err := d.fetchMessages(ctx, c.GetId()); err != nil {
				return err
			}
		}
		if cursor = list.GetNextCursor(); cursor == "" {
			d.log.note(d.name, "", "fetched everything")
			return nil
		}
	}
}

// fetchMessages fetches all messages of a conversation, from the newest back.
func (d *device) fetchMessages(ctx context.Context, id string) error {
	for before := int32(0); ; {
		page, err := d.page(ctx, &conversev1.ListMessagesRequest{ConversationId: id, BeforeSeq: before, Limit: 200})
		if err != nil || len(page) == 0 {
			return err
		}
		if before = page[0].GetSeq(); before == 1 {
			return nil
		}
	}
}

// fill closes the holes of a conversation that do not close by themselves.
func (d *device) fill(ctx context.Context, id string) error {
	if !pause(ctx, gapPatience) {
		return ctx.Err()
	}
	for {
		d.mu.Lock()
		hole := d.model.talks[id].hole()
		d.mu.Unlock()
		if hole == 0 {
			return nil
		}
		d.log.count("gaps filled")
		request := &conversev1.ListMessagesRequest{ConversationId: id, AfterSeq: int32(hole - 1), Limit: 200}
		if hole == 1 {
			request = &conversev1.ListMessagesRequest{ConversationId: id, BeforeSeq: 2}
		}
		page, err := d.page(ctx, request)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			d.mu.Lock()
			d.log.early(id, fmt.Sprintf("%s was told of messages after seq %d of %s that are not there", d.name, hole-1, id))
			d.mu.Unlock()
			return fmt.Errorf("hole at %d of %s cannot be filled", hole, id)
		}
	}
}

// page fetches messages and takes them into the model.
func (d *device) page(ctx context.Context, request *conversev1.ListMessagesRequest) ([]*conversev1.Message, error) {
	asked := d.log.now()
	answer, err := ask(ctx, d.caller, func(ctx context.Context, s services) (*conversev1.ListMessagesResponse, error) {
		return s.conversations.ListMessages(ctx, request)
	})
	if err != nil {
		return nil, err
	}
	answered := d.log.now()
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.model.talks[request.GetConversationId()]
	for _, m := range answer.GetMessages() {
		d.model.putMessage(t, m)
		d.log.looked(reading{Device: d.name, MessageID: m.GetId(), Status: chat.Status(m.GetStatus()), Asked: asked, Answers: answered})
	}
	return answer.GetMessages(), nil
}

// witness notes a status that reached the device over its socket, and looks some of
// them up at once; mu is held.
func (d *device) witness(conversation, id, text, status string, seq int, tick bool) {
	d.log.saw(frame{Device: d.name, MessageID: id, Seq: seq, Status: chat.Status(status), Text: text, Tick: tick})
	key := id
	if text != "" {
		key = keyOf(text)
	}
	d.log.note(d.name, key, "sees %s (seq %d)", status, seq)
	if oneIn(d.d, 12) && len(d.glances) < 4 && d.model.talks[conversation] != nil {
		d.glances = append(d.glances, glance{conversation, id, seq, chat.Status(status)})
		d.poke()
	}
}

// check asks for one message that an event told of.
func (d *device) check(ctx context.Context, l glance) {
	page, err := d.page(ctx, &conversev1.ListMessagesRequest{ConversationId: l.conversation, BeforeSeq: int32(l.seq + 1), Limit: 1})
	if err != nil {
		return // a fault; others are looked up
	}
	d.log.count("events looked up")
	switch {
	case len(page) == 0 || page[0].GetId() != l.id || int(page[0].GetSeq()) != l.seq:
		d.log.early(l.id, fmt.Sprintf("%s was told of message %s (seq %d) before it was there", d.name, l.id, l.seq))
	case l.status != chat.StatusReceived && chat.Status(page[0].GetStatus()).Rank() < l.status.Rank():
		d.log.early(l.id, fmt.Sprintf("%s was told %s, then read %s", d.name, l.status, page[0].GetStatus()))
	}
}
