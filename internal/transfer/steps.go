package transfer

import (
	"context"
	"fmt"
	"time"

	"converse/internal/chat"
	"converse/internal/sheet"
	"converse/media"
)

// Validate takes down what the columns mean and begins to check every row. No lead is
// changed.
func (s *Service) Validate(ctx context.Context, p chat.Principal, id chat.ImportID, settings chat.ImportSettings) (chat.Import, error) {
	if err := mayImport(p); err != nil {
		return chat.Import{}, err
	}
	i, err := s.mine(ctx, p, id)
	if err != nil {
		return chat.Import{}, err
	}
	if i.FileKey == "" {
		return chat.Import{}, gone()
	}
	f, err := s.open(ctx, media.Key(i.FileKey), settings.Delimiter)
	if err != nil {
		return chat.Import{}, err
	}
	if settings, err = s.settle(ctx, p, f, settings); err != nil {
		return chat.Import{}, err
	}
	return s.store.ChangeImport(ctx, p, id, func(i *chat.Import) (chat.AuditEntry, error) {
		if i.State != chat.ImportUploaded && i.State != chat.ImportChecked {
			return chat.AuditEntry{}, notNow("This import is under way already.")
		}
		i.State, i.Settings, i.Problems = chat.ImportChecking, settings, nil
		i.Counts = chat.ImportCounts{Total: len(f.Rows)}
		return chat.AuditEntry{}, nil
	})
}

// settle fills in what was left open and refuses what cannot be.
func (s *Service) settle(ctx context.Context, p chat.Principal, f sheet.File, settings chat.ImportSettings) (chat.ImportSettings, error) {
	fields, err := s.fields(ctx, p)
	if err != nil {
		return settings, err
	}
	if err := checkColumns(f, settings.Columns, fields); err != nil {
		return settings, err
	}
	if settings.Rule == "" {
		settings.Rule = chat.DuplicateIgnore
	}
	settings.Delimiter = string(f.Delimiter)
	if settings.Country == "" {
		org, err := s.store.Org(ctx, p.Org)
		if err != nil {
			return settings, err
		}
		settings.Country = org.Country
	}
	if !isCountry(settings.Country) {
		return settings, chat.Invalidf("settings.country", "is not the code of a country: choose one such as US or IN")
	}
	return settings, s.checkTargets(ctx, p, settings)
}

// checkColumns refuses a mapping that cannot be meant.
func checkColumns(f sheet.File, columns []chat.ImportColumn, fields []chat.Field) error {
	const field = "settings.columns"
	known := map[chat.LeadField]string{chat.FieldFullName: "Full name"}
	for _, f := range fields {
		if importable(f) {
			known[f.Name] = f.Label
		}
	}
	taken, identifies := map[chat.LeadField]bool{}, false
	places := map[int]bool{}
	for _, c := range columns {
		label, ok := known[c.Field]
		switch {
		case c.Index >= len(f.Headers) || places[c.Index]:
			return chat.Invalidf(field, "name each column of the file at most once")
		case c.Field == "":
		case !ok:
			return chat.Invalidf(field, "%q is no field that can be imported: choose another for column %q", string(c.Field), f.Headers[c.Index])
		case taken[c.Field] && !severalOf(c.Field):
			return chat.Invalidf(field, "two columns go into %s: leave one of them out", label)
		}
		places[c.Index], taken[c.Field] = true, true
	}
	for _, name := range []chat.LeadField{
		chat.FieldFirstName, chat.FieldLastName, chat.FieldFullName, chat.FieldPhone, chat.FieldEmail, chat.FieldWhatsApp,
	} {
		identifies = identifies || taken[name]
	}
	switch {
	case !identifies:
		return chat.Invalidf(field, "say which column has the name, the phone number or the e-mail address")
	case taken[chat.FieldFullName] && (taken[chat.FieldFirstName] || taken[chat.FieldLastName]):
		return chat.Invalidf(field, "a full name goes without a first or last name: leave one of the columns out")
	}
	return nil
}

