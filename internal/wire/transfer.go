package wire

import (
	"time"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// Import is one file of leads on its way in. undoable: its leads can still be taken back.
func Import(i chat.Import, undoable bool) *conversev1.Import {
	out := &conversev1.Import{
		Id: string(i.ID), UserId: string(i.User), UserName: i.UserName, FileName: i.FileName, State: string(i.State),
		Total: int32(i.Counts.Total), Handled: int32(i.Counts.Handled), Created: int32(i.Counts.Created),
		Updated: int32(i.Counts.Updated), Skipped: int32(i.Counts.Skipped), Failed: int32(i.Counts.Failed),
		Problems: List(i.Problems, RowProblem), Failure: i.Failure, CreatedAt: Time(i.CreatedAt), FinishedAt: Time(i.FinishedAt),
		FilesUntil: Time(i.FilesUntil), Settings: ImportSettings(i.Settings), CanUndo: undoable,
	}
	if i.ResultKey != "" {
		out.ResultPath = "/imports/" + string(i.ID) + "/result"
	}
	return out
}

// RowProblem is one thing that is wrong with a file.
func RowProblem(p chat.RowProblem) *conversev1.RowProblem {
	return &conversev1.RowProblem{Row: int32(p.Row), Column: p.Column, Text: p.Text}
}

// ImportSettings say how a file is read.
func ImportSettings(s chat.ImportSettings) *conversev1.ImportSettings {
	return &conversev1.ImportSettings{
		Delimiter: s.Delimiter, Country: s.Country, MonthFirst: s.MonthFirst, Columns: List(s.Columns, ImportColumn), Rule: string(s.Rule),
		OwnerId: string(s.Owner), Source: s.Source, Stage: s.Stage, ListId: string(s.List), NewList: s.NewList,
	}
}

// ImportColumn is what a column means.
func ImportColumn(c chat.ImportColumn) *conversev1.ImportColumn {
	return &conversev1.ImportColumn{Index: int32(c.Index), Field: string(c.Field), Label: c.Label}
}

// ImportSettingsOf reads how a file is to be read.
func ImportSettingsOf(s *conversev1.ImportSettings) chat.ImportSettings {
	return chat.ImportSettings{
		Delimiter: s.GetDelimiter(), Country: s.GetCountry(), MonthFirst: s.GetMonthFirst(), Rule: chat.DuplicateRule(s.GetRule()),
		Owner: chat.UserID(s.GetOwnerId()), Source: s.GetSource(), Stage: s.GetStage(), List: chat.LeadListID(s.GetListId()),
		NewList: s.GetNewList(),
		Columns: List(s.GetColumns(), func(c *conversev1.ImportColumn) chat.ImportColumn {
			return chat.ImportColumn{Index: int(c.GetIndex()), Field: chat.LeadField(c.GetField()), Label: c.GetLabel()}
		}),
	}
}

// Export is one file of leads on its way out, as it is at a time.
func Export(e chat.Export, now time.Time) *conversev1.Export {
	out := &conversev1.Export{
		Id: string(e.ID), State: string(e.State), Total: int32(e.Total), Handled: int32(e.Handled), Failure: e.Failure,
		CreatedAt: Time(e.CreatedAt), FinishedAt: Time(e.FinishedAt), FilesUntil: Time(e.FilesUntil), FileSize: float64(e.FileSize),
	}
	if e.FileKey != "" && now.Before(e.FilesUntil) {
		out.FilePath = "/exports/" + string(e.ID) + "/file"
	}
	return out
}
