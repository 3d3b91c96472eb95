package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// FilesLive is how long the files of an import or an export are kept.
const FilesLive = 24 * time.Hour

// Transfer is work on a file of leads: exactly one of an import and an export.
type Transfer struct {
	Org    chat.OrgID
	Import chat.ImportID
	Export chat.ExportID
}

// LeftTransfer is a transfer that needs tending.
type LeftTransfer struct {
	Transfer
	// Expired: its files have been kept long enough. Otherwise its node has left it.
	Expired bool
}

// LeftTransfers finds transfers of every org that nobody has worked on for so long, and
// those whose files have been kept long enough; up to most of each kind.
func (s *Store) LeftTransfers(ctx context.Context, idle time.Duration, most int) ([]LeftTransfer, error) {
	rows, err := s.queries().LeftTransfers(ctx, db.LeftTransfersParams{Idle: idle, Most: most})
	return convert(rows, func(r db.TransferRow) LeftTransfer {
		out := LeftTransfer{Transfer: Transfer{Org: r.OrgID}, Expired: !r.Working}
		if r.Kind == "import" {
			out.Import = chat.ImportID(r.ID)
		} else {
			out.Export = chat.ExportID(r.ID)
		}
		return out
	}), err
}

// AddTransfer adds a job for a transfer that was left. It does not count as left then,
// until it has been idle again.
func (s *Store) AddTransfer(ctx context.Context, work Transfer) error {
	return s.inOrg(ctx, work.Org, func(t *tx) error {
		var touched error
		if work.Import != "" {
			touched = t.later.TouchImport(ctx, db.TouchImportParams{OrgID: t.org, ID: work.Import})
		} else {
			touched = t.later.TouchExport(ctx, db.TouchExportParams{OrgID: t.org, ID: work.Export})
		}
		return errors.Join(touched, t.addTransfer(ctx, work))
	})
}

func (t *tx) addTransfer(ctx context.Context, work Transfer) error {
	within, err := t.pgx(ctx)
	if err != nil {
		return err
	}
	return t.options.Transfer(ctx, within, work)
}

// CreateImport begins an import of the principal's.
func (s *Store) CreateImport(ctx context.Context, p chat.Principal, fileName string) (chat.Import, error) {
	id := chat.NewID[chat.ImportID]()
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		return t.later.InsertImport(ctx, db.InsertImportParams{OrgID: t.org, ID: id, UserID: p.User, FileName: fileName, FilesLive: FilesLive})
	})
	if err != nil {
		return chat.Import{}, err
	}
	return s.Import(ctx, p, id)
}

// Import returns an import of the principal's; an administrator sees everybody's.
func (s *Store) Import(ctx context.Context, p chat.Principal, id chat.ImportID) (chat.Import, error) {
	var out chat.Import
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		row, err := t.GetImport(ctx, db.GetImportParams{OrgID: t.org, ID: id})
		if err != nil {
			return notFound(err, "import")
		}
		if out, err = importOf(row); err != nil {
			return err
		}
		return ownsImport(p, out)
	})
	return out, err
}

// Imports returns the principal's imports, or everybody's for an administrator: the
// newest first, those before an id, or all when it is empty.
func (s *Store) Imports(ctx context.Context, p chat.Principal, before chat.ImportID, most int) ([]chat.Import, error) {
	params := db.ImportsParams{OrgID: p.Org, Before: string(before), Most: int32(most)}
	if before == "" {
		params.Before = lastID
	}
	if !p.MayAdminister() {
		params.OnlyUser = new(string(p.User))
	}
	var out []chat.Import
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		rows, err := t.Queries.Imports(ctx, params)
		for _, row := range rows {
			i, readErr := importOf(db.GetImportRow(row))
			out, err = append(out, i), errors.Join(err, readErr)
		}
		return err
	})
	return out, err
}

// lastID sorts after every id.
const lastID = "ffffffff-ffff-ffff-ffff-ffffffffffff"

