package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// CreateExport begins an export of the principal's and adds its job.
func (s *Store) CreateExport(ctx context.Context, p chat.Principal, selection chat.ExportSelection) (chat.Export, error) {
	encoded, err := json.Marshal(selection)
	if err != nil {
		return chat.Export{}, fmt.Errorf("encode export selection: %w", err)
	}
	id := chat.NewID[chat.ExportID]()
	var out chat.Export
	err = s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.InsertExport(ctx, db.InsertExportParams{
			OrgID: t.org, ID: id, UserID: p.User, AccessVersion: p.AccessVersion, Selection: encoded, FilesLive: FilesLive,
		}); err != nil {
			return err
		}
		if out, err = t.export(ctx, p, id); err != nil {
			return err
		}
		return t.addTransfer(ctx, Transfer{Org: t.org, Export: id})
	})
	return out, err
}

// Export returns an export of the principal's. Nobody sees another's.
func (s *Store) Export(ctx context.Context, p chat.Principal, id chat.ExportID) (chat.Export, error) {
	var out chat.Export
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		var err error
		out, err = t.export(ctx, p, id)
		return err
	})
	return out, err
}

func (t *tx) export(ctx context.Context, p chat.Principal, id chat.ExportID) (chat.Export, error) {
	row, err := t.GetExport(ctx, db.GetExportParams{OrgID: t.org, ID: id})
	return ownExport(p, row, err)
}

func ownExport(p chat.Principal, row db.Export, err error) (chat.Export, error) {
	if err != nil {
		return chat.Export{}, notFound(err, "export")
	}
	if row.UserID != p.User {
		return chat.Export{}, chat.NotFound("export")
	}
	return exportOf(row)
}

// Exports returns the principal's exports, the newest first.
func (s *Store) Exports(ctx context.Context, p chat.Principal, most int) ([]chat.Export, error) {
	var out []chat.Export
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		rows, err := t.Queries.Exports(ctx, db.ExportsParams{OrgID: t.org, UserID: p.User, Most: int32(most)})
		for _, row := range rows {
			e, readErr := exportOf(row)
			out, err = append(out, e), errors.Join(err, readErr)
		}
		return err
	})
	return out, err
}

// ChangeExport changes an export of the principal's that nobody else changes
// meanwhile. The audit gets the entry that change returns, unless its action is empty.
func (s *Store) ChangeExport(ctx context.Context, p chat.Principal, id chat.ExportID, change func(*chat.Export) (chat.AuditEntry, error)) (chat.Export, error) {
	var out chat.Export
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		row, err := t.LockExport(ctx, db.LockExportParams{OrgID: t.org, ID: id})
		if out, err = ownExport(p, row, err); err != nil {
			return err
		}
		entry, err := change(&out)
		if err != nil {
			return err
		}
		if err := t.later.SetExport(ctx, db.SetExportParams{
			OrgID: t.org, ID: id, State: out.State, Total: out.Total, Handled: out.Handled, FileKey: out.FileKey, FileSize: out.FileSize,
			Failure: out.Failure, FinishedAt: orNull(out.FinishedAt),
		}); err != nil || entry.Action == "" {
			return err
		}
		entry.Object = string(id)
		return t.audit(ctx, p, entry)
	})
	return out, err
}

func exportOf(r db.Export) (chat.Export, error) {
	e := chat.Export{
		ID: r.ID, User: r.UserID, AccessVersion: r.AccessVersion, State: r.State, Total: r.Total, Handled: r.Handled,
		FileSize: r.FileSize, Failure: r.Failure, CreatedAt: r.CreatedAt, FinishedAt: zero(r.FinishedAt), FilesUntil: r.FilesUntil,
		FileKey: r.FileKey,
	}
	if err := json.Unmarshal(r.Selection, &e.Selection); err != nil {
		return chat.Export{}, fmt.Errorf("read export: %w", err)
	}
	return e, nil
}
