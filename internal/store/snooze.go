package store

import (
	"context"
	"errors"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Snooze puts a conversation out of the way until a time, and adds the job that brings
// it back. Snoozing again changes the time.
func (s *Store) Snooze(ctx context.Context, p chat.Principal, id chat.ConversationID, until time.Time) (chat.Conversation, error) {
	return s.setSnooze(ctx, p, id, func(t *tx, c chat.Conversation) (chat.Conversation, error) {
		c.SnoozedUntil, c.SnoozedBy, c.BackAt = until.Truncate(time.Microsecond), p.User, time.Time{}
		transaction, err := t.pgx(ctx)
		if err != nil {
			return c, err
		}
		return c, t.options.WakeLater(ctx, transaction, t.org, id, c.SnoozedUntil)
	})
}

// Unsnooze brings a conversation back now. One that is not snoozed stays as it is.
func (s *Store) Unsnooze(ctx context.Context, p chat.Principal, id chat.ConversationID) (chat.Conversation, error) {
	return s.setSnooze(ctx, p, id, func(_ *tx, c chat.Conversation) (chat.Conversation, error) {
		c.SnoozedUntil, c.BackAt = time.Time{}, time.Time{}
		return c, nil
	})
}

func (s *Store) setSnooze(ctx context.Context, p chat.Principal, id chat.ConversationID, change func(*tx, chat.Conversation) (chat.Conversation, error)) (chat.Conversation, error) {
	var out chat.Conversation
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		before, err := t.lockVisible(ctx, p, id)
		if err != nil {
			return err
		}
		if !p.Reach(p.Rights().Edit).Covers(before.Owner) {
			return &chat.Error{Code: chat.CodeForbidden, Message: "Only those who may change this lead can snooze its conversations."}
		}
		after, err := change(t, before)
		if err != nil {
			return err
		}
		if after.SnoozedUntil.Equal(before.SnoozedUntil) && after.BackAt.Equal(before.BackAt) {
			out, err = t.conversation(ctx, p.User, id)
			return err
		}
		if err := t.saveSnooze(ctx, after); err != nil {
			return err
		}
		out, err = t.conversation(ctx, p.User, id)
		return errors.Join(err, t.tellConversation(out, ""))
	})
	return out, err
}

// Wake brings back a conversation whose time has come, to the top of lists and with a
// mark for whoever snoozed it. It does so once: one that came back before, or was
// snoozed to another time, is left alone.
func (s *Store) Wake(ctx context.Context, org chat.OrgID, id chat.ConversationID, until time.Time) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.LockConversation(ctx, db.LockConversationParams{OrgID: org, ID: id})
		if err != nil {
			return ignoreMissing(err)
		}
		c := conversationOf(db.ConversationRow(row))
		if c.SnoozedUntil.IsZero() || !c.SnoozedUntil.Equal(until) {
			return nil
		}
		c.SnoozedUntil, c.BackAt, c.ActiveAt = time.Time{}, until, later(c.ActiveAt, until)
		if err := t.saveSnooze(ctx, c); err != nil {
			return err
		}
		whole, err := t.conversation(ctx, c.SnoozedBy, id)
		if chat.CodeOf(err) == chat.CodeNotFound {
			return nil // the lead has been deleted: nobody is told
		}
		_, marked := t.markUnread(ctx, id, c.SnoozedBy, chat.MarkedBack, "")
		return errors.Join(err, marked, t.tellConversation(whole, ""))
	})
}

// saveSnooze stores a conversation's snooze and place in lists.
func (t *tx) saveSnooze(ctx context.Context, c chat.Conversation) error {
	return t.SetSnooze(ctx, db.SetSnoozeParams{
		OrgID: t.org, ID: c.ID, SnoozedUntil: orNull(c.SnoozedUntil), SnoozedBy: orNull(c.SnoozedBy), BackAt: orNull(c.BackAt),
		LastMessageAt: c.ActiveAt, Version: c.Version + 1,
	})
}

// takeNote ends what is said of a conversation's return: whoever snoozed it has seen it.
func (t *tx) takeNote(ctx context.Context, user chat.UserID, c chat.Conversation) error {
	if c.BackAt.IsZero() || c.SnoozedBy != user {
		return nil
	}
	row, err := t.LockConversation(ctx, db.LockConversationParams{OrgID: t.org, ID: c.ID})
	if err != nil || row.BackAt == nil {
		return err
	}
	seen := conversationOf(db.ConversationRow(row))
	seen.BackAt = time.Time{}
	if err := t.saveSnooze(ctx, seen); err != nil {
		return err
	}
	whole, err := t.conversation(ctx, user, c.ID)
	return errors.Join(err, t.tellConversation(whole, ""))
}

// tellConversation lets the org know of a conversation as it is now. before is
// as passed returns it.
func (t *tx) tellConversation(c chat.Conversation, before chat.UserID) error {
	c.ReadSeq, c.InboundRead, c.Mark = 0, 0, chat.Mark{}
	return t.publish(chat.OrgTopic(t.org), chat.Event{Conversation: &c, Owner: c.Owner, PreviousOwner: before})
}