// ChangeImport changes an import of the principal's that nobody else changes
// meanwhile: change gets it as it is now. An import that begins to need work gets a
// job. The audit gets the entry that change returns, unless its action is empty.
func (s *Store) ChangeImport(ctx context.Context, p chat.Principal, id chat.ImportID, change func(*chat.Import) (chat.AuditEntry, error)) (chat.Import, error) {
	var out chat.Import
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		var err error
		out, err = t.changeImport(ctx, p, id, change)
		return err
	})
	return out, err
}

func (t *tx) changeImport(ctx context.Context, p chat.Principal, id chat.ImportID, change func(*chat.Import) (chat.AuditEntry, error)) (chat.Import, error) {
	i, err := t.lockImport(ctx, p, id)
	if err != nil {
		return chat.Import{}, err
	}
	before := i.State
	entry, err := change(&i)
	if err != nil {
		return chat.Import{}, err
	}
	if err := t.setImport(ctx, i); err != nil {
		return chat.Import{}, err
	}
	if i.State.Working() && i.State != before {
		if err := t.addTransfer(ctx, Transfer{Org: t.org, Import: id}); err != nil {
			return chat.Import{}, err
		}
	}
	if entry.Action == "" {
		return i, nil
	}
	entry.Object = string(id)
	return i, t.audit(ctx, p, entry)
}

func (t *tx) lockImport(ctx context.Context, p chat.Principal, id chat.ImportID) (chat.Import, error) {
	row, err := t.LockImport(ctx, db.LockImportParams{OrgID: t.org, ID: id})
	if err != nil {
		return chat.Import{}, notFound(err, "import")
	}
	i, err := importOf(db.GetImportRow(row))
	if err != nil {
		return chat.Import{}, err
	}
	return i, ownsImport(p, i)
}

// ownsImport: the file of another user may hold what this one may not see.
func ownsImport(p chat.Principal, i chat.Import) error {
	if i.User != p.User && !p.MayAdminister() {
		return chat.NotFound("import")
	}
	return nil
}

func (t *tx) setImport(ctx context.Context, i chat.Import) error {
	settings, err := json.Marshal(i.Settings)
	if err != nil {
		return fmt.Errorf("encode import settings: %w", err)
	}
	if i.Problems == nil {
		i.Problems = []chat.RowProblem{}
	}
	problems, err := json.Marshal(i.Problems)
	if err != nil {
		return fmt.Errorf("encode import problems: %w", err)
	}
	return t.later.SetImport(ctx, db.SetImportParams{
		OrgID: t.org, ID: i.ID, FileKey: i.FileKey, FileSize: i.FileSize, ResultKey: i.ResultKey, State: i.State, Settings: settings,
		Total: i.Counts.Total, Handled: i.Counts.Handled, Created: i.Counts.Created, Updated: i.Counts.Updated,
		Skipped: i.Counts.Skipped, Failed: i.Counts.Failed, Problems: problems, Failure: i.Failure, FinishedAt: orNull(i.FinishedAt),
	})
}

func importOf(r db.GetImportRow) (chat.Import, error) {
	i := chat.Import{
		ID: r.ID, User: r.UserID, UserName: r.UserName, FileName: r.FileName, FileSize: r.FileSize, State: r.State,
		Counts: chat.ImportCounts{
			Total: r.Total, Handled: r.Handled, Created: r.Created, Updated: r.Updated, Skipped: r.Skipped, Failed: r.Failed,
		},
		Failure: r.Failure, CreatedAt: r.CreatedAt, FinishedAt: zero(r.FinishedAt), FilesUntil: r.FilesUntil,
		FileKey: r.FileKey, ResultKey: r.ResultKey,
	}
	err := errors.Join(json.Unmarshal(r.Settings, &i.Settings), json.Unmarshal(r.Problems, &i.Problems))
	if err != nil {
		return chat.Import{}, fmt.Errorf("read import: %w", err)
	}
	return i, nil
}
