package store

import (
	"context"
	"errors"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// RestoreWithin is how long a deleted lead can be restored.
const RestoreWithin = 30 * 24 * time.Hour

// AddLead stores a lead that the principal made, and returns it. An identifier that
// another lead has is a conflict with reason identifier_taken.
func (s *Store) AddLead(ctx context.Context, p chat.Principal, lead chat.Lead) (chat.Lead, error) {
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.checkOwner(ctx, chat.Lead{}, lead); err != nil {
			return err
		}
		for place, i := range lead.Identifiers {
			others, err := t.IdentifiersByValue(ctx, db.IdentifiersByValueParams{OrgID: t.org, Kinds: []string{string(i.Kind)}, Values: []string{i.Value}})
			if err != nil {
				return err
			}
			if len(others) > 0 {
				return t.takenBy(ctx, p, place, i)
			}
		}
		taken, err := t.insertLead(ctx, lead)
		if err != nil {
			return err
		}
		if taken {
			return t.takenBy(ctx, p, 0, chat.Identifier{Kind: chat.IdentifierPhone})
		}
		if lead, err = t.lead(ctx, lead.ID); err != nil {
			return err
		}
		return errors.Join(
			t.changeValues(ctx, lead.ID, lead.Custom),
			t.activity(ctx, chat.Activity{Lead: lead.ID, Kind: chat.ActivityCreated, Actor: p.User}),
			t.publish(chat.OrgTopic(t.org), chat.Event{Lead: &lead, Owner: lead.Owner}),
			t.audit(ctx, p, chat.AuditEntry{Action: "lead.created", Object: string(lead.ID)}),
		)
	})
	return lead, err
}

// BulkResult is what became of many leads.
type BulkResult struct {
	// Done were changed. Refused are visible to the principal, who may not change them.
	Done, Refused int
}

// UpdateLeads makes the same change to many leads; what the principal may not edit
// stays as it is. A lead that is missing is an error.
func (s *Store) UpdateLeads(ctx context.Context, p chat.Principal, ids []chat.LeadID, c LeadChange) (BulkResult, error) {
	return s.eachLead(ctx, p, ids, p.Rights().Edit, "lead.updated", false, func(t *tx, lead chat.Lead) ([]string, error) {
		c := c
		c.ID = lead.ID
		return t.updateLead(ctx, p, lead, c)
	})
}

// DeleteLeads hides leads, with their conversations, until they are restored or
// forgotten; what the principal may not delete stays. One that was deleted before counts as
// done. A lead that is missing is an error.
func (s *Store) DeleteLeads(ctx context.Context, p chat.Principal, ids []chat.LeadID) (BulkResult, error) {
	return s.eachLead(ctx, p, ids, p.Rights().Delete, "lead.deleted", true, func(t *tx, lead chat.Lead) ([]string, error) {
		lead.DeletedAt = time.Now()
		lead.Version++
		return nil, errors.Join(
			t.DeleteLead(ctx, db.DeleteLeadParams{OrgID: t.org, ID: lead.ID, DeletedBy: orNull(p.User)}),
			t.activity(ctx, chat.Activity{Lead: lead.ID, Kind: chat.ActivityDeleted, Actor: p.User}),
			t.publish(chat.OrgTopic(t.org), chat.Event{Lead: &lead, Owner: lead.Owner}),
		)
	})
}

// eachLead does something to those of the leads that the scope covers, in one
// transaction. Those that were deleted are left as they are, or are missing.
func (s *Store) eachLead(ctx context.Context, p chat.Principal, ids []chat.LeadID, scope chat.Scope, action string, deleted bool, do func(*tx, chat.Lead) ([]string, error)) (BulkResult, error) {
	var out BulkResult
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		out = BulkResult{}
		leads, err := t.lockLeads(ctx, p, ids, deleted)
		if err != nil {
			return err
		}
		var entries []chat.AuditEntry
		for _, lead := range leads {
			if !p.Reach(scope).Covers(lead.Owner) {
				out.Refused++
				continue
			}
			if !lead.DeletedAt.IsZero() {
				out.Done++
				continue
			}
			changed, err := do(t, lead)
			if err != nil {
				return err
			}
			out.Done++
			entries = append(entries, chat.AuditEntry{Action: action, Object: string(lead.ID), Fields: changed})
		}
		return t.audit(ctx, p, entries...)
	})
	return out, err
}

// RestoreLeads brings deleted leads back that the principal may delete, and says how
// many. One that was deleted too long ago, or is not there, is an error.
func (s *Store) RestoreLeads(ctx context.Context, p chat.Principal, ids []chat.LeadID) (int, error) {
	restored := 0
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		restored = 0
		rows, err := t.LockLeads(ctx, db.LockLeadsParams{OrgID: t.org, Ids: texts(ids)})
		if err != nil {
			return err
		}
		var entries []chat.AuditEntry
		for _, row := range rows {
			owner, deleted := zero(row.OwnerID), zero(row.DeletedAt)
			if !p.Sees(owner) || !deleted.IsZero() && time.Since(deleted) > RestoreWithin {
				continue
			}
			restored++
			if deleted.IsZero() {
				continue // somebody was quicker
			}
			if !p.Reach(p.Rights().Delete).Covers(owner) {
				return &chat.Error{Code: chat.CodeForbidden, Message: "You may not restore this lead. Ask an administrator."}
			}
			if err := errors.Join(t.restoreLead(ctx, p, row.ID), t.raiseConversations(ctx, row.ID, true, "")); err != nil {
				return err
			}
			entries = append(entries, chat.AuditEntry{Action: "lead.restored", Object: string(row.ID)})
		}
		if restored < len(ids) {
			return chat.NotFound("lead")
		}
		return t.audit(ctx, p, entries...)
	})
	return restored, err
}

// DeletedLeads lists leads that can no longer be restored: they were deleted more than
// RestoreWithin ago. It is for whoever forgets them for good.
func (s *Store) DeletedLeads(ctx context.Context, org chat.OrgID, most int) ([]chat.LeadID, error) {
	var out []chat.LeadID
	err := s.inOrg(ctx, org, func(t *tx) error {
		var err error
		out, err = t.LeadsDeletedBefore(ctx, db.LeadsDeletedBeforeParams{OrgID: org, Before: time.Now().Add(-RestoreWithin), Most: int32(most)})
		return err
	})
	return out, err
}
