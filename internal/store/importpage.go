package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// ImportPage are rows of an import that are to be dealt with in one transaction.
type ImportPage struct {
	Import chat.ImportID
	// From is how many rows come before them. Another worker may have gone further by
	// now: then nothing happens.
	From int
	// Identifiers are all that the rows name.
	Identifiers []chat.Identifier
	// Problems is how many problems an import keeps at most.
	Problems int
}

// ImportedPage is what becomes of a page.
type ImportedPage struct {
	// Made are new leads, Changed those that are stored again.
	Made, Changed []chat.Lead
	// Listed go into the import's list, if it has one.
	Listed []chat.LeadID
	// Rows are what became of each row, in order.
	Rows     []ImportedRow
	Problems []chat.RowProblem
}

// ImportedRow is what became of a row.
type ImportedRow struct {
	Outcome chat.RowOutcome
	// Lead is who was made or changed. May be empty.
	Lead chat.LeadID
	// Why is in words for the user, without values.
	Why string
}

// pageTries is how often a page is begun anew when somebody else makes one of its leads
// meanwhile.
const pageTries = 5

// ImportPage deals with a page in one transaction, and returns the import as it is then.
// decide gets the leads that have the page's identifiers, locked, and which of them this
// import has made; it may be called more than once.
func (s *Store) ImportPage(ctx context.Context, p chat.Principal, page ImportPage, decide func(found []chat.Lead, ours []chat.LeadID) ImportedPage) (chat.Import, error) {
	for try := 1; ; try++ {
		var out chat.Import
		err := s.inOrg(ctx, p.Org, func(t *tx) error {
			var err error
			out, err = t.importPage(ctx, p, page, decide)
			return err
		})
		if try == pageTries || !isUnique(err, "") && chat.CodeOf(err) != chat.CodeConflict {
			return out, err
		}
	}
}

func (t *tx) importPage(ctx context.Context, p chat.Principal, page ImportPage, decide func([]chat.Lead, []chat.LeadID) ImportedPage) (chat.Import, error) {
	i, err := t.lockImport(ctx, p, page.Import)
	if err != nil || i.State != chat.ImportImporting || i.Counts.Handled != page.From {
		return i, err
	}
	found, err := t.leadsByIdentifiers(ctx, page.Identifiers)
	if err != nil {
		return i, err
	}
	ours, err := t.MadeByImport(ctx, db.MadeByImportParams{OrgID: t.org, ImportID: i.ID, LeadIds: texts(leadIDs(found))})
	if err != nil {
		return i, err
	}
	work := decide(slices.Clone(found), convert(ours, zero[chat.LeadID]))
	if err := t.writePage(ctx, p, i, page.From, found, work); err != nil {
		return i, err
	}
	for _, row := range work.Rows {
		i.Counts.Add(row.Outcome)
	}
	i.Problems = append(i.Problems, work.Problems...)
	i.Problems = i.Problems[:min(len(i.Problems), page.Problems)]
	if len(work.Made)+len(work.Changed) > 0 {
		if err := t.publish(chat.OrgTopic(t.org), chat.Event{LeadsChanged: &chat.LeadsChanged{}}); err != nil {
			return i, err
		}
	}
	return i, t.setImport(ctx, i)
}

