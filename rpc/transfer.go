package rpc

import (
	"context"
	"time"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/sheet"
	"converse/internal/transfer"
	"converse/internal/wire"
)

// The calls of this file belong to the leadService: leads that come in and go out as
// files.

func shownImport(i chat.Import) *conversev1.Import {
	return wire.Import(i, transfer.CanUndo(i, time.Now()))
}

func (s *leadService) CreateImport(ctx context.Context, req *conversev1.CreateImportRequest) (*conversev1.CreateImportResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	i, err := s.rooms.Transfers.CreateImport(ctx, p, req.GetFileName())
	return &conversev1.CreateImportResponse{Import: shownImport(i), UploadPath: "/imports/" + string(i.ID) + "/file"}, err
}

func (s *leadService) PreviewImport(ctx context.Context, req *conversev1.PreviewImportRequest) (*conversev1.PreviewImportResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	preview, err := s.rooms.Transfers.Preview(ctx, p, chat.ImportID(req.GetImportId()), req.GetDelimiter())
	if err != nil {
		return nil, err
	}
	return &conversev1.PreviewImportResponse{
		Import: shownImport(preview.Import), Encoding: string(preview.File.Encoding), Delimiter: string(preview.File.Delimiter),
		Headers: preview.File.Headers, Columns: wire.List(preview.Columns, wire.ImportColumn), Country: preview.Country,
		BrokenRows: int32(preview.Broken),
		Rows: wire.List(preview.File.Rows, func(r sheet.Row) *conversev1.PreviewRow {
			return &conversev1.PreviewRow{Row: int32(r.Number), Cells: r.Cells}
		}),
	}, nil
}

func (s *leadService) ValidateImport(ctx context.Context, req *conversev1.ValidateImportRequest) (*conversev1.ValidateImportResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	i, err := s.rooms.Transfers.Validate(ctx, p, chat.ImportID(req.GetImportId()), wire.ImportSettingsOf(req.GetSettings()))
	return &conversev1.ValidateImportResponse{Import: shownImport(i)}, err
}

func (s *leadService) StartImport(ctx context.Context, req *conversev1.StartImportRequest) (*conversev1.StartImportResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	i, err := s.rooms.Transfers.Start(ctx, p, chat.ImportID(req.GetImportId()))
	return &conversev1.StartImportResponse{Import: shownImport(i)}, err
}

func (s *leadService) CancelImport(ctx context.Context, req *conversev1.CancelImportRequest) (*conversev1.CancelImportResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	i, err := s.rooms.Transfers.Cancel(ctx, p, chat.ImportID(req.GetImportId()))
	return &conversev1.CancelImportResponse{Import: shownImport(i)}, err
}

func (s *leadService) UndoImport(ctx context.Context, req *conversev1.UndoImportRequest) (*conversev1.UndoImportResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	i, err := s.rooms.Transfers.Undo(ctx, p, chat.ImportID(req.GetImportId()))
	return &conversev1.UndoImportResponse{Import: shownImport(i)}, err
}

func (s *leadService) GetImport(ctx context.Context, req *conversev1.GetImportRequest) (*conversev1.GetImportResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	i, err := s.rooms.Transfers.Import(ctx, p, chat.ImportID(req.GetImportId()))
	return &conversev1.GetImportResponse{Import: shownImport(i)}, err
}

func (s *leadService) ListImports(ctx context.Context, req *conversev1.ListImportsRequest) (*conversev1.ListImportsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	imports, more, err := s.rooms.Transfers.Imports(ctx, p, chat.ImportID(req.GetCursor()), int(req.GetLimit()))
	out := &conversev1.ListImportsResponse{Imports: wire.List(imports, shownImport)}
	for _, i := range out.GetImports() {
		i.Problems, i.Settings = nil, nil
	}
	if more {
		out.NextCursor = string(imports[len(imports)-1].ID)
	}
	return out, err
}

func shownExport(e chat.Export) *conversev1.Export { return wire.Export(e, time.Now()) }

func (s *leadService) StartExport(ctx context.Context, req *conversev1.StartExportRequest) (*conversev1.StartExportResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	e, err := s.rooms.Transfers.StartExport(ctx, p, chat.ExportSelection{
		List: chat.LeadListID(req.GetListId()), Filter: filterOrNone(req.GetFilter()), Leads: wire.List(req.GetLeadIds(), func(id string) chat.LeadID { return chat.LeadID(id) }),
		Fields: wire.List(req.GetFields(), func(name string) chat.LeadField { return chat.LeadField(name) }),
		Sort:   chat.LeadField(req.GetSort()), Descending: req.GetDescending(), Mark: req.GetForExcel(),
	})
	return &conversev1.StartExportResponse{Export: shownExport(e)}, err
}

func (s *leadService) GetExport(ctx context.Context, req *conversev1.GetExportRequest) (*conversev1.GetExportResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	e, err := s.rooms.Transfers.Export(ctx, p, chat.ExportID(req.GetExportId()))
	return &conversev1.GetExportResponse{Export: shownExport(e)}, err
}

func (s *leadService) CancelExport(ctx context.Context, req *conversev1.CancelExportRequest) (*conversev1.CancelExportResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	e, err := s.rooms.Transfers.CancelExport(ctx, p, chat.ExportID(req.GetExportId()))
	return &conversev1.CancelExportResponse{Export: shownExport(e)}, err
}

func (s *leadService) ListExports(ctx context.Context, _ *conversev1.ListExportsRequest) (*conversev1.ListExportsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	exports, err := s.rooms.Transfers.Exports(ctx, p)
	return &conversev1.ListExportsResponse{Exports: wire.List(exports, shownExport)}, err
}
