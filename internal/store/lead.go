package store

import (
	"context"
	"errors"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// endOfPrefix sorts after every text that begins with the same words: the highest
// code point, compared bytewise.
const endOfPrefix = "\U0010FFFF"

// SearchLeads finds leads that have, for each word, a term beginning with it.
// Words must be in the form of LeadTerms; at least one and at most five are used.
// With no word it returns the leads changed last.
func (s *Store) SearchLeads(ctx context.Context, org chat.OrgID, words []string, most int) ([]chat.Lead, error) {
	var out []chat.Lead
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.searchLeads(ctx, words, most)
		if err != nil {
			return err
		}
		out, err = t.withIdentifiers(ctx, rows)
		return err
	})
	return out, err
}

func (t *tx) searchLeads(ctx context.Context, words []string, most int) ([]db.GetLeadRow, error) {
	if len(words) == 0 {
		rows, err := t.RecentLeads(ctx, db.RecentLeadsParams{OrgID: t.org, Most: int32(most)})
		return convert(rows, func(r db.RecentLeadsRow) db.GetLeadRow { return db.GetLeadRow(r) }), err
	}
	p := db.SearchLeadsParams{OrgID: t.org, FromTerm: words[0], UptoTerm: words[0] + endOfPrefix, Most: int32(most)}
	for _, word := range words[1:min(len(words), 5)] {
		p.MoreFrom = append(p.MoreFrom, word)
		p.MoreUpto = append(p.MoreUpto, word+endOfPrefix)
	}
	rows, err := t.Queries.SearchLeads(ctx, p)
	return convert(rows, func(r db.SearchLeadsRow) db.GetLeadRow { return db.GetLeadRow(r) }), err
}

func convert[In, Out any](in []In, to func(In) Out) []Out {
	out := make([]Out, len(in))
	for i, v := range in {
		out[i] = to(v)
	}
	return out
}

// Lead returns one lead.
func (s *Store) Lead(ctx context.Context, org chat.OrgID, id chat.LeadID) (chat.Lead, error) {
	var out chat.Lead
	err := s.inOrg(ctx, org, func(t *tx) error {
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
			Source: r.Source, Stage: r.Stage, CreatedAt: r.CreatedAt, ModifiedAt: r.ModifiedAt,
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
		for _, lead := range leads {
			if err := t.queueLead(ctx, lead); err != nil {
				return err
			}
		}
		return nil
	})
	if isUnique(err, "") {
		return &chat.Error{Code: chat.CodeConflict, Field: "identifiers", Message: "Another lead has one of these numbers or addresses."}
	}
	return err
}

// queueLead stores a lead together with the commit.
func (t *tx) queueLead(ctx context.Context, lead chat.Lead) error {
	err := t.later.InsertLead(ctx, newLeadRow(t.org, lead))
	for i, identifier := range lead.Identifiers {
		err = errors.Join(err, t.later.InsertNewIdentifier(ctx, db.InsertNewIdentifierParams{
			OrgID: t.org, ID: identifier.ID, LeadID: lead.ID, Kind: identifier.Kind, Value: identifier.Value, Label: identifier.Label, Position: i,
		}))
	}
	return errors.Join(err, t.later.InsertTerms(ctx, db.InsertTermsParams{OrgID: t.org, LeadID: lead.ID, Terms: chat.LeadTerms(lead)}))
}

func newLeadRow(org chat.OrgID, lead chat.Lead) db.InsertLeadParams {
	created := lead.CreatedAt
	if created.IsZero() {
		created = time.Now()
	}
	return db.InsertLeadParams{
		OrgID: org, ID: lead.ID, FirstName: lead.FirstName, LastName: lead.LastName, OwnerID: orNull(lead.Owner),
		Source: lead.Source, Stage: lead.Stage, CreatedAt: created,
	}
}

// insertLead stores a lead. taken is true when an identifier belongs to another
// lead already, perhaps since a moment ago; the transaction is then to be undone.
func (t *tx) insertLead(ctx context.Context, lead chat.Lead) (taken bool, err error) {
	err = t.InsertLead(ctx, newLeadRow(t.org, lead))
	if err != nil {
		return false, err
	}
	for i, identifier := range lead.Identifiers {
		if taken, err = t.insertIdentifier(ctx, lead.ID, identifier, i); taken || err != nil {
			return taken, err
		}
	}
	return false, t.InsertTerms(ctx, db.InsertTermsParams{OrgID: t.org, LeadID: lead.ID, Terms: chat.LeadTerms(lead)})
}

func (t *tx) insertIdentifier(ctx context.Context, lead chat.LeadID, i chat.Identifier, position int) (taken bool, err error) {
	inserted, err := t.InsertIdentifier(ctx, db.InsertIdentifierParams{
		OrgID: t.org, ID: i.ID, LeadID: lead, Kind: i.Kind, Value: i.Value, Label: i.Label, Position: position,
	})
	return inserted == 0, err
}
