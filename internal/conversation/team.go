package conversation

import (
	"context"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/store"
)

// longestSnooze is how far away the end of a snooze may be.
const longestSnooze = 366 * 24 * time.Hour

// transferUndoable is how long a transfer can be taken back. The offer is on screen for
// ten seconds; the rest is for slow networks.
const transferUndoable = time.Minute

// Colleagues lists what everybody else could do with the lead of a conversation.
// Groups are those that it can be given to.
func (s *Service) Colleagues(ctx context.Context, p chat.Principal, id chat.ConversationID) (people []store.Colleague, groups []store.TakingGroup, err error) {
	return s.store.Colleagues(ctx, p, id)
}

// MarkUnread marks a conversation as unread for the user, until it is read.
func (s *Service) MarkUnread(ctx context.Context, p chat.Principal, id chat.ConversationID) (chat.Mark, error) {
	return s.store.MarkUnread(ctx, p, id)
}

// Snooze puts a conversation out of the way until a time or until the lead writes.
func (s *Service) Snooze(ctx context.Context, p chat.Principal, id chat.ConversationID, until time.Time) (chat.Conversation, error) {
	if !p.MayChat() {
		return chat.Conversation{}, &chat.Error{Code: chat.CodeForbidden, Message: "Your role does not snooze conversations."}
	}
	switch away := time.Until(until); {
	case away <= 0:
		return chat.Conversation{}, chat.Invalidf("until", "must be a time to come")
	case away > longestSnooze:
		return chat.Conversation{}, chat.Invalidf("until", "must be within a year")
	}
	return s.store.Snooze(ctx, p, id, until)
}

// Unsnooze brings a conversation back now.
func (s *Service) Unsnooze(ctx context.Context, p chat.Principal, id chat.ConversationID) (chat.Conversation, error) {
	if !p.MayChat() {
		return chat.Conversation{}, &chat.Error{Code: chat.CodeForbidden, Message: "Your role does not snooze conversations."}
	}
	return s.store.Unsnooze(ctx, p, id)
}

// Transfer is a lead that a user gives to a colleague or a group.
type Transfer struct {
	Lead chat.LeadID
	// To or Group gets it: a user, or, where it is set, the next in turn of a group.
	To    chat.UserID
	Group chat.GroupID
	// Comment becomes a note. May be empty.
	Comment string
	// Conversation is where it is given from; empty: the lead's one used last.
	Conversation chat.ConversationID
}

// Transfer gives a lead with all its conversations to a colleague or a group, and returns
// who has it then. The id is for UndoTransfer.
func (s *Service) Transfer(ctx context.Context, p chat.Principal, t Transfer) (chat.TransferID, chat.User, error) {
	if err := mayGive(p); err != nil {
		return "", chat.User{}, err
	}
	if t.To == "" && t.Group == "" {
		return "", chat.User{}, chat.Invalidf("userId", "choose a colleague or a group")
	}
	id := chat.NewID[chat.TransferID]()
	owner, err := s.store.Transfer(ctx, p, store.NewTransfer{
		ID: id, Lead: t.Lead, To: t.To, Group: t.Group, Comment: strings.TrimSpace(t.Comment), Conversation: t.Conversation, At: now(),
	})
	return id, owner, err
}

// UndoTransfer takes back a lead that the user has just given away, and returns who has
// it again, "" for nobody.
func (s *Service) UndoTransfer(ctx context.Context, p chat.Principal, id chat.TransferID) (chat.UserID, error) {
	if err := mayGive(p); err != nil {
		return "", err
	}
	at := now()
	return s.store.UndoTransfer(ctx, p, id, at.Add(-transferUndoable), at)
}

func mayGive(p chat.Principal) error {
	if p.MayChat() {
		return nil
	}
	return &chat.Error{Code: chat.CodeForbidden, Message: "Your role does not give leads to others."}
}
