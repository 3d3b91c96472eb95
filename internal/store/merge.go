package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// MergePreview is two leads, and what they would be together.
type MergePreview struct {
	Parent, Child, Result chat.Lead
	// Conversations and Lists move from the child.
	Conversations, Lists int
}

// PreviewMerge says what a merge would make. It changes nothing.
func (s *Store) PreviewMerge(ctx context.Context, p chat.Principal, m chat.Merge) (MergePreview, error) {
	var out MergePreview
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		var err error
		out.Parent, out.Child, err = t.lockBoth(ctx, p, m)
		if err != nil {
			return err
		}
		if out.Result, err = t.merged(ctx, m, out.Parent, out.Child); err != nil {
			return err
		}
		counts, err := t.CountOfLead(ctx, db.CountOfLeadParams{OrgID: t.org, LeadID: m.Child})
		out.Conversations, out.Lists = counts.Conversations, counts.Lists
		return err
	})
	return out, err
}

// lockBoth locks the two leads of a merge, which the principal must be allowed to edit.
func (t *tx) lockBoth(ctx context.Context, p chat.Principal, m chat.Merge) (parent, child chat.Lead, err error) {
	if m.Parent == m.Child {
		return parent, child, chat.Invalidf("childId", "Choose another lead: this is the same one.")
	}
	leads, err := t.lockLeads(ctx, p, []chat.LeadID{m.Parent, m.Child}, false)
	if err != nil {
		return parent, child, err
	}
	for _, l := range leads {
		if !p.Reach(p.Rights().Edit).Covers(l.Owner) {
			return parent, child, &chat.Error{Code: chat.CodeForbidden, Message: "You may not change both of these leads."}
		}
	}
	parent, child = leads[0], leads[1]
	if parent.ID != m.Parent {
		parent, child = child, parent
	}
	return parent, child, nil
}

// merged is what becomes of the parent.
func (t *tx) merged(ctx context.Context, m chat.Merge, parent, child chat.Lead) (chat.Lead, error) {
	fields, err := t.customFields(ctx)
	if err != nil {
		return chat.Lead{}, err
	}
	var texts []string
	for _, f := range fields {
		if f.Type == chat.FieldText {
			texts = append(texts, f.Name.Key())
		}
	}
	return m.Of(parent, child, texts)
}

// MergeLeads makes one lead of two: the parent has all that the child had, and the child
// is no more. What both were is kept for UnmergeLeads. It returns the parent.
func (s *Store) MergeLeads(ctx context.Context, p chat.Principal, m chat.Merge) (chat.MergeID, chat.Lead, error) {
	var id chat.MergeID
	var out chat.Lead
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		parent, child, err := t.lockBoth(ctx, p, m)
		if err != nil {
			return err
		}
		if id, err = t.merge(ctx, p, m, parent, child); err != nil {
			return err
		}
		if out, err = t.lead(ctx, m.Parent); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "lead.merged", Object: string(m.Parent), Detail: "with " + string(m.Child)})
	})
	return id, out, err
}

