package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"converse/internal/chat"
	"converse/internal/mask"
	"converse/internal/sheet"
	"converse/internal/store"
	"converse/internal/wire"
	"converse/media"
)

// pageLeads is how many leads are read at once.
const pageLeads = 500

func mayExport(p chat.Principal) error {
	if scope := p.Rights().Export; scope == chat.ScopeNone || scope == "" || p.User == "" {
		return &chat.Error{Code: chat.CodeForbidden, Message: "Your permissions do not let you export leads. Ask an administrator."}
	}
	return nil
}

// exporter sees no more leads than may be exported.
func exporter(p chat.Principal) chat.Principal {
	access := p.Rights()
	access.View = access.Export
	p.Access = &access
	return p
}

// StartExport begins to write leads to a file. What the user may not narrow or sort by
// is refused now, not later.
func (s *Service) StartExport(ctx context.Context, p chat.Principal, selection chat.ExportSelection) (chat.Export, error) {
	if err := mayExport(p); err != nil {
		return chat.Export{}, err
	}
	fields, err := s.fields(ctx, p)
	if err != nil {
		return chat.Export{}, err
	}
	for _, name := range selection.Fields {
		if !slices.ContainsFunc(fields, func(f chat.Field) bool { return f.Name == name }) {
			return chat.Export{}, chat.Invalidf("fields", "%q is no field of a lead", string(name))
		}
	}
	if selection.Sort == "" {
		selection.Sort = chat.FieldCreatedAt
	}
	if _, err := s.store.LeadPage(ctx, exporter(p), pageQuery(selection, "", 1)); err != nil {
		return chat.Export{}, err
	}
	picked, err := s.store.PickedLeads(ctx, exporter(p), selection.Leads)
	if err != nil {
		return chat.Export{}, err
	}
	if len(picked) < len(selection.Leads) {
		return chat.Export{}, chat.NotFound("lead that you may export")
	}
	return s.store.CreateExport(ctx, p, selection)
}

func pageQuery(selection chat.ExportSelection, after chat.LeadID, most int) store.LeadPageQuery {
	return store.LeadPageQuery{
		List: selection.List, Filter: selection.Filter, Sort: selection.Sort, Descending: selection.Descending, After: after, Most: most,
	}
}

// Export returns an export of the principal's.
func (s *Service) Export(ctx context.Context, p chat.Principal, id chat.ExportID) (chat.Export, error) {
	return s.store.Export(ctx, p, id)
}

// Exports lists the principal's exports, the newest first.
func (s *Service) Exports(ctx context.Context, p chat.Principal) ([]chat.Export, error) {
	const shown = 20
	return s.store.Exports(ctx, p, shown)
}

// CancelExport ends an export that is being written.
func (s *Service) CancelExport(ctx context.Context, p chat.Principal, id chat.ExportID) (chat.Export, error) {
	return s.store.ChangeExport(ctx, p, id, func(e *chat.Export) (chat.AuditEntry, error) {
		if !e.State.Working() {
			return chat.AuditEntry{}, notNow("There is nothing under way that could be cancelled.")
		}
		e.State, e.FinishedAt = chat.ExportCancelled, time.Now()
		return chat.AuditEntry{}, nil
	})
}

// ExportFile is the file of an export, for the user who asked for it and only as long as
// their access is what it was then.
func (s *Service) ExportFile(ctx context.Context, p chat.Principal, id chat.ExportID) (File, error) {
	e, err := s.store.Export(ctx, p, id)
	switch {
	case err != nil:
		return File{}, err
	case e.AccessVersion != p.AccessVersion || mayExport(p) != nil:
		return File{}, &chat.Error{
			Code: chat.CodeForbidden, Message: "Your permissions have changed since this file was written. Export the leads again.",
		}
	case e.FileKey == "" || time.Now().After(e.FilesUntil):
		return File{}, chat.NotFound("file")
	}
	return File{Key: media.Key(e.FileKey), Name: "leads-" + e.CreatedAt.UTC().Format(time.DateOnly) + ".csv"}, nil
}

