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

// ImportAtWork is an import and whoever began it, as they are now.
func (s *Store) ImportAtWork(ctx context.Context, org chat.OrgID, id chat.ImportID) (chat.Principal, chat.Import, error) {
	var p chat.Principal
	var i chat.Import
	err := s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.GetImport(ctx, db.GetImportParams{OrgID: org, ID: id})
		if err != nil {
			return notFound(err, "import")
		}
		if i, err = importOf(row); err != nil {
			return err
		}
		p, err = t.atWork(ctx, row.UserID)
		return err
	})
	return p, i, err
}

// atWork is a user for whom a job works, as they are now. One who is not active any
// more may do nothing.
func (t *tx) atWork(ctx context.Context, user chat.UserID) (chat.Principal, error) {
	p := chat.Principal{Org: t.org, User: user, Access: &chat.Access{View: chat.ScopeNone, Edit: chat.ScopeNone, Delete: chat.ScopeNone, Export: chat.ScopeNone}}
	row, err := t.UserAtWork(ctx, db.UserAtWorkParams{OrgID: t.org, UserID: user})
	if errors.Is(err, pgx.ErrNoRows) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p.Name, p.Role, p.AccessVersion, p.Access = row.Name, row.Role, row.AccessVersion, nil
	if row.Access != nil {
		p.Access = &chat.Access{}
		if err := json.Unmarshal(row.Access, p.Access); err != nil {
			return p, fmt.Errorf("read a user's access: %w", err)
		}
	}
	return p, nil
}

// FilesOfTransfer are the keys of the files that a transfer has.
func (s *Store) FilesOfTransfer(ctx context.Context, work Transfer) ([]string, error) {
	var out []string
	err := s.inOrg(ctx, work.Org, func(t *tx) error {
		if work.Export != "" {
			row, err := t.GetExport(ctx, db.GetExportParams{OrgID: work.Org, ID: work.Export})
			out = []string{row.FileKey}
			return err
		}
		row, err := t.FilesOfImport(ctx, db.FilesOfImportParams{OrgID: work.Org, ID: work.Import})
		out = []string{row.FileKey, row.ResultKey}
		return err
	})
	return slices.DeleteFunc(out, func(key string) bool { return key == "" }), err
}

// ForgetFiles takes the files from a transfer whose bytes are gone. What became of it
// stays.
func (s *Store) ForgetFiles(ctx context.Context, work Transfer) error {
	return s.inOrg(ctx, work.Org, func(t *tx) error {
		if work.Export != "" {
			return t.later.ForgetExportFile(ctx, db.ForgetExportFileParams{OrgID: work.Org, ID: work.Export})
		}
		return t.later.ForgetImportFiles(ctx, db.ForgetImportFilesParams{OrgID: work.Org, ID: work.Import})
	})
}

// UndoImportPage deletes up to most leads that an import made and that are as it left
// them, and says at which row it came to. It is done when the import is undone.
func (s *Store) UndoImportPage(ctx context.Context, p chat.Principal, id chat.ImportID, most int) (chat.Import, error) {
	var i chat.Import
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		var err error
		if i, err = t.lockImport(ctx, p, id); err != nil || i.State != chat.ImportUndoing {
			return err
		}
		rows, err := t.UntouchedOfImport(ctx, db.UntouchedOfImportParams{OrgID: t.org, ImportID: id, After: i.Counts.Handled, Most: int32(most)})
		if err != nil {
			return err
		}
		undone := db.RowsUndoneParams{OrgID: t.org, ImportID: id}
		for _, row := range rows {
			undone.Places = append(undone.Places, row.Place)
			i.Counts.Handled = row.Place
			if err := errors.Join(
				t.later.DeleteLead(ctx, db.DeleteLeadParams{OrgID: t.org, ID: row.ID, DeletedBy: orNull(p.User)}),
				t.activity(ctx, chat.Activity{Lead: row.ID, Kind: chat.ActivityDeleted, Actor: p.User, Detail: map[string]string{"import_id": string(id)}}),
			); err != nil {
				return err
			}
		}
		i.Counts.Created -= len(rows)
		if len(rows) > 0 {
			if err := errors.Join(t.later.RowsUndone(ctx, undone), t.publish(chat.OrgTopic(t.org), chat.Event{LeadsChanged: &chat.LeadsChanged{}})); err != nil {
				return err
			}
			return t.setImport(ctx, i)
		}
		i.State, i.Counts.Handled = chat.ImportUndone, i.Counts.Total
		if err := t.setImport(ctx, i); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{
			Action: "leads.import_undone", Object: string(id), Detail: fmt.Sprintf("%d leads that it made were kept", i.Counts.Created),
		})
	})
	return i, err
}

// ExportAtWork is an export and whoever asked for it, as they are now.
func (s *Store) ExportAtWork(ctx context.Context, org chat.OrgID, id chat.ExportID) (chat.Principal, chat.Export, error) {
	var p chat.Principal
	var e chat.Export
	err := s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.GetExport(ctx, db.GetExportParams{OrgID: org, ID: id})
		if err != nil {
			return notFound(err, "export")
		}
		if e, err = exportOf(row); err != nil {
			return err
		}
		p, err = t.atWork(ctx, row.UserID)
		return err
	})
	return p, e, err
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
