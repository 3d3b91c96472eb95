package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

func convert[In, Out any](in []In, to func(In) Out) []Out {
	out := make([]Out, len(in))
	for i, v := range in {
		out[i] = to(v)
	}
	return out
}

// Lead returns one lead that the principal may see.
func (s *Store) Lead(ctx context.Context, p chat.Principal, id chat.LeadID) (chat.Lead, error) {
	var out chat.Lead
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.seeLead(ctx, p, id); err != nil {
			return err
		}
		var err error
		out, err = t.lead(ctx, id)
		return err
	})
	return out, err
}

func (t *tx) lead(ctx context.Context, id chat.LeadID) (chat.Lead, error) {
	row, err := t.GetLead(ctx, db.GetLeadParams{OrgID: t.org, ID: id})
	if err != nil {
		return chat.Lead{}, notFound(err, "lead")
	}
	leads, err := t.withIdentifiers(ctx, []db.GetLeadRow{row})
	if err != nil {
		return chat.Lead{}, err
	}
	return leads[0], nil
}

func (t *tx) withIdentifiers(ctx context.Context, rows []db.GetLeadRow) ([]chat.Lead, error) {
	out := make([]chat.Lead, len(rows))
	place := make(map[chat.LeadID]int, len(rows))
	ids := make([]string, len(rows))
	for i, r := range rows {
		out[i] = chat.Lead{
			ID: r.ID, FirstName: r.FirstName, LastName: r.LastName, Owner: zero(r.OwnerID), OwnerName: r.OwnerName,
			Source: r.Source, Stage: r.Stage, CreatedAt: r.CreatedAt, ModifiedAt: r.ModifiedAt, Version: r.Version,
			DeletedAt: zero(r.DeletedAt),
		}
		var err error
		if out[i].Custom, err = customOf(r.Custom); err != nil {
			return nil, err
		}
		place[r.ID] = i
		ids[i] = string(r.ID)
	}
	if len(rows) == 0 {
		return out, nil
	}
	identifiers, err := t.IdentifiersOfLeads(ctx, db.IdentifiersOfLeadsParams{OrgID: t.org, LeadIds: ids})
	for _, i := range identifiers {
		lead := &out[place[i.LeadID]]
		lead.Identifiers = append(lead.Identifiers, identifierOf(i))
	}
	return out, err
}

// CreateLead stores a new lead with its identifiers. An identifier that belongs to
// another lead of the org is a conflict.
func (s *Store) CreateLead(ctx context.Context, org chat.OrgID, lead chat.Lead) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		taken, err := t.insertLead(ctx, lead)
		if err == nil && taken {
			return &chat.Error{Code: chat.CodeConflict, Field: "identifiers", Message: "Another lead has this number or address."}
		}
		return err
	})
}

// CreateLeads stores many new leads in one transaction. An identifier that belongs
// to another lead, in the list or in the org, stores none of them and is a conflict.
func (s *Store) CreateLeads(ctx context.Context, org chat.OrgID, leads []chat.Lead) error {
	err := s.inOrg(ctx, org, func(t *tx) error {
		fields, err := t.customFields(ctx)
		if err != nil {
			return err
		}
		return errors.Join(t.queueLeads(ctx, leads), t.queueAllValues(ctx, fields, leads))
	})
	if isUnique(err, "") {
		return &chat.Error{Code: chat.CodeConflict, Field: "identifiers", Message: "Another lead has one of these numbers or addresses."}
	}
	return err
}

func newLeadRow(org chat.OrgID, lead chat.Lead) (db.InsertLeadParams, error) {
	created := lead.CreatedAt
	if created.IsZero() {
		created = time.Now()
	}
	custom, err := customRow(lead.Custom)
	return db.InsertLeadParams{
		OrgID: org, ID: lead.ID, FirstName: lead.FirstName, LastName: lead.LastName, OwnerID: orNull(lead.Owner),
		Source: lead.Source, Stage: lead.Stage, Custom: custom, CreatedAt: created,
	}, err
}

// insertLead stores a lead. taken is true when an identifier belongs to another
// lead already, perhaps since a moment ago; the transaction is then to be undone.
func (t *tx) insertLead(ctx context.Context, lead chat.Lead) (taken bool, err error) {
	row, err := newLeadRow(t.org, lead)
	if err != nil {
		return false, err
	}
	if err := t.InsertLead(ctx, row); err != nil {
		return false, err
	}
	for i, identifier := range lead.Identifiers {
		if taken, err = t.insertIdentifier(ctx, lead.ID, identifier, i); taken || err != nil {
			return taken, err
		}
	}
	return false, t.queueTerms(ctx, lead)
}

func (t *tx) insertIdentifier(ctx context.Context, lead chat.LeadID, i chat.Identifier, position int) (taken bool, err error) {
	inserted, err := t.InsertIdentifier(ctx, db.InsertIdentifierParams{
		OrgID: t.org, ID: i.ID, LeadID: lead, Kind: i.Kind, Value: i.Value, Label: i.Label, Position: position, Invalid: i.Invalid,
	})
	if err != nil || inserted == 0 {
		return inserted == 0, err
	}
	return false, t.suppress(ctx, i)
}

// restoreLead brings a deleted lead back: somebody asked for it, or the lead wrote.
func (t *tx) restoreLead(ctx context.Context, p chat.Principal, id chat.LeadID) error {
	restored, err := t.RestoreLead(ctx, db.RestoreLeadParams{OrgID: t.org, ID: id})
	if err != nil || restored == 0 {
		return err
	}
	if err := t.activity(ctx, chat.Activity{Lead: id, Kind: chat.ActivityRestored, Actor: p.User}); err != nil {
		return err
	}
	return t.tellLead(ctx, id, "")
}

// passed is the PreviousOwner of an event about a lead that one had before and another
// has now, "" for nobody; it is "" when they are the same.
func passed(before, now chat.UserID) chat.UserID {
	switch before {
	case now:
		return ""
	case "":
		return chat.Nobody
	default:
		return before
	}
}

// tellLead lets the org know of a lead as it is after the statements so far. previous is
// as passed returns it.
func (t *tx) tellLead(ctx context.Context, id chat.LeadID, previous chat.UserID) error {
	lead, err := t.lead(ctx, id)
	if err != nil {
		return err
	}
	return t.publish(chat.OrgTopic(t.org), chat.Event{Lead: &lead, Owner: lead.Owner, PreviousOwner: previous})
}

// customRow is how the values of custom fields are stored.
func customRow(values []chat.CustomValue) ([]byte, error) {
	out := map[string]string{}
	for _, v := range values {
		if v.Value != "" {
			out[v.Key] = v.Value
		}
	}
	encoded, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("encode custom fields: %w", err)
	}
	return encoded, nil
}

func customOf(row []byte) ([]chat.CustomValue, error) {
	if len(row) <= len("{}") {
		return nil, nil
	}
	values := map[string]string{}
	if err := json.Unmarshal(row, &values); err != nil {
		return nil, fmt.Errorf("read custom fields: %w", err)
	}
	var out []chat.CustomValue
	for _, key := range slices.Sorted(maps.Keys(values)) {
		out = append(out, chat.CustomValue{Key: key, Value: values[key]})
	}
	return out, nil
}