// merge makes one of two locked leads, with all that follows but the audit.
func (t *tx) merge(ctx context.Context, p chat.Principal, m chat.Merge, parent, child chat.Lead) (chat.MergeID, error) {
	result, err := t.merged(ctx, m, parent, child)
	if err != nil {
		return "", err
	}
	before, err := t.SnapshotLeads(ctx, db.SnapshotLeadsParams{OrgID: string(t.org), LeadIds: []string{string(parent.ID), string(child.ID)}})
	if err != nil {
		return "", fmt.Errorf("keep what the leads are: %w", err)
	}
	custom, err := customRow(result.Custom)
	if err != nil {
		return "", err
	}
	moving, err := t.ConversationIDsOfLead(ctx, db.ConversationIDsOfLeadParams{OrgID: t.org, LeadID: child.ID})
	if err != nil {
		return "", err
	}
	if err := t.MoveLead(ctx, db.MoveLeadParams{OrgID: string(t.org), Child: string(child.ID), Parent: string(parent.ID)}); err != nil {
		return "", fmt.Errorf("move what the lead has: %w", err)
	}
	err = t.Queries.UpdateLead(ctx, db.UpdateLeadParams{
		OrgID: t.org, ID: parent.ID, FirstName: result.FirstName, LastName: result.LastName, OwnerID: orNull(result.Owner),
		Source: result.Source, Stage: result.Stage, Custom: custom,
	})
	if err != nil {
		return "", err
	}
	if err := t.placeIdentifiers(ctx, result.Identifiers); err != nil {
		return "", err
	}
	if err := t.DropLead(ctx, db.DropLeadParams{OrgID: t.org, ID: child.ID}); err != nil {
		return "", fmt.Errorf("remove the merged lead: %w", err)
	}
	if err := t.DropServedWaiting(ctx, db.DropServedWaitingParams{OrgID: t.org, LeadID: parent.ID}); err != nil {
		return "", err
	}
	id, err := t.keepMerge(ctx, p, m, before)
	if err != nil {
		return "", err
	}
	child.MergedInto, child.DeletedAt, child.Version = parent.ID, time.Now(), child.Version+1
	return id, errors.Join(
		t.changeValues(ctx, parent.ID, result.Custom),
		t.reindexLead(ctx, parent.ID, true),
		t.activity(ctx, chat.Activity{
			Lead: parent.ID, Kind: chat.ActivityMerged, Actor: p.User, Detail: map[string]string{"merge_id": string(id), "child_id": string(child.ID)},
		}),
		t.raiseEach(ctx, parent.ID, func(id chat.ConversationID) chat.UserID {
			if slices.Contains(moving, id) {
				return passed(child.Owner, result.Owner)
			}
			return passed(parent.Owner, result.Owner)
		}),
		t.tellBoth(ctx, parent.ID, passed(parent.Owner, result.Owner), child),
	)
}

// tellBoth lets the org know of the lead that stays and of the other one.
func (t *tx) tellBoth(ctx context.Context, stays chat.LeadID, previous chat.UserID, other chat.Lead) error {
	return errors.Join(
		t.tellLead(ctx, stays, previous),
		t.publish(chat.OrgTopic(t.org), chat.Event{Lead: &other, Owner: other.Owner}),
		t.offer(chat.OrgTopic(t.org)),
	)
}

func (t *tx) placeIdentifiers(ctx context.Context, list []chat.Identifier) error {
	p := db.PlaceIdentifiersParams{OrgID: t.org}
	for place, i := range list {
		p.Ids, p.Places = append(p.Ids, string(i.ID)), append(p.Places, place)
	}
	return t.PlaceIdentifiers(ctx, p)
}

// keepMerge keeps what both leads were, and the parent as the merge left it: what is
// changed from then on stays when the merge is undone.
func (t *tx) keepMerge(ctx context.Context, p chat.Principal, m chat.Merge, before []byte) (chat.MergeID, error) {
	after, err := t.LeadRow(ctx, db.LeadRowParams{OrgID: t.org, ID: m.Parent})
	if err != nil {
		return "", err
	}
	snapshot := map[string]json.RawMessage{}
	if err := json.Unmarshal(before, &snapshot); err != nil {
		return "", fmt.Errorf("read what the leads were: %w", err)
	}
	snapshot["after"] = after
	encoded, err := json.Marshal(snapshot)
	if err != nil {
		return "", fmt.Errorf("encode what the leads were: %w", err)
	}
	id := chat.NewID[chat.MergeID]()
	return id, t.InsertMerge(ctx, db.InsertMergeParams{
		OrgID: t.org, ID: id, ParentID: m.Parent, ChildID: m.Child, MergedAt: time.Now(), MergedBy: orNull(p.User), Snapshot: encoded,
	})
}

