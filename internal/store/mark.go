package store

import (
	"context"

	"converse/internal/chat"
	"converse/internal/store/db"
)

func markOf(r db.Mark) chat.Mark {
	return chat.Mark{
		Conversation: r.ConversationID, Unread: r.Unread, Why: r.Why, MentionSeq: r.MentionSeq, NamedSeq: r.NamedSeq, By: zero(r.ByID),
		Version: r.Version,
	}
}

// tellMarks lets users know of their own marks.
func (t *tx) tellMarks(rows []db.Mark) error {
	for _, r := range rows {
		mark := markOf(r)
		if err := t.publish(chat.UserTopic(r.UserID), chat.Event{Mark: &mark}); err != nil {
			return err
		}
	}
	return nil
}

// MarkUnread marks a conversation as unread for the user, until it is read.
func (s *Store) MarkUnread(ctx context.Context, p chat.Principal, id chat.ConversationID) (chat.Mark, error) {
	var out chat.Mark
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		c, err := t.conversation(ctx, p.User, id)
		if err != nil {
			return err
		}
		if !p.Sees(c.Owner) {
			return chat.NotFound("conversation")
		}
		out, err = t.markUnread(ctx, id, p.User, chat.MarkedByUser, p.User)
		return err
	})
	return out, err
}

// markUnread marks a conversation for a user. by is who brought that about, "" for nobody.
func (t *tx) markUnread(ctx context.Context, id chat.ConversationID, user chat.UserID, why chat.MarkReason, by chat.UserID) (chat.Mark, error) {
	row, err := t.Queries.MarkUnread(ctx, db.MarkUnreadParams{OrgID: t.org, ConversationID: id, UserID: user, Why: why, ByID: orNull(by)})
	if err != nil {
		return chat.Mark{}, err
	}
	return markOf(row), t.tellMarks([]db.Mark{row})
}

// noticed ends what asked for the user's eyes in a conversation that was read up to a seq.
func (t *tx) noticed(ctx context.Context, user chat.UserID, c chat.Conversation, seq int) error {
	if err := t.takeNote(ctx, user, c); err != nil || !c.Mark.Unread && c.Mark.MentionSeq == 0 {
		return err
	}
	return t.clearMark(ctx, user, c.ID, seq)
}

func (t *tx) clearMark(ctx context.Context, user chat.UserID, id chat.ConversationID, seq int) error {
	row, err := t.ClearMark(ctx, db.ClearMarkParams{OrgID: t.org, ConversationID: id, UserID: user, Seq: seq})
	if err != nil {
		return ignoreMissing(err)
	}
	return t.tellMarks([]db.Mark{row})
}

// withMarks adds the user's marks to conversations, with one query for all. An API key
// has none.
func (t *tx) withMarks(ctx context.Context, user chat.UserID, list []chat.Conversation) error {
	if len(list) == 0 || user == "" {
		return nil
	}
	place := make(map[chat.ConversationID]int, len(list))
	ids := make([]string, len(list))
	for i, c := range list {
		place[c.ID], ids[i] = i, string(c.ID)
	}
	rows, err := t.MarksOf(ctx, db.MarksOfParams{OrgID: t.org, UserID: user, ConversationIds: ids})
	for _, r := range rows {
		list[place[r.ConversationID]].Mark = markOf(r)
	}
	return err
}