// Start begins to import an import that was checked.
func (s *Service) Start(ctx context.Context, p chat.Principal, id chat.ImportID) (chat.Import, error) {
	if err := mayImport(p); err != nil {
		return chat.Import{}, err
	}
	i, err := s.mine(ctx, p, id)
	if err != nil {
		return chat.Import{}, err
	}
	if err := startable(i); err != nil {
		return chat.Import{}, err
	}
	list := i.Settings.List
	if i.Settings.NewList != "" && i.Settings.List == "" {
		if list, err = s.newList(ctx, p, i.Settings.NewList); err != nil {
			return chat.Import{}, err
		}
	}
	var report string
	i, err = s.store.ChangeImport(ctx, p, id, func(i *chat.Import) (chat.AuditEntry, error) {
		if err := startable(*i); err != nil {
			return chat.AuditEntry{}, err
		}
		report = i.ResultKey
		i.State, i.Problems, i.ResultKey, i.Settings.List = chat.ImportImporting, nil, "", list
		i.Counts = chat.ImportCounts{Total: i.Counts.Total}
		return chat.AuditEntry{}, nil
	})
	if err == nil {
		s.drop(ctx, report)
	}
	return i, err
}

func startable(i chat.Import) error {
	switch {
	case i.State != chat.ImportChecked:
		return notNow("Check the file first.")
	case i.FileKey == "":
		return gone()
	case i.Counts.Created+i.Counts.Updated == 0 && i.Settings.List == "" && i.Settings.NewList == "":
		return notNow("There is nothing to import: every row is skipped or has something wrong with it.")
	}
	return nil
}

// Cancel ends what is under way. A check can be begun again; what was imported stays.
func (s *Service) Cancel(ctx context.Context, p chat.Principal, id chat.ImportID) (chat.Import, error) {
	return s.store.ChangeImport(ctx, p, id, func(i *chat.Import) (chat.AuditEntry, error) {
		switch i.State {
		case chat.ImportChecking:
			i.State = chat.ImportUploaded
			i.Counts = chat.ImportCounts{Total: i.Counts.Total}
		case chat.ImportImporting:
			i.State, i.FinishedAt = chat.ImportCancelled, time.Now()
			return told(*i), nil
		case chat.ImportNew, chat.ImportUploaded, chat.ImportChecked, chat.ImportDone, chat.ImportCancelled, chat.ImportFailed,
			chat.ImportUndoing, chat.ImportUndone:
			return chat.AuditEntry{}, notNow("There is nothing under way that could be cancelled.")
		}
		return chat.AuditEntry{}, nil
	})
}

// told is the audit's entry of an import that has ended.
func told(i chat.Import) chat.AuditEntry {
	e := chat.AuditEntry{Action: "leads.imported", Detail: fmt.Sprintf("%s: %d created, %d updated, %d skipped, %d failed of %d",
		i.State, i.Counts.Created, i.Counts.Updated, i.Counts.Skipped, i.Counts.Failed, i.Counts.Total)}
	for _, c := range i.Settings.Columns {
		if c.Field != "" {
			e.Fields = append(e.Fields, string(c.Field))
		}
	}
	return e
}

// undoLife is how long an import can be taken back.
const undoLife = 24 * time.Hour

// CanUndo reports whether the leads that an import made can still be taken back.
func CanUndo(i chat.Import, now time.Time) bool {
	ended := i.State == chat.ImportDone || i.State == chat.ImportCancelled || i.State == chat.ImportFailed
	return ended && i.Counts.Created > 0 && now.Before(i.FinishedAt.Add(undoLife))
}

// Undo begins to delete the leads that an import made, but for those that somebody has
// touched since.
func (s *Service) Undo(ctx context.Context, p chat.Principal, id chat.ImportID) (chat.Import, error) {
	if err := mayImport(p); err != nil {
		return chat.Import{}, err
	}
	return s.store.ChangeImport(ctx, p, id, func(i *chat.Import) (chat.AuditEntry, error) {
		if !CanUndo(*i, time.Now()) {
			return chat.AuditEntry{}, notNow("This import made no leads, or was undone, or is older than a day.")
		}
		i.State = chat.ImportUndoing
		i.Counts.Handled = 0
		return chat.AuditEntry{}, nil
	})
}
