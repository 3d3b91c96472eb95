package store

import (
	"context"
	"errors"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// queueLeads stores new leads together with the commit. It costs as many statements as
// one lead does.
func (t *tx) queueLeads(ctx context.Context, leads []chat.Lead) error {
	if len(leads) == 0 {
		return nil
	}
	rows := db.InsertLeadsParams{OrgID: t.org}
	reached := db.InsertNewIdentifiersParams{OrgID: t.org}
	var identifiers []chat.Identifier
	for _, lead := range leads {
		row, err := newLeadRow(t.org, lead)
		if err != nil {
			return err
		}
		rows.Ids, rows.OwnerIds = append(rows.Ids, string(row.ID)), append(rows.OwnerIds, string(lead.Owner))
		rows.FirstNames, rows.LastNames = append(rows.FirstNames, row.FirstName), append(rows.LastNames, row.LastName)
		rows.Sources, rows.Stages = append(rows.Sources, row.Source), append(rows.Stages, row.Stage)
		rows.Customs, rows.CreatedAts = append(rows.Customs, string(row.Custom)), append(rows.CreatedAts, row.CreatedAt)
		for place, i := range lead.Identifiers {
			addIdentifier(&reached, lead.ID, place, i)
		}
		identifiers = append(identifiers, lead.Identifiers...)
	}
	err := t.later.InsertLeads(ctx, rows)
	if len(identifiers) > 0 {
		err = errors.Join(err, t.later.InsertNewIdentifiers(ctx, reached), t.suppress(ctx, identifiers...))
	}
	return errors.Join(err, t.queueTerms(ctx, leads...))
}

func addIdentifier(p *db.InsertNewIdentifiersParams, lead chat.LeadID, place int, i chat.Identifier) {
	optedOut := ""
	if i.OptedOut() {
		optedOut = i.OptedOutAt.Format(time.RFC3339Nano)
	}
	p.Ids, p.LeadIds = append(p.Ids, string(i.ID)), append(p.LeadIds, string(lead))
	p.Kinds, p.Values, p.Labels = append(p.Kinds, string(i.Kind)), append(p.Values, i.Value), append(p.Labels, i.Label)
	p.Positions, p.Invalids = append(p.Positions, place), append(p.Invalids, i.Invalid)
	p.OptedOutAts = append(p.OptedOutAts, optedOut)
	p.Sources, p.Reasons = append(p.Sources, i.OptOutSource), append(p.Reasons, i.OptOutReason)
}

// queueAllValues stores the custom values of new leads together with the commit.
func (t *tx) queueAllValues(ctx context.Context, fields []chat.Field, leads []chat.Lead) error {
	var err error
	for _, lead := range leads {
		if len(lead.Custom) > 0 {
			err = errors.Join(err, t.queueValues(ctx, fields, lead.ID, lead.Custom))
		}
	}
	return err
}
