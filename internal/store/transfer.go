package store

import (
	"context"
	"errors"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// NewTransfer is a lead that a user gives to a colleague, or to a group.
type NewTransfer struct {
	ID   chat.TransferID
	Lead chat.LeadID
	// To is who gets it; with a Group the next in turn of its members does instead.
	To    chat.UserID
	Group chat.GroupID
	// Comment becomes a note for the new owner. May be empty.
	Comment string
	// Conversation is where it is given from; empty: the one of the lead used last.
	Conversation chat.ConversationID
	At           time.Time
}

// Transfer gives a lead with all its conversations to a colleague: the owner, a line and
// the comment in the conversation, the new owner's mark and everybody's events, in one
// transaction. A group's turn is taken in it too, so that turns are exact however many
// give at once. It returns the new owner.
func (s *Store) Transfer(ctx context.Context, p chat.Principal, n NewTransfer) (owner chat.User, err error) {
	err = s.inOrg(ctx, p.Org, func(t *tx) error {
		owner, err = t.transfer(ctx, p, n)
		return err
	})
	return owner, err
}

func (t *tx) transfer(ctx context.Context, p chat.Principal, n NewTransfer) (chat.User, error) {
	before, err := t.lockOwner(ctx, p, n.Lead)
	if err != nil {
		return chat.User{}, err
	}
	talk, err := t.talkOf(ctx, n.Lead, n.Conversation)
	if err != nil {
		return chat.User{}, err
	}
	to, words, err := t.taker(ctx, p, before, n)
	if err != nil {
		return chat.User{}, err
	}
	err = t.handOver(ctx, p, n.Lead, before, to.User, talk, transferLine{words: words, comment: n.Comment, at: n.At})
	if err != nil {
		return chat.User{}, err
	}
	if talk != "" && to.User != p.User {
		if _, err := t.markUnread(ctx, talk, to.User, chat.MarkedGiven, p.User); err != nil {
			return chat.User{}, err
		}
	}
	return chat.User{ID: to.User, Name: to.Name, Role: to.Role}, errors.Join(
		t.InsertTransfer(ctx, db.InsertTransferParams{
			OrgID: t.org, ID: n.ID, LeadID: n.Lead, FromUser: orNull(before), ToUser: to.User, ByUser: p.User, GivenIn: orNull(talk),
			CreatedAt: n.At,
		}),
		t.audit(ctx, p, chat.AuditEntry{Action: "lead.transferred", Object: string(n.Lead), Fields: []string{string(chat.FieldOwner)}}),
	)
}

// lockOwner locks a lead that the principal can see and returns its owner.
func (t *tx) lockOwner(ctx context.Context, p chat.Principal, lead chat.LeadID) (chat.UserID, error) {
	owner, err := t.LockLeadOwner(ctx, db.LockLeadOwnerParams{OrgID: t.org, ID: lead})
	if err == nil && !p.Sees(zero(owner)) {
		return "", chat.NotFound("lead")
	}
	return zero(owner), notFound(err, "lead")
}

// talkOf is the conversation of the lead that was asked for, or the one used last; "" when
// there is none.
func (t *tx) talkOf(ctx context.Context, lead chat.LeadID, asked chat.ConversationID) (chat.ConversationID, error) {
	ids, err := t.ConversationIDsOfLead(ctx, db.ConversationIDsOfLeadParams{OrgID: t.org, LeadID: lead})
	if err != nil || asked == "" && len(ids) == 0 {
		return "", err
	}
	if asked == "" {
		return ids[0], nil
	}
	for _, id := range ids {
		if id == asked {
			return id, nil
		}
	}
	return "", chat.NotFound("conversation")
}

// transferLine is what is written in the conversation about a lead's new owner.
type transferLine struct {
	words, comment string
	at             time.Time
}

// handOver makes a user the owner of a lead, "" for nobody: writes it down in the
// conversation talk, if there is one, and tells everyone of all the lead's conversations.
// None of them stays snoozed: what one put off another has not seen yet.
func (t *tx) handOver(ctx context.Context, p chat.Principal, lead chat.LeadID, from, to chat.UserID, talk chat.ConversationID, line transferLine) error {
	ids, err := t.LockConversationsOfLead(ctx, db.LockConversationsOfLeadParams{OrgID: t.org, LeadID: lead})
	if err != nil {
		return err
	}
	err = errors.Join(
		t.SetLeadOwner(ctx, db.SetLeadOwnerParams{OrgID: t.org, ID: lead, OwnerID: orNull(to)}),
		t.RaiseVersions(ctx, db.RaiseVersionsParams{OrgID: t.org, LeadID: lead}),
	)
	if err == nil && from != "" && to != "" {
		err = t.HandReadMarkers(ctx, db.HandReadMarkersParams{OrgID: t.org, LeadID: lead, FromUser: from, ToUser: to})
	}
	if err != nil {
		return err
	}
	previous := passed(from, to)
	err = errors.Join(t.tellLead(ctx, lead, previous), t.activity(ctx, chat.Activity{
		Lead: lead, Kind: chat.ActivityAssigned, At: line.at, Actor: p.User, Conversation: talk, Fields: []string{string(chat.FieldOwner)},
		Detail: map[string]string{"owner_id": string(to)},
	}))
	if err != nil {
		return err
	}
	for _, id := range ids {
		c, err := t.conversation(ctx, p.User, id)
		if err != nil {
			return err
		}
		if err := t.tellConversation(c, previous); err != nil {
			return err
		}
		if id == talk {
			if err := t.writeTransfer(ctx, p, c, to, line); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeTransfer adds the line and the comment to a locked conversation.
func (t *tx) writeTransfer(ctx context.Context, p chat.Principal, c chat.Conversation, to chat.UserID, line transferLine) error {
	said := chat.Message{
		ID: chat.NewID[chat.MessageID](), Conversation: c.ID, Seq: c.LastSeq + 1, Direction: chat.DirectionInternal,
		Kind: chat.KindTransfer, Text: line.words, Status: chat.StatusNoted, Author: p.User, AuthorName: p.Name, CreatedAt: line.at,
	}
	if to != "" {
		said.Mentions = []chat.UserID{to}
	}
	if err := t.insertInternal(ctx, c, said, nil); err != nil || line.comment == "" {
		return err
	}
	c = advance(c, said)
	note := said
	note.ID, note.Seq, note.Kind, note.Text = chat.NewID[chat.MessageID](), c.LastSeq+1, chat.KindNote, line.comment
	note.Mentions = nil // the lead itself asks for the new owner's eyes
	return t.insertInternal(ctx, c, note, nil)
}

// UndoTransfer takes a lead back that the user gave away since a time, and returns who
// has it again, "" for nobody. One that was given on, or taken back before, is a conflict.
func (s *Store) UndoTransfer(ctx context.Context, p chat.Principal, id chat.TransferID, since, at time.Time) (chat.UserID, error) {
	var owner chat.UserID
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		gone, err := t.LockTransfer(ctx, db.LockTransferParams{OrgID: p.Org, ID: id, ByUser: p.User})
		if err != nil {
			return notFound(err, "transfer")
		}
		current, err := t.LockLeadOwner(ctx, db.LockLeadOwnerParams{OrgID: p.Org, ID: gone.LeadID})
		if err != nil {
			return notFound(err, "lead")
		}
		if gone.UndoneAt != nil || zero(current) != gone.ToUser {
			return &chat.Error{Code: chat.CodeConflict, Message: "This cannot be undone: the lead has changed hands since."}
		}
		if gone.CreatedAt.Before(since) {
			return &chat.Error{Code: chat.CodeBlocked, Message: "It is too late to undo this. Ask for the lead, or give it again."}
		}
		owner = zero(gone.FromUser)
		return t.undo(ctx, p, gone, at)
	})
	return owner, err
}

func (t *tx) undo(ctx context.Context, p chat.Principal, gone db.Transfer, at time.Time) error {
	talk := zero(gone.GivenIn)
	line := transferLine{words: p.Name + " took that back.", at: at}
	if err := t.handOver(ctx, p, gone.LeadID, gone.ToUser, zero(gone.FromUser), talk, line); err != nil {
		return err
	}
	if talk != "" {
		row, err := t.UnmarkGiven(ctx, db.UnmarkGivenParams{OrgID: t.org, ConversationID: talk, UserID: gone.ToUser})
		if err == nil {
			err = t.tellMarks([]db.Mark{row})
		}
		if err := ignoreMissing(err); err != nil {
			return err
		}
	}
	return errors.Join(
		t.EndTransfer(ctx, db.EndTransferParams{OrgID: t.org, ID: gone.ID, UndoneAt: &at}),
		t.audit(ctx, p, chat.AuditEntry{
			Action: "lead.transfer_undone", Object: string(gone.LeadID), Fields: []string{string(chat.FieldOwner)},
		}),
	)
}
