package transfer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"converse/internal/chat"
	"converse/internal/sheet"
	"converse/internal/store"
	"converse/media"
)

// Service takes files in, and hands out what became of them.
type Service struct {
	store     *store.Store
	objects   media.Store
	canonical CanonicalFunc
	log       *slog.Logger
	// reading bounds how many files are held in memory at once.
	reading chan struct{}
}

// mostReading: a file of the largest size takes about 50 MB while it is read.
const mostReading = 4

// New returns a service that keeps its rows in a store and its files among objects.
func New(s *store.Store, objects media.Store, canonical CanonicalFunc, log *slog.Logger) *Service {
	return &Service{store: s, objects: objects, canonical: canonical, log: log, reading: make(chan struct{}, mostReading)}
}

// csvType is what files are stored and sent as.
const csvType = "text/csv; charset=utf-8"

func mayImport(p chat.Principal) error {
	if !p.Rights().Import || p.User == "" {
		return &chat.Error{Code: chat.CodeForbidden, Message: "Your permissions do not let you import leads. Ask an administrator."}
	}
	return nil
}

func notNow(text string) error {
	return &chat.Error{Code: chat.CodeConflict, Message: text}
}

// CreateImport begins an import. Its file comes next.
func (s *Service) CreateImport(ctx context.Context, p chat.Principal, fileName string) (chat.Import, error) {
	if err := mayImport(p); err != nil {
		return chat.Import{}, err
	}
	return s.store.CreateImport(ctx, p, fileName)
}

// Upload takes the file of an import, in place of the one it had. It reads to the end
// or to the limit, whichever comes first; a file that is no table is refused, and
// nothing of it is kept.
func (s *Service) Upload(ctx context.Context, p chat.Principal, id chat.ImportID, body io.Reader) (chat.Import, error) {
	if err := mayImport(p); err != nil {
		return chat.Import{}, err
	}
	i, err := s.mine(ctx, p, id)
	if err != nil {
		return chat.Import{}, err
	}
	if err := takesFile(i); err != nil {
		return chat.Import{}, err
	}
	key := media.NewKey(p.Org)
	info, err := s.objects.Put(ctx, key, media.Limit(body, chat.MostImportBytes), media.SizeUnknown, csvType)
	if errors.Is(err, media.ErrTooLarge) {
		return chat.Import{}, ErrFileTooLarge
	}
	if err != nil {
		return chat.Import{}, fmt.Errorf("store file of import: %w", err)
	}
	var old string
	i, err = s.accept(ctx, p, id, key, info.Size, &old)
	if err != nil {
		old = string(key)
	}
	s.drop(ctx, old)
	return i, err
}

// ErrFileTooLarge is a file over the limit.
var ErrFileTooLarge = &chat.Error{
	Code: chat.CodeInvalid, Field: "file", Reason: "file_too_large",
	Message: "The file is larger than 10 MB. Split it, or leave out columns that are not imported.",
}

func takesFile(i chat.Import) error {
	if i.State != chat.ImportNew && i.State != chat.ImportUploaded && i.State != chat.ImportChecked {
		return notNow("This import has begun. Begin another one with the new file.")
	}
	return nil
}

func (s *Service) accept(ctx context.Context, p chat.Principal, id chat.ImportID, key media.Key, size int64, old *string) (chat.Import, error) {
	f, err := s.open(ctx, key, "")
	if err != nil {
		return chat.Import{}, err
	}
	return s.store.ChangeImport(ctx, p, id, func(i *chat.Import) (chat.AuditEntry, error) {
		if err := takesFile(*i); err != nil {
			return chat.AuditEntry{}, err
		}
		*old = i.FileKey
		i.State, i.FileKey, i.FileSize = chat.ImportUploaded, string(key), int(size)
		i.Settings, i.Problems = chat.ImportSettings{}, nil
		i.Counts = chat.ImportCounts{Total: len(f.Rows)}
		return chat.AuditEntry{}, nil
	})
}

// open reads a file that was stored.
func (s *Service) open(ctx context.Context, key media.Key, delimiter string) (sheet.File, error) {
	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
	case <-ctx.Done():
		return sheet.File{}, ctx.Err()
	}
	object, err := s.objects.Get(ctx, key)
	if errors.Is(err, media.ErrNotFound) {
		return sheet.File{}, gone()
	}
	if err != nil {
		return sheet.File{}, fmt.Errorf("open file of import: %w", err)
	}
	defer func() { _ = object.Close() }() // it was only read
	var data bytes.Buffer
	if _, err := data.ReadFrom(media.Limit(object, chat.MostImportBytes)); err != nil {
		return sheet.File{}, fmt.Errorf("read file of import: %w", err)
	}
	o := sheet.Options{MostRows: chat.MostImportRows}
	for _, r := range delimiter {
		o.Delimiter = r
	}
	f, err := sheet.Read(data.Bytes(), o)
	if err == nil && len(f.Rows) == 0 {
		err = sheet.ErrEmpty
	}
	return f, refusal(err)
}

