package store

import (
	"context"
	"errors"
	"fmt"

	"converse/internal/chat"
	"converse/internal/store/db"
)

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
