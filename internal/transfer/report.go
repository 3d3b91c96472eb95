package transfer

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"converse/internal/chat"
	"converse/internal/sheet"
	"converse/media"
)

// report is the file that tells what became of each row: the user's own columns, and
// before them the row's number, what became of it and why.
type report struct {
	out    bytes.Buffer
	writer *sheet.Writer
}

func newReport(f sheet.File) *report {
	r := &report{}
	r.writer = sheet.NewWriter(&r.out, true)
	_ = r.writer.Write(append([]string{"Row", "Outcome", "Why"}, f.Headers...)) // memory does not fail
	return r
}

func (r *report) row(row sheet.Row, outcome chat.RowOutcome, why string) {
	_ = r.writer.Write(append([]string{strconv.Itoa(row.Number), string(outcome), why}, row.Cells...)) // memory does not fail
}

// keep stores a report.
func (s *Service) keep(ctx context.Context, org chat.OrgID, r *report) (media.Key, error) {
	if err := r.writer.Flush(); err != nil {
		return "", err
	}
	key := media.NewKey(org)
	if _, err := s.objects.Put(ctx, key, &r.out, int64(r.out.Len()), csvType); err != nil {
		return "", fmt.Errorf("store result of import: %w", err)
	}
	return key, nil
}

// words are why something became of a row, in one text.
func (d decision) words() string {
	text := d.why
	for _, p := range d.problems {
		if text != "" {
			text += " "
		}
		if p.Column != "" {
			text += p.Column + ": "
		}
		text += p.Text
	}
	return text
}