// refusal says to people what is wrong with a file.
func refusal(err error) error {
	for is, text := range map[error]string{
		sheet.ErrEmpty:          "The file has no rows. Its first row must name the columns, and leads come after it.",
		sheet.ErrWorkbook:       "This is a workbook, not a CSV file. Save it as “CSV UTF-8” in your spreadsheet program and choose that file.",
		sheet.ErrBinary:         "This is not a text file. Choose a CSV file.",
		sheet.ErrTooManyColumns: fmt.Sprintf("The file has more than %d columns. Leave out those that are not imported.", sheet.MaxColumns),
		sheet.ErrTooManyRows:    "The file has more than 25,000 rows. Split it and import the parts one after another.",
	} {
		if errors.Is(err, is) {
			return &chat.Error{Code: chat.CodeInvalid, Field: "file", Message: text}
		}
	}
	return err
}

func gone() error {
	return &chat.Error{Code: chat.CodeNotFound, Message: "The file was deleted: files are kept for 24 hours. Choose it again."}
}

// drop deletes an object that nothing names any more. What cannot be deleted now is
// left: it is found by nobody.
func (s *Service) drop(ctx context.Context, key string) {
	if key == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := s.objects.Delete(ctx, media.Key(key)); err != nil {
		s.log.WarnContext(ctx, "file of leads not deleted", "error", err)
	}
}

// Import returns an import.
func (s *Service) Import(ctx context.Context, p chat.Principal, id chat.ImportID) (chat.Import, error) {
	return s.store.Import(ctx, p, id)
}

// Imports lists imports, the newest first, and says whether there are more; most is at
// most 100, 0 means 20.
func (s *Service) Imports(ctx context.Context, p chat.Principal, before chat.ImportID, most int) (list []chat.Import, more bool, err error) {
	const usual, largest = 20, 100
	if most <= 0 {
		most = usual
	}
	most = min(most, largest)
	list, err = s.store.Imports(ctx, p, before, most+1)
	if len(list) > most {
		return list[:most], true, err
	}
	return list, false, err
}

// File is a file to download.
type File struct {
	Key  media.Key
	Name string
}

// mine is an import of the user's own: nobody else reads the values in its files.
func (s *Service) mine(ctx context.Context, p chat.Principal, id chat.ImportID) (chat.Import, error) {
	i, err := s.store.Import(ctx, p, id)
	if err == nil && i.User != p.User {
		err = chat.NotFound("import")
	}
	return i, err
}

// Result is the file that tells what became of each row. Its values are those of the
// user's own file.
func (s *Service) Result(ctx context.Context, p chat.Principal, id chat.ImportID) (File, error) {
	i, err := s.mine(ctx, p, id)
	if err == nil && i.ResultKey == "" {
		err = chat.NotFound("file")
	}
	return File{Key: media.Key(i.ResultKey), Name: "import-result.csv"}, err
}

// Preview is what a file looks like before anything is done with it.
type Preview struct {
	Import  chat.Import
	File    sheet.File
	Columns []chat.ImportColumn
	Country string
	// Broken are rows that cannot be split into cells.
	Broken int
}

// previewed is how many rows a preview has.
const previewed = 8

// Preview reads the file and says what its columns probably mean, or what was said
// before. delimiter is empty to find it out.
func (s *Service) Preview(ctx context.Context, p chat.Principal, id chat.ImportID, delimiter string) (Preview, error) {
	i, err := s.mine(ctx, p, id)
	if err != nil {
		return Preview{}, err
	}
	if i.FileKey == "" {
		return Preview{}, gone()
	}
	if delimiter == "" {
		delimiter = i.Settings.Delimiter
	}
	f, err := s.open(ctx, media.Key(i.FileKey), delimiter)
	if err != nil {
		return Preview{}, err
	}
	org, err := s.store.Org(ctx, p.Org)
	if err != nil {
		return Preview{}, err
	}
	out := Preview{Import: i, File: f, Columns: i.Settings.Columns, Country: org.Country}
	for _, row := range f.Rows {
		if row.Problem != sheet.ProblemNone {
			out.Broken++
		}
	}
	if len(out.Columns) != len(f.Headers) {
		fields, err := s.fields(ctx, p)
		if err != nil {
			return Preview{}, err
		}
		out.Columns = Suggest(f, fields)
	}
	out.File.Rows = f.Rows[:min(len(f.Rows), previewed)]
	return out, nil
}
