package store

import (
	"context"
	"fmt"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// ownerOf is whose lead an event is about.
func ownerOf(e chat.Event) chat.UserID {
	switch {
	case e.Owner != "":
	case e.Message != nil:
		return e.Message.Conversation.Owner
	case e.Conversation != nil:
		return e.Conversation.Owner
	case e.Lead != nil:
		return e.Lead.Owner
	}
	return e.Owner
}

// MarkPublished forgets events that sessions have been told of.
func (s *Store) MarkPublished(ctx context.Context, ids []int64) error {
	return s.queries().DropEvents(ctx, ids)
}

// SweepEvents publishes up to most events that were committed at least olderThan
// ago and never marked: what a crash or a lost bus left behind. Two sweepers never
// get the same event at once. When publish fails the events stay. It returns how
// many were published.
func (s *Store) SweepEvents(ctx context.Context, olderThan time.Duration, most int, publish func([]Event) error) (int, error) {
	transaction, err := s.pool.Begin(ctx)
	if err != nil {
		return 0, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = transaction.Rollback(context.WithoutCancel(ctx)) }() // no effect after the commit
	q := db.New(transaction)
	rows, err := q.LeftEvents(ctx, db.LeftEventsParams{OlderThan: olderThan, Most: most})
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	events := make([]Event, len(rows))
	ids := make([]int64, len(rows))
	for i, r := range rows {
		events[i] = Event{ID: r.ID, Topic: r.Topic, Payload: r.Payload}
		ids[i] = r.ID
	}
	if err := publish(events); err != nil {
		return 0, err
	}
	if err := q.DropEvents(ctx, ids); err != nil {
		return 0, err
	}
	return len(rows), transaction.Commit(ctx)
}
