package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// changeIdentifiers makes a lead's identifiers what they are to be, and returns the
// fields that differ then. Nil leaves them all.
func (t *tx) changeIdentifiers(ctx context.Context, p chat.Principal, lead chat.Lead, changes []IdentifierChange) ([]string, error) {
	if changes == nil {
		return nil, nil
	}
	used, err := t.IdentifiersInUse(ctx, db.IdentifiersInUseParams{OrgID: t.org, LeadID: lead.ID})
	if err != nil {
		return nil, err
	}
	e := identifierEdit{tx: t, p: p, lead: lead, used: used}
	kept := map[chat.IdentifierID]bool{}
	for position, c := range changes {
		if c.ID == "" {
			err = e.add(ctx, position, c)
		} else {
			kept[c.ID] = true
			err = e.change(ctx, position, c)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, i := range lead.Identifiers {
		if !kept[i.ID] {
			if err := e.remove(ctx, i); err != nil {
				return nil, err
			}
		}
	}
	return e.fields, nil
}

// identifierEdit is one change of a lead's identifiers under way.
type identifierEdit struct {
	*tx
	p      chat.Principal
	lead   chat.Lead
	used   []chat.IdentifierID
	fields []string
}

// did notes that an identifier of a kind is different now.
func (e *identifierEdit) did(ctx context.Context, what chat.ActivityKind, kind chat.IdentifierKind) error {
	if !slices.Contains(e.fields, string(kind)) {
		e.fields = append(e.fields, string(kind))
	}
	return e.activity(ctx, chat.Activity{Lead: e.lead.ID, Kind: what, Actor: e.p.User, Fields: []string{string(kind)}})
}

func (e *identifierEdit) add(ctx context.Context, position int, c IdentifierChange) error {
	i := chat.Identifier{
		ID: chat.NewID[chat.IdentifierID](), Kind: c.Kind, Value: zero(c.Value), Label: zero(c.Label), Invalid: c.Invalid,
	}
	taken, err := e.insertIdentifier(ctx, e.lead.ID, i, position)
	if err != nil {
		return err
	}
	if taken {
		return e.takenBy(ctx, e.p, position, i)
	}
	return e.did(ctx, chat.ActivityIdentifierAdded, i.Kind)
}

func (e *identifierEdit) change(ctx context.Context, position int, c IdentifierChange) error {
	place := slices.IndexFunc(e.lead.Identifiers, func(i chat.Identifier) bool { return i.ID == c.ID })
	if place < 0 {
		return chat.NotFound("identifier of this lead")
	}
	before := e.lead.Identifiers[place]
	after := before
	if c.Value != nil {
		after.Value, after.Invalid = *c.Value, c.Invalid
	}
	if c.Label != nil {
		after.Label = *c.Label
	}
	if after.Value != before.Value {
		if err := e.mustStay(before, fmt.Sprintf("identifiers[%d].value", position)); err != nil {
			return err
		}
		others, err := e.IdentifiersByValue(ctx, db.IdentifiersByValueParams{OrgID: e.org, Kinds: []string{string(after.Kind)}, Values: []string{after.Value}})
		if err != nil {
			return err
		}
		if len(others) > 0 {
			return e.takenBy(ctx, e.p, position, after)
		}
	}
	if after.Value == before.Value && after.Label == before.Label && after.Invalid == before.Invalid && place == position {
		return nil
	}
	err := e.UpdateIdentifier(ctx, db.UpdateIdentifierParams{
		OrgID: e.org, ID: after.ID, Value: after.Value, Label: after.Label, Position: position, Invalid: after.Invalid,
	})
	if err != nil {
		return err
	}
	return e.did(ctx, chat.ActivityIdentifierChanged, after.Kind)
}

func (e *identifierEdit) remove(ctx context.Context, i chat.Identifier) error {
	if err := e.mustStay(i, "identifiers"); err != nil {
		return err
	}
	if err := e.DeleteIdentifier(ctx, db.DeleteIdentifierParams{OrgID: e.org, ID: i.ID}); err != nil {
		return err
	}
	return e.did(ctx, chat.ActivityIdentifierRemoved, i.Kind)
}

// mustStay refuses to take away an identifier that something hangs on.
func (e *identifierEdit) mustStay(i chat.Identifier, field string) error {
	switch {
	case i.OptedOut():
		return &chat.Error{
			Code: chat.CodeBlocked, Reason: chat.ReasonIdentifierStays, Field: field,
			Message: "This lead opted out with it, which has to stay on record. Add the new one beside it.",
		}
	case slices.Contains(e.used, i.ID):
		return &chat.Error{
			Code: chat.CodeBlocked, Reason: chat.ReasonIdentifierStays, Field: field,
			Message: "There is a conversation with it, which would lose whom it is with. Add the new one beside it.",
		}
	}
	return nil
}

// takenBy says that another lead has an identifier, and which one to those who may see
// both the lead and such values.
func (t *tx) takenBy(ctx context.Context, p chat.Principal, place int, i chat.Identifier) error {
	e := &chat.Error{
		Code: chat.CodeConflict, Reason: chat.ReasonIdentifierTaken, Field: fmt.Sprintf("identifiers[%d].value", place),
		Message: "Another lead has this " + i.Kind.Words() + ".",
	}
	others, err := t.IdentifiersByValue(ctx, db.IdentifiersByValueParams{OrgID: t.org, Kinds: []string{string(i.Kind)}, Values: []string{i.Value}})
	if err != nil {
		return err
	}
	if len(others) == 0 || p.Rights().Masks[chat.LeadField(i.Kind)] != "" {
		return e
	}
	rows, err := t.LockLeads(ctx, db.LockLeadsParams{OrgID: t.org, Ids: []string{string(others[0].LeadID)}})
	if err != nil {
		return err
	}
	for _, row := range rows {
		switch {
		case !p.Sees(zero(row.OwnerID)):
		case row.DeletedAt != nil:
			e.Lead, e.Message = row.ID, "A lead that was deleted has this "+i.Kind.Words()+". Restore it instead."
		default:
			e.Lead = row.ID
		}
	}
	return e
}

// identifierTaken says in the user's words that another transaction was first.
func identifierTaken(err error) error {
	if isUnique(err, "identifiers_org_id_kind_value_key") {
		return &chat.Error{
			Code: chat.CodeConflict, Reason: chat.ReasonIdentifierTaken, Field: "identifiers",
			Message: "Another lead has one of these numbers or addresses.",
		}
	}
	return err
}

// SetOptOut notes that the lead asked to be left alone under an identifier, or no
// longer does. It returns the lead.
func (s *Store) SetOptOut(ctx context.Context, p chat.Principal, id chat.IdentifierID, out bool, reason string) (chat.Lead, error) {
	var lead chat.Lead
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		identifier, err := t.GetIdentifier(ctx, db.GetIdentifierParams{OrgID: t.org, ID: id})
		if err != nil {
			return notFound(err, "identifier")
		}
		if lead, err = t.lockLead(ctx, p, identifier.LeadID, p.Rights().Edit); err != nil {
			if chat.CodeOf(err) == chat.CodeNotFound {
				err = chat.NotFound("identifier")
			}
			return err
		}
		if identifier.OptedOutAt != nil == out && (out || len(identifier.Stops) == 0) {
			return nil
		}
		if err := t.setOptOut(ctx, p, identifierOf(identifier), lead.ID, out, "user", reason); err != nil {
			return err
		}
		if lead, err = t.lead(ctx, lead.ID); err != nil {
			return err
		}
		action := "lead.opted_in"
		if out {
			action = "lead.opted_out"
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: action, Object: string(lead.ID), Fields: []string{string(identifier.Kind)}})
	})
	return lead, err
}