// UnmergeLeads undoes a merge: both leads are what they were, but for what was changed or
// came since. Messages stay with their conversation, which goes back with its identifier.
// A merge that cannot be undone now is blocked.
func (s *Store) UnmergeLeads(ctx context.Context, p chat.Principal, id chat.MergeID) (parent, child chat.Lead, err error) {
	err = s.inOrg(ctx, p.Org, func(t *tx) error {
		m, err := t.lockMerge(ctx, p, id)
		if err != nil {
			return err
		}
		before, err := t.lead(ctx, m.ParentID)
		if err != nil {
			return err
		}
		if parent, child, err = t.unmerge(ctx, p, m, before); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "lead.unmerged", Object: string(m.ParentID), Detail: "from " + string(m.ChildID)})
	})
	return parent, child, err
}

// Why a merge stays.
const (
	intoAnother  = "This lead was merged into another one since. Undo that merge first."
	anotherSince = "Another lead was merged into this one since. Undo that merge first."
)

// lockMerge locks a merge and its lead, and refuses one that cannot be undone.
func (t *tx) lockMerge(ctx context.Context, p chat.Principal, id chat.MergeID) (db.Merge, error) {
	m, err := t.LockMerge(ctx, db.LockMergeParams{OrgID: t.org, ID: id})
	if err != nil {
		return m, notFound(err, "merge: it has been undone, or its lead is gone")
	}
	if _, err := t.lockLead(ctx, p, m.LeadID, p.Rights().Edit); err != nil {
		return m, err
	}
	if m.LeadID != m.ParentID {
		return m, blocked(intoAnother)
	}
	later, err := t.CountLaterMerges(ctx, db.CountLaterMergesParams{OrgID: t.org, ParentID: m.ParentID, MergedAt: m.MergedAt})
	if err == nil && later > 0 {
		return m, blocked(anotherSince)
	}
	return m, err
}

func (t *tx) unmerge(ctx context.Context, p chat.Principal, m db.Merge, before chat.Lead) (parent, child chat.Lead, err error) {
	err = t.RestoreMerged(ctx, db.RestoreMergedParams{OrgID: string(t.org), Parent: string(m.ParentID), Child: string(m.ChildID), Snapshot: m.Snapshot})
	if err != nil {
		return parent, child, fmt.Errorf("put back what the leads were: %w", err)
	}
	if err := t.DropMerge(ctx, db.DropMergeParams{OrgID: t.org, ID: m.ID}); err != nil {
		return parent, child, err
	}
	if parent, err = t.lead(ctx, m.ParentID); err != nil {
		return parent, child, err
	}
	if child, err = t.lead(ctx, m.ChildID); err != nil {
		return parent, child, err
	}
	previous := passed(before.Owner, parent.Owner)
	return parent, child, errors.Join(
		t.changeValues(ctx, parent.ID, valuesOf(before, parent)),
		t.reindexLead(ctx, parent.ID, true),
		t.activity(ctx, chat.Activity{
			Lead: parent.ID, Kind: chat.ActivityUnmerged, Actor: p.User, Detail: map[string]string{"child_id": string(child.ID)},
		}),
		t.raiseConversations(ctx, parent.ID, true, previous),
		t.raiseConversations(ctx, child.ID, true, passed(before.Owner, child.Owner)),
		t.tellBoth(ctx, parent.ID, previous, child),
	)
}

// valuesOf are the custom values of a lead, and empty ones for what it had before.
func valuesOf(before, now chat.Lead) []chat.CustomValue {
	out := slices.Clone(now.Custom)
	for _, v := range before.Custom {
		if now.Value(v.Key) == "" {
			out = append(out, chat.CustomValue{Key: v.Key})
		}
	}
	return out
}

// MergedInto returns the lead that holds a merged one now, if the principal may see it.
func (s *Store) MergedInto(ctx context.Context, p chat.Principal, child chat.LeadID) (parent chat.LeadID, ok bool, err error) {
	err = s.inOrg(ctx, p.Org, func(t *tx) error {
		row, err := t.Queries.MergedInto(ctx, db.MergedIntoParams{OrgID: t.org, ChildID: child})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		parent, ok = row.LeadID, err == nil && p.Sees(zero(row.OwnerID))
		return err
	})
	return parent, ok, err
}
