package store

import (
	"context"
	"errors"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// StartConversation returns the conversation of a sender with an identifier, made
// now if it is new.
func (s *Store) StartConversation(ctx context.Context, p chat.Principal, lead chat.LeadID, identifier chat.IdentifierID, sender chat.SenderID) (chat.Conversation, error) {
	var out chat.Conversation
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.seeLead(ctx, p, lead); err != nil {
			return err
		}
		id, err := t.conversationOf(ctx, lead, identifier, sender)
		if err != nil {
			return err
		}
		out, err = t.conversation(ctx, p.User, id)
		return err
	})
	return out, err
}

// conversationOf finds or makes a conversation. Two that make it at once get one row.
func (t *tx) conversationOf(ctx context.Context, lead chat.LeadID, identifier chat.IdentifierID, sender chat.SenderID) (chat.ConversationID, error) {
	_, err := t.InsertConversation(ctx, db.InsertConversationParams{
		ID: chat.NewID[chat.ConversationID](), LeadID: lead, IdentifierID: identifier, OrgID: t.org, SenderID: sender,
	})
	if err != nil {
		return "", err
	}
	row, err := t.FindConversation(ctx, db.FindConversationParams{OrgID: t.org, SenderID: sender, IdentifierID: identifier, LeadID: lead})
	return row.ID, notFound(err, "number of this lead, or of ours")
}

// Conversation returns one conversation that the principal may see, with the user's
// read marker.
func (s *Store) Conversation(ctx context.Context, p chat.Principal, id chat.ConversationID) (chat.Conversation, error) {
	var out chat.Conversation
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.seeConversation(ctx, p, id); err != nil {
			return err
		}
		var err error
		out, err = t.conversation(ctx, p.User, id)
		return err
	})
	return out, err
}

// ConversationAlone returns a conversation as everyone sees it, whoever it is for.
func (s *Store) ConversationAlone(ctx context.Context, org chat.OrgID, id chat.ConversationID) (chat.Conversation, error) {
	var out chat.Conversation
	err := s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.GetConversationAlone(ctx, db.GetConversationAloneParams{OrgID: org, ID: id})
		out = conversationOf(row)
		return notFound(err, "conversation")
	})
	return out, err
}

func (t *tx) conversation(ctx context.Context, user chat.UserID, id chat.ConversationID) (chat.Conversation, error) {
	row, err := t.GetConversation(ctx, db.GetConversationParams{OrgID: t.org, UserID: user, ID: id})
	if err != nil {
		return chat.Conversation{}, notFound(err, "conversation")
	}
	list, err := t.withLastMessages(ctx, []db.GetConversationRow{row})
	if err != nil {
		return chat.Conversation{}, err
	}
	return list[0], t.withMarks(ctx, user, list)
}

// ConversationsOfLead lists a lead's conversations, the one used last first.
func (s *Store) ConversationsOfLead(ctx context.Context, p chat.Principal, lead chat.LeadID) ([]chat.Conversation, error) {
	var out []chat.Conversation
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.seeLead(ctx, p, lead); err != nil {
			return err
		}
		rows, err := t.Queries.ConversationsOfLead(ctx, db.ConversationsOfLeadParams{OrgID: p.Org, UserID: reader(p), LeadID: lead})
		if err == nil && len(rows) == 0 {
			_, err = t.GetLead(ctx, db.GetLeadParams{OrgID: p.Org, ID: lead})
		}
		if err != nil {
			return notFound(err, "lead")
		}
		out, err = t.withLastMessages(ctx, convert(rows, func(r db.ConversationsOfLeadRow) db.GetConversationRow {
			return db.GetConversationRow(r)
		}))
		return errors.Join(err, t.withMarks(ctx, p.User, out))
	})
	return out, err
}