// setOptOut changes the opt-out of an identifier of a locked lead, with everything that
// follows from it but the audit.
func (t *tx) setOptOut(ctx context.Context, p chat.Principal, i chat.Identifier, lead chat.LeadID, out bool, source, reason string) error {
	change, kind := db.SetOptOutParams{OrgID: t.org, ID: i.ID}, chat.ActivityOptedIn
	if out {
		change.OptedOutAt, change.OptOutSource, change.OptOutReason, kind = orNull(time.Now()), source, reason, chat.ActivityOptedOut
	}
	if err := t.Queries.SetOptOut(ctx, change); err != nil {
		return err
	}
	before, err := t.lead(ctx, lead)
	if err != nil {
		return err
	}
	return errors.Join(t.touchLead(ctx, before),
		t.activity(ctx, chat.Activity{Lead: lead, Kind: kind, Actor: p.User, Fields: []string{string(i.Kind)}, Detail: map[string]string{"source": source}}),
		t.raiseConversations(ctx, lead, true, ""), t.tellLead(ctx, lead, ""))
}

// touchLead raises a lead's version and leaves its fields as they are.
func (t *tx) touchLead(ctx context.Context, l chat.Lead) error {
	custom, err := customRow(l.Custom)
	if err != nil {
		return err
	}
	return t.Queries.UpdateLead(ctx, db.UpdateLeadParams{
		OrgID: t.org, ID: l.ID, FirstName: l.FirstName, LastName: l.LastName, OwnerID: orNull(l.Owner), Source: l.Source, Stage: l.Stage,
		Custom: custom,
	})
}
