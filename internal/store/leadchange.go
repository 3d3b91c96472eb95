package store

import (
	"context"
	"errors"
	"slices"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// LeadChange changes a lead. What is nil stays as it is. Values are in the form they
// are stored in.
type LeadChange struct {
	ID chat.LeadID
	// Version is the one that the change was made on; another one is a conflict. 0 is
	// for whoever read the lead under no lock and does not mind.
	Version                            int
	FirstName, LastName, Source, Stage *string
	// Owner is a pointer to "" to take the lead from its owner.
	Owner *chat.UserID
	// Custom are the fields to change; an empty value clears one.
	Custom []chat.CustomValue
	// Identifiers are all that the lead is to have, in order. Nil leaves them.
	Identifiers []IdentifierChange
}

// IdentifierChange is an identifier as it is to be.
type IdentifierChange struct {
	// ID is empty for a new one.
	ID   chat.IdentifierID
	Kind chat.IdentifierKind
	// Value and Label are nil to leave them.
	Value, Label *string
	Invalid      bool
}

// UpdateLead changes a lead that the principal may edit, and returns it as it is then.
// Errors: not found, forbidden, a conflict with reason lead_changed or
// identifier_taken, blocked for an identifier that must stay.
func (s *Store) UpdateLead(ctx context.Context, p chat.Principal, c LeadChange) (chat.Lead, error) {
	var out chat.Lead
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		before, err := t.lockLead(ctx, p, c.ID, p.Rights().Edit)
		if err != nil {
			return err
		}
		if c.Version != 0 && c.Version != before.Version {
			return &chat.Error{
				Code: chat.CodeConflict, Reason: chat.ReasonLeadChanged, Field: "version",
				Message: "Somebody else has changed this lead. Look at it again, then save your changes.",
			}
		}
		change, merged, err := t.mergeTyped(ctx, p, c)
		if err != nil {
			return err
		}
		if merged {
			if before, err = t.lockLead(ctx, p, c.ID, p.Rights().Edit); err != nil {
				return err
			}
		}
		fields, err := t.updateLead(ctx, p, before, change)
		if err != nil {
			return err
		}
		if out, err = t.lead(ctx, c.ID); err != nil || len(fields) == 0 {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "lead.updated", Object: string(c.ID), Fields: fields})
	})
	return out, identifierTaken(err)
}

// lockLead locks a lead that the principal sees, for doing what the scope allows.
func (t *tx) lockLead(ctx context.Context, p chat.Principal, id chat.LeadID, scope chat.Scope) (chat.Lead, error) {
	leads, err := t.lockLeads(ctx, p, []chat.LeadID{id}, false)
	if err != nil {
		return chat.Lead{}, err
	}
	if !p.Reach(scope).Covers(leads[0].Owner) {
		return chat.Lead{}, &chat.Error{Code: chat.CodeForbidden, Message: "You may look at this lead, and not change it."}
	}
	return leads[0], nil
}

// lockLeads locks leads that the principal sees, those that were deleted among them or
// not; one that is missing is an error.
func (t *tx) lockLeads(ctx context.Context, p chat.Principal, ids []chat.LeadID, deleted bool) ([]chat.Lead, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	rows, err := t.LockLeads(ctx, db.LockLeadsParams{OrgID: t.org, Ids: texts(ids)})
	if err != nil {
		return nil, err
	}
	leads, err := t.withIdentifiers(ctx, convert(rows, func(r db.LockLeadsRow) db.GetLeadRow { return db.GetLeadRow(r) }))
	if err != nil {
		return nil, err
	}
	leads = slices.DeleteFunc(leads, func(l chat.Lead) bool { return !deleted && !l.DeletedAt.IsZero() || !p.Sees(l.Owner) })
	if len(leads) < len(ids) {
		return nil, chat.NotFound("lead")
	}
	return leads, nil
}

// updateLead changes a locked lead, with everything that follows from it but the
// audit, and returns the names of the fields that are different now.
func (t *tx) updateLead(ctx context.Context, p chat.Principal, before chat.Lead, c LeadChange) ([]string, error) {
	after, fields := c.apply(before)
	if err := t.checkOwner(ctx, before, after); err != nil {
		return nil, err
	}
	custom, err := customRow(after.Custom)
	if err != nil {
		return nil, err
	}
	reached, err := t.changeIdentifiers(ctx, p, before, c.Identifiers)
	if err != nil {
		return nil, err
	}
	fields = append(fields, reached...)
	if len(fields) == 0 {
		return nil, nil
	}
	err = t.Queries.UpdateLead(ctx, db.UpdateLeadParams{
		OrgID: t.org, ID: before.ID, FirstName: after.FirstName, LastName: after.LastName, OwnerID: orNull(after.Owner),
		Source: after.Source, Stage: after.Stage, Custom: custom,
	})
	if err != nil {
		return nil, err
	}
	previous := passed(before.Owner, after.Owner)
	named := before.FirstName != after.FirstName || before.LastName != after.LastName
	return fields, errors.Join(
		t.changeValues(ctx, before.ID, c.Custom),
		t.reindexLead(ctx, before.ID, named || len(reached) > 0),
		t.recordChange(ctx, p, before, after, fields),
		t.raiseConversations(ctx, before.ID, named || before.Owner != after.Owner || len(reached) > 0, previous),
		t.tellLead(ctx, before.ID, previous),
	)
}

