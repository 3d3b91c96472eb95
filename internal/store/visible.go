package store

import (
	"context"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// The functions of this file refuse what a principal may not see, as if it were not
// there. They ask nothing for somebody who sees every lead, as most people do.

// seeLead refuses a lead.
func (t *tx) seeLead(ctx context.Context, p chat.Principal, id chat.LeadID) error {
	return see(p, "lead", func(owners []string, unassigned bool) (bool, error) {
		return t.SeesLead(ctx, db.SeesLeadParams{OrgID: t.org, ID: id, SeeOwners: owners, SeeUnassigned: unassigned})
	})
}

// seeConversation refuses a conversation.
func (t *tx) seeConversation(ctx context.Context, p chat.Principal, id chat.ConversationID) error {
	return see(p, "conversation", func(owners []string, unassigned bool) (bool, error) {
		return t.SeesConversation(ctx, db.SeesConversationParams{OrgID: t.org, ID: id, SeeOwners: owners, SeeUnassigned: unassigned})
	})
}

// seeMessage refuses a message.
func (t *tx) seeMessage(ctx context.Context, p chat.Principal, id chat.MessageID) error {
	return see(p, "message", func(owners []string, unassigned bool) (bool, error) {
		return t.SeesMessage(ctx, db.SeesMessageParams{OrgID: t.org, ID: id, SeeOwners: owners, SeeUnassigned: unassigned})
	})
}

// seeMedia refuses a file.
func (t *tx) seeMedia(ctx context.Context, p chat.Principal, id chat.MediaID) error {
	return see(p, "file", func(owners []string, unassigned bool) (bool, error) {
		return t.SeesMedia(ctx, db.SeesMediaParams{OrgID: t.org, ID: id, SeeOwners: owners, SeeUnassigned: unassigned})
	})
}

func see(p chat.Principal, what string, ask func(owners []string, unassigned bool) (bool, error)) error {
	reach := p.Reach(p.Rights().View)
	if reach.All {
		return nil
	}
	seen, err := ask(texts(reach.Owners), reach.Unassigned)
	if err == nil && !seen {
		return chat.NotFound(what)
	}
	return err
}

// OwnerOf returns whose lead a conversation is with, "" for an unassigned one. ok is
// false when there is no such conversation.
func (s *Store) OwnerOf(ctx context.Context, org chat.OrgID, id chat.ConversationID) (owner chat.UserID, ok bool, err error) {
	err = s.inOrg(ctx, org, func(t *tx) error {
		found, err := t.OwnerOfConversation(ctx, db.OwnerOfConversationParams{OrgID: org, ID: id})
		if err == nil {
			owner, ok = zero(found), true
		}
		return ignoreMissing(err)
	})
	return owner, ok, err
}