func (t *tx) writePage(ctx context.Context, p chat.Principal, i chat.Import, from int, found []chat.Lead, work ImportedPage) error {
	versions := map[chat.LeadID]int{}
	for _, lead := range work.Made {
		versions[lead.ID] = 1
	}
	fields, err := t.customFields(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(t.queueLeads(ctx, work.Made), t.queueAllValues(ctx, fields, work.Made)); err != nil {
		return err
	}
	for _, lead := range work.Changed {
		before := found[slices.IndexFunc(found, func(l chat.Lead) bool { return l.ID == lead.ID })]
		said := len(t.events)
		fields, err := t.updateLead(ctx, p, before, changeTo(before, lead))
		if err != nil {
			return err
		}
		if lead.Owner == before.Owner {
			t.events = t.events[:said] // it is said once for all leads
		}
		versions[lead.ID] = before.Version + min(len(fields), 1)
	}
	if err := t.imported(ctx, p, i, slices.Concat(leadIDs(work.Made), leadIDs(work.Changed))); err != nil {
		return err
	}
	if i.Settings.List != "" && len(work.Listed) > 0 {
		_, err := t.later.AddListMembers(ctx, db.AddListMembersParams{OrgID: t.org, ListID: i.Settings.List, LeadIds: texts(work.Listed)})
		if err != nil {
			return err
		}
	}
	rows := db.InsertImportRowsParams{OrgID: t.org, ImportID: i.ID}
	for n, row := range work.Rows {
		rows.Places = append(rows.Places, from+n+1)
		rows.Outcomes, rows.LeadIds = append(rows.Outcomes, string(row.Outcome)), append(rows.LeadIds, string(row.Lead))
		rows.Versions, rows.Whys = append(rows.Versions, versions[row.Lead]), append(rows.Whys, row.Why)
	}
	return t.later.InsertImportRows(ctx, rows)
}

// changeTo is what makes one lead the other: identifiers are only ever added.
func changeTo(before, after chat.Lead) LeadChange {
	c := LeadChange{
		ID: before.ID, FirstName: &after.FirstName, LastName: &after.LastName, Source: &after.Source, Stage: &after.Stage, Owner: &after.Owner,
	}
	for _, v := range after.Custom {
		if before.Value(v.Key) != v.Value {
			c.Custom = append(c.Custom, v)
		}
	}
	if len(after.Identifiers) == len(before.Identifiers) {
		return c
	}
	for n, i := range after.Identifiers {
		if n < len(before.Identifiers) {
			c.Identifiers = append(c.Identifiers, IdentifierChange{ID: i.ID, Kind: i.Kind})
		} else {
			c.Identifiers = append(c.Identifiers, IdentifierChange{Kind: i.Kind, Value: &i.Value, Label: &i.Label})
		}
	}
	return c
}

// imported adds to the history of leads that the import made or changed them.
func (t *tx) imported(ctx context.Context, p chat.Principal, i chat.Import, leads []chat.LeadID) error {
	if len(leads) == 0 {
		return nil
	}
	detail, err := json.Marshal(map[string]string{"import_id": string(i.ID)})
	if err != nil {
		return fmt.Errorf("encode the detail of an activity: %w", err)
	}
	ids := convert(leads, func(chat.LeadID) string { return string(chat.NewID[chat.ActivityID]()) })
	return t.later.InsertActivities(ctx, db.InsertActivitiesParams{
		OrgID: t.org, Ids: ids, LeadIds: texts(leads), Kind: chat.ActivityImported, At: time.Now(), ActorID: orNull(p.User), Detail: detail,
	})
}

// LeadsByIdentifiers returns the leads of the org that have any of the identifiers,
// whoever owns them: what of them is told to anybody is the caller's to decide.
func (s *Store) LeadsByIdentifiers(ctx context.Context, org chat.OrgID, identifiers []chat.Identifier) ([]chat.Lead, error) {
	var out []chat.Lead
	err := s.inOrg(ctx, org, func(t *tx) error {
		var err error
		out, err = t.leadsByIdentifiers(ctx, identifiers)
		return err
	})
	return out, err
}

// leadsByIdentifiers locks the leads, so that what is decided about them stays true to
// the commit.
func (t *tx) leadsByIdentifiers(ctx context.Context, identifiers []chat.Identifier) ([]chat.Lead, error) {
	if len(identifiers) == 0 {
		return nil, nil
	}
	q := db.LeadsByIdentifiersParams{OrgID: t.org}
	for _, i := range identifiers {
		q.Kinds, q.Values = append(q.Kinds, string(i.Kind)), append(q.Values, i.Value)
	}
	rows, err := t.LeadsByIdentifiers(ctx, q)
	if err != nil {
		return nil, err
	}
	return t.withIdentifiers(ctx, convert(rows, func(r db.LeadsByIdentifiersRow) db.GetLeadRow { return db.GetLeadRow(r) }))
}

func leadIDs(leads []chat.Lead) []chat.LeadID {
	return convert(leads, func(l chat.Lead) chat.LeadID { return l.ID })
}

// ImportRows returns what became of the rows of an import, in order.
func (s *Store) ImportRows(ctx context.Context, org chat.OrgID, id chat.ImportID) ([]ImportedRow, error) {
	var out []ImportedRow
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.Queries.ImportRows(ctx, db.ImportRowsParams{OrgID: org, ImportID: id})
		out = convert(rows, func(r db.ImportRowsRow) ImportedRow {
			return ImportedRow{Outcome: r.Outcome, Lead: zero(r.LeadID), Why: r.Why}
		})
		return err
	})
	return out, err
}

// PickedLeads returns those of some leads that the principal may see, in their order.
func (s *Store) PickedLeads(ctx context.Context, p chat.Principal, ids []chat.LeadID) ([]chat.Lead, error) {
	var out []chat.Lead
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		leads, err := t.leadsByID(ctx, ids)
		out = slices.DeleteFunc(leads, func(l chat.Lead) bool { return !l.DeletedAt.IsZero() || !p.Sees(l.Owner) })
		return err
	})
	return out, err
}
