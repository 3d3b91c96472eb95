package transfer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"converse/internal/chat"
	"converse/internal/sheet"
	"converse/internal/store"
	"converse/media"
)

const (
	// pageRows is how many rows are dealt with in one transaction: it takes well under a
	// second, which is how long a cancel waits.
	pageRows = 250
	// mostProblems is how many problems are kept to be shown; the result has them all.
	mostProblems = 200
	// idle is how long nobody must have worked on a transfer for it to count as left: a
	// page takes about a second. Where somebody does after all, two work on it, which is
	// safe.
	idle = 20 * time.Second
	// tended is how many transfers are tended at once.
	tended = 100
)

// Work goes on with a transfer until it is done or ctx ends. An error is worth another
// try, unless it is the last: then the transfer ends as failed. Several may work on one
// transfer: each page is one transaction that only one of them gets to do.
func (s *Service) Work(ctx context.Context, w store.Transfer, last bool) error {
	var err error
	if w.Import != "" {
		err = s.workImport(ctx, w.Org, w.Import, last)
	} else {
		err = s.workExport(ctx, w.Org, w.Export, last)
	}
	return err
}

// Tend takes up what crashed nodes have left, and deletes files that have been kept
// long enough.
func (s *Service) Tend(ctx context.Context) error {
	left, err := s.store.LeftTransfers(ctx, idle, tended)
	for _, l := range left {
		if l.Expired {
			err = errors.Join(err, s.expire(ctx, l.Transfer))
		} else {
			err = errors.Join(err, s.store.AddTransfer(ctx, l.Transfer))
		}
	}
	return err
}

func (s *Service) expire(ctx context.Context, w store.Transfer) error {
	keys, err := s.store.FilesOfTransfer(ctx, w)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := s.objects.Delete(ctx, media.Key(key)); err != nil {
			return fmt.Errorf("delete file of leads: %w", err)
		}
	}
	return s.store.ForgetFiles(ctx, w)
}

func (s *Service) workImport(ctx context.Context, org chat.OrgID, id chat.ImportID, last bool) error {
	p, i, err := s.store.ImportAtWork(ctx, org, id)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return nil // it was erased
	}
	if err != nil || !i.State.Working() && i.State != chat.ImportCancelled {
		return err
	}
	if err = mayImport(p); err == nil || i.State == chat.ImportCancelled {
		err = nil
		switch i.State {
		case chat.ImportChecking:
			err = s.check(ctx, p, i)
		case chat.ImportImporting:
			err = s.importRows(ctx, p, i)
		case chat.ImportUndoing:
			err = s.undoRows(ctx, p, i)
		case chat.ImportCancelled:
			err = s.importRows(ctx, p, i) // its result is still to be written
		case chat.ImportNew, chat.ImportUploaded, chat.ImportChecked, chat.ImportDone, chat.ImportFailed, chat.ImportUndone:
		}
	}
	text := "Something went wrong on our side. Begin the import again; rows that were imported are told from new ones."
	var known *chat.Error
	switch {
	case err == nil, ctx.Err() != nil:
		return err
	case errors.As(err, &known) && known.Code != chat.CodeUnavailable && known.Code != chat.CodeConflict:
		text = known.Message
	case !last:
		return err
	default:
		s.log.ErrorContext(ctx, "import failed", "import_id", id, "cause", err)
	}
	_, err = s.store.ChangeImport(ctx, p, id, func(i *chat.Import) (chat.AuditEntry, error) {
		if !i.State.Working() {
			return chat.AuditEntry{}, nil
		}
		began := i.State != chat.ImportChecking
		i.State, i.Failure, i.FinishedAt = chat.ImportFailed, text, time.Now()
		if !began {
			return chat.AuditEntry{}, nil
		}
		return told(*i), nil
	})
	return err
}

// prepare opens an import's file and what rows are decided by.
func (s *Service) prepare(ctx context.Context, p chat.Principal, i chat.Import) (sheet.File, *decider, error) {
	f, err := s.open(ctx, media.Key(i.FileKey), i.Settings.Delimiter)
	if err != nil {
		return f, nil, err
	}
	fields, err := s.fields(ctx, p)
	if err != nil {
		return f, nil, err
	}
	users, err := s.store.Users(ctx, p.Org)
	if err != nil {
		return f, nil, err
	}
	return f, newDecider(newReader(f.Headers, i.Settings, fields, users, s.canonical), p, f.Rows), nil
}