func (s *Service) workExport(ctx context.Context, org chat.OrgID, id chat.ExportID, last bool) error {
	p, e, err := s.store.ExportAtWork(ctx, org, id)
	if chat.CodeOf(err) == chat.CodeNotFound {
		return nil // it was erased
	}
	if err != nil || !e.State.Working() {
		return err
	}
	if err = mayExport(p); err == nil && e.AccessVersion != p.AccessVersion {
		err = &chat.Error{Code: chat.CodeForbidden, Message: "Your permissions have changed. Export the leads again."}
	}
	if err == nil {
		err = s.write(ctx, p, e)
	}
	text := "Something went wrong on our side. Export the leads again."
	var known *chat.Error
	switch {
	case err == nil, errors.Is(err, errStopped):
		return nil
	case ctx.Err() != nil:
		return err
	case errors.As(err, &known) && known.Code != chat.CodeUnavailable:
		text = known.Message
	case !last:
		return err
	default:
		s.log.ErrorContext(ctx, "export failed", "export_id", id, "cause", err)
	}
	_, err = s.store.ChangeExport(ctx, p, id, func(e *chat.Export) (chat.AuditEntry, error) {
		if e.State.Working() {
			e.State, e.Failure, e.FinishedAt = chat.ExportFailed, text, time.Now()
		}
		return chat.AuditEntry{}, nil
	})
	return err
}

// write streams the leads into the media store: no file is held in memory, and none is
// there before it is whole.
func (s *Service) write(ctx context.Context, p chat.Principal, e chat.Export) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	read, write := io.Pipe()
	written := make(chan error, 1)
	count := 0
	go func() {
		err := s.writeRows(ctx, p, e, write, &count)
		_ = write.CloseWithError(err) // never fails
		written <- err
	}()
	key := media.NewKey(p.Org)
	info, err := s.objects.Put(ctx, key, read, media.SizeUnknown, csvType)
	_ = read.CloseWithError(io.ErrClosedPipe) // the writer must not wait for a store that gave up
	if writing := <-written; writing != nil && !errors.Is(writing, io.ErrClosedPipe) {
		err = writing
	}
	if err != nil {
		return err
	}
	_, err = s.store.ChangeExport(ctx, p, e.ID, func(e *chat.Export) (chat.AuditEntry, error) {
		if !e.State.Working() {
			return chat.AuditEntry{}, errStopped
		}
		e.State, e.FileKey, e.FileSize, e.FinishedAt = chat.ExportDone, string(key), int(info.Size), time.Now()
		e.Total, e.Handled = count, count
		entry := chat.AuditEntry{Action: "leads.exported", Detail: fmt.Sprintf("%d leads", count)}
		for _, field := range e.Selection.Fields {
			entry.Fields = append(entry.Fields, string(field))
		}
		return entry, nil
	})
	if err != nil {
		s.drop(ctx, string(key))
	}
	return err
}

func (s *Service) writeRows(ctx context.Context, p chat.Principal, e chat.Export, out io.Writer, count *int) error {
	fields, err := s.fields(ctx, p)
	if err != nil {
		return err
	}
	w := sheet.NewWriter(out, e.Selection.Mark)
	heads := make([]string, len(e.Selection.Fields))
	for n, name := range e.Selection.Fields {
		for _, f := range fields {
			if f.Name == name {
				heads[n] = f.Label
			}
		}
	}
	if err := w.Write(heads); err != nil {
		return err
	}
	var masker mask.Masker
	err = s.eachPage(ctx, exporter(p), e.Selection, func(leads []chat.Lead, total int) error {
		for _, lead := range leads {
			if *count == chat.MostExportLeads {
				return &chat.Error{Code: chat.CodeBlocked, Message: "These are more than 400,000 leads. Export them in parts, narrowed by a filter."}
			}
			*count++
			shown := wire.Lead(lead)
			masker.Mask(shown, p.Rights())
			if err := w.Write(cells(shown, e.Selection.Fields)); err != nil {
				return err
			}
		}
		return s.progress(ctx, p, e.ID, *count, total)
	})
	if err != nil {
		return err
	}
	return w.Flush()
}

func (s *Service) progress(ctx context.Context, p chat.Principal, id chat.ExportID, count, total int) error {
	_, err := s.store.ChangeExport(ctx, p, id, func(e *chat.Export) (chat.AuditEntry, error) {
		if !e.State.Working() {
			return chat.AuditEntry{}, errStopped
		}
		e.State, e.Handled, e.Total = chat.ExportWriting, count, total
		return chat.AuditEntry{}, nil
	})
	return err
}
