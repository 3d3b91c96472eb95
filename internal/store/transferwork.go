package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

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