// errStopped: somebody cancelled, or another node has gone further.
var errStopped = errors.New("somebody else decides about this transfer")

// check decides about every row and stores nothing but the report.
func (s *Service) check(ctx context.Context, p chat.Principal, i chat.Import) error {
	f, d, err := s.prepare(ctx, p, i)
	if err != nil {
		return err
	}
	counts, problems := chat.ImportCounts{Total: len(f.Rows)}, []chat.RowProblem(nil)
	report := newReport(f)
	for from := 0; from < len(f.Rows); from += pageRows {
		page := f.Rows[from:min(from+pageRows, len(f.Rows))]
		found, err := s.store.LeadsByIdentifiers(ctx, p.Org, d.identifiers(page))
		if err != nil {
			return err
		}
		d.knows(found, nil)
		for _, row := range page {
			made := d.decide(row)
			counts.Add(made.outcome)
			problems = append(problems, made.problems...)
			report.row(row, made.outcome, made.words())
		}
		problems = problems[:min(len(problems), mostProblems)]
		if err := s.checked(ctx, p, i.ID, chat.ImportChecking, counts, problems, ""); err != nil {
			return stopped(err)
		}
	}
	key, err := s.keep(ctx, p.Org, report)
	if err != nil {
		return err
	}
	err = s.checked(ctx, p, i.ID, chat.ImportChecked, counts, problems, string(key))
	if err != nil {
		s.drop(ctx, string(key))
	}
	return stopped(err)
}

// stopped: that somebody else decides is no fault.
func stopped(err error) error {
	if errors.Is(err, errStopped) {
		return nil
	}
	return err
}

func (s *Service) checked(ctx context.Context, p chat.Principal, id chat.ImportID, to chat.ImportState, counts chat.ImportCounts, problems []chat.RowProblem, key string) error {
	var old string
	_, err := s.store.ChangeImport(ctx, p, id, func(i *chat.Import) (chat.AuditEntry, error) {
		if i.State != chat.ImportChecking {
			return chat.AuditEntry{}, errStopped
		}
		i.State, i.Counts, i.Problems = to, counts, problems
		if key != "" {
			old, i.ResultKey = i.ResultKey, key
		}
		return chat.AuditEntry{}, nil
	})
	if err == nil {
		s.drop(ctx, old)
	}
	return err
}

// importRows imports what is left of the rows, page by page, and then tells what
// became of each.
func (s *Service) importRows(ctx context.Context, p chat.Principal, i chat.Import) error {
	f, d, err := s.prepare(ctx, p, i)
	if err != nil {
		return err
	}
	for i.State == chat.ImportImporting && i.Counts.Handled < len(f.Rows) {
		from := i.Counts.Handled
		page := f.Rows[from:min(from+pageRows, len(f.Rows))]
		i, err = s.store.ImportPage(ctx, p, store.ImportPage{Import: i.ID, From: from, Identifiers: d.identifiers(page), Problems: mostProblems},
			func(found []chat.Lead, ours []chat.LeadID) store.ImportedPage {
				d.forget()
				d.knows(found, ours)
				return d.page(page)
			})
		if err != nil {
			return err
		}
	}
	return s.finish(ctx, p, i, f)
}

// finish keeps the result of an import that has come to its end, in whichever way.
func (s *Service) finish(ctx context.Context, p chat.Principal, i chat.Import, f sheet.File) error {
	rows, err := s.store.ImportRows(ctx, p.Org, i.ID)
	if err != nil {
		return err
	}
	report := newReport(f)
	for n, row := range rows {
		report.row(f.Rows[n], row.Outcome, row.Why)
	}
	key, err := s.keep(ctx, p.Org, report)
	if err != nil {
		return err
	}
	var old string
	_, err = s.store.ChangeImport(ctx, p, i.ID, func(i *chat.Import) (chat.AuditEntry, error) {
		old, i.ResultKey = i.ResultKey, string(key)
		if i.State != chat.ImportImporting {
			return chat.AuditEntry{}, nil // it was cancelled
		}
		i.State, i.FinishedAt = chat.ImportDone, time.Now()
		return told(*i), nil
	})
	if err != nil {
		old = string(key)
	}
	s.drop(ctx, old)
	return err
}