// apply returns the lead after the change, and the names of the fields that differ.
func (c LeadChange) apply(l chat.Lead) (after chat.Lead, fields []string) {
	set := func(field chat.LeadField, now *string, to *string) {
		if to != nil && *now != *to {
			*now = *to
			fields = append(fields, string(field))
		}
	}
	set(chat.FieldFirstName, &l.FirstName, c.FirstName)
	set(chat.FieldLastName, &l.LastName, c.LastName)
	set(chat.FieldSource, &l.Source, c.Source)
	set(chat.FieldStage, &l.Stage, c.Stage)
	set(chat.FieldOwner, (*string)(&l.Owner), (*string)(c.Owner))
	custom := slices.Clone(l.Custom)
	for _, v := range c.Custom {
		if l.Value(v.Key) != v.Value {
			fields = append(fields, string(chat.CustomField(v.Key)))
		}
		custom = slices.DeleteFunc(custom, func(o chat.CustomValue) bool { return o.Key == v.Key })
		custom = append(custom, v)
	}
	l.Custom = custom
	return l, fields
}

// checkOwner refuses a new owner who is not an active user of the org.
func (t *tx) checkOwner(ctx context.Context, before, after chat.Lead) error {
	if after.Owner == "" || after.Owner == before.Owner {
		return nil
	}
	active, err := t.UserIsActive(ctx, db.UserIsActiveParams{OrgID: t.org, ID: after.Owner})
	if err == nil && !active {
		err = chat.NotFound("user")
	}
	return err
}

// recordChange adds to the history what a change was.
func (t *tx) recordChange(ctx context.Context, p chat.Principal, before, after chat.Lead, fields []string) error {
	var err error
	if before.Owner != after.Owner {
		err = t.activity(ctx, chat.Activity{
			Lead: before.ID, Kind: chat.ActivityAssigned, Actor: p.User,
			Detail: map[string]string{"owner_id": string(after.Owner), "from_id": string(before.Owner)},
		})
	}
	changed := slices.DeleteFunc(slices.Clone(fields), func(f string) bool {
		switch chat.LeadField(f) {
		case chat.FieldOwner, chat.FieldPhone, chat.FieldEmail, chat.FieldWhatsApp:
			return true // told by an activity of their own
		default:
			return false
		}
	})
	if len(changed) == 0 {
		return err
	}
	return errors.Join(err, t.activity(ctx, chat.Activity{Lead: before.ID, Kind: chat.ActivityUpdated, Actor: p.User, Fields: changed}))
}

// reindexLead stores anew what a lead is found by.
func (t *tx) reindexLead(ctx context.Context, id chat.LeadID, needed bool) error {
	if !needed {
		return nil
	}
	lead, err := t.lead(ctx, id)
	if err != nil {
		return err
	}
	return errors.Join(t.later.DeleteTerms(ctx, db.DeleteTermsParams{OrgID: t.org, LeadID: id}), t.queueTerms(ctx, lead))
}

// raiseConversations raises the versions of a lead's conversations and lets the org know
// of them, because they show what was changed. previous is as for tellLead.
func (t *tx) raiseConversations(ctx context.Context, id chat.LeadID, needed bool, previous chat.UserID) error {
	if !needed {
		return nil
	}
	return t.raiseEach(ctx, id, func(chat.ConversationID) chat.UserID { return previous })
}

// raiseEach is raiseConversations where not all of them had the same owner before.
func (t *tx) raiseEach(ctx context.Context, id chat.LeadID, previous func(chat.ConversationID) chat.UserID) error {
	raised, err := t.RaiseConversations(ctx, db.RaiseConversationsParams{OrgID: t.org, LeadID: id})
	if err != nil || len(raised) == 0 {
		return err
	}
	rows, err := t.ConversationsByID(ctx, db.ConversationsByIDParams{OrgID: t.org, Ids: texts(raised)})
	if err != nil {
		return err
	}
	for _, row := range rows {
		c := conversationOf(row)
		if err := t.publish(chat.OrgTopic(t.org), chat.Event{Conversation: &c, Owner: c.Owner, PreviousOwner: previous(c.ID)}); err != nil {
			return err
		}
	}
	return nil
}