func (t *tx) withLastMessages(ctx context.Context, rows []db.GetConversationRow) ([]chat.Conversation, error) {
	out := make([]chat.Conversation, len(rows))
	place := make(map[chat.ConversationID]int, len(rows))
	last := db.LastMessagesParams{OrgID: t.org}
	for i, r := range rows {
		out[i] = conversationOf(r.ConversationRow)
		out[i].ReadSeq, out[i].InboundRead = r.ReadSeq, r.InboundRead
		if out[i].LastSeq > 0 {
			place[out[i].ID] = i
			last.ConversationIds = append(last.ConversationIds, string(out[i].ID))
			last.Seqs = append(last.Seqs, out[i].LastSeq)
		}
	}
	if len(last.Seqs) == 0 {
		return out, nil
	}
	messages, err := t.LastMessages(ctx, last)
	for _, row := range messages {
		m := messageOf(row)
		out[place[m.Conversation]].LastMessage = &m
	}
	return out, err
}

// MarkRead moves the user's read marker forward to a seq and tells the user's
// other devices. A marker never goes back. It returns the unread messages of all
// leads the user owns.
func (s *Store) MarkRead(ctx context.Context, p chat.Principal, id chat.ConversationID, seq int) (unreadMine int, err error) {
	err = s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.seeConversation(ctx, p, id); err != nil {
			return err
		}
		conversation, err := t.conversation(ctx, p.User, id)
		if err != nil {
			return err
		}
		// Nobody has read what is still to come.
		upto := min(seq, conversation.LastSeq)
		if upto > conversation.ReadSeq {
			if err := t.advanceReadMarker(ctx, p.User, conversation, upto); err != nil {
				return err
			}
		}
		if err := t.noticed(ctx, p.User, conversation, upto); err != nil {
			return err
		}
		unreadMine, err = t.unreadMine(ctx, p)
		return err
	})
	return unreadMine, err
}

// unreadMine counts the unread messages of the leads that the user owns; of none, for a
// user who may see not even these.
func (t *tx) unreadMine(ctx context.Context, p chat.Principal) (int, error) {
	if !p.Sees(p.User) {
		return 0, nil
	}
	return t.UnreadMine(ctx, db.UnreadMineParams{OrgID: p.Org, UserID: p.User})
}

func (t *tx) advanceReadMarker(ctx context.Context, user chat.UserID, c chat.Conversation, seq int) error {
	beyond, err := t.CountInboundBetween(ctx, db.CountInboundBetweenParams{
		OrgID: t.org, ConversationID: c.ID, AfterSeq: seq, LastSeq: c.LastSeq,
	})
	if err != nil {
		return err
	}
	marker, err := t.AdvanceReadMarker(ctx, db.AdvanceReadMarkerParams{
		OrgID: t.org, ConversationID: c.ID, UserID: user, Seq: seq, InboundRead: c.InboundCount - beyond,
	})
	if err != nil {
		return err
	}
	return t.publish(chat.UserTopic(user), chat.Event{Read: &chat.ReadMarker{
		Conversation: c.ID, Seq: marker.Seq, InboundRead: marker.InboundRead,
	}})
}

// DefaultSender returns the number that new conversations of a channel leave from.
func (s *Store) DefaultSender(ctx context.Context, org chat.OrgID, channel chat.Channel) (chat.SenderID, error) {
	var id chat.SenderID
	err := s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.Queries.DefaultSender(ctx, db.DefaultSenderParams{OrgID: org, Channel: channel})
		id = row.ID
		return notFound(err, "sender for this channel")
	})
	return id, err
}

// Sender returns one number of the org.
func (s *Store) Sender(ctx context.Context, org chat.OrgID, id chat.SenderID) (chat.Sender, error) {
	var out chat.Sender
	err := s.inOrg(ctx, org, func(t *tx) error {
		r, err := t.GetSender(ctx, db.GetSenderParams{OrgID: org, ID: id})
		out = chat.Sender{ID: r.ID, Connector: r.ConnectorID, Channel: r.Channel, Address: r.Address, Label: r.Label}
		return notFound(err, "sender")
	})
	return out, err
}
