package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// File is a table as it was read.
type File struct {
	Encoding  Encoding
	Delimiter rune
	// Headers are the cells of the first row, each with a name of its own: an empty one
	// is called "Column 3", the second "Phone" is called "Phone (2)".
	Headers []string
	// Rows are the rows after it that are not empty.
	Rows []Row
}

// Row is one row of a table.
type Row struct {
	// Number is the row's place as a spreadsheet shows it: the headers are row 1.
	Number int
	// Cells has one cell for each header. What is missing is empty.
	Cells []string
	// Problem says what is wrong with the row as a whole; empty means nothing.
	Problem Problem
}

// Problem is what can be wrong with a row before anybody asks what it means.
type Problem string

// The problems.
const (
	// ProblemNone: it is a row like the others.
	ProblemNone Problem = ""
	// ProblemTooLong: it has more cells than there are headers, so none can be told for
	// certain which column it belongs to.
	ProblemTooLong Problem = "too_long"
	// ProblemTooShort: it has fewer.
	ProblemTooShort Problem = "too_short"
	// ProblemQuotes: a quotation mark is opened and not closed, so that the cell may
	// have swallowed what follows it.
	ProblemQuotes Problem = "quotes"
)

// ErrTooManyRows is a file with more rows than asked for.
var ErrTooManyRows = errors.New("the file has too many rows")

// ErrTooManyColumns is a file whose first row is no row of headers.
var ErrTooManyColumns = fmt.Errorf("the file has more than %d columns", MaxColumns)

// MaxColumns is how many columns are read; spreadsheets of leads have a few dozen.
const MaxColumns = 200

// Options say what is known of a file.
type Options struct {
	// Delimiter is 0 to find it out.
	Delimiter rune
	// MostRows is how many rows there may be without the headers; 0 does not limit.
	MostRows int
}

// Read reads a whole file. It holds about three times the file in memory.
func Read(data []byte, o Options) (File, error) {
	text, enc, err := decode(data)
	if err != nil {
		return File{}, err
	}
	text = oneEnding(text)
	f := File{Encoding: enc, Delimiter: o.Delimiter}
	text, said, skipped := announced(text)
	switch {
	case f.Delimiter != 0:
	case skipped:
		f.Delimiter = said
	default:
		f.Delimiter = guessDelimiter(text)
	}
	return f, f.fill(newLines(text, f.Delimiter), o.MostRows)
}

func (f *File) fill(l *lines, mostRows int) error {
	for {
		number, cells, sound, err := l.next()
		switch {
		case errors.Is(err, io.EOF) && f.Headers == nil:
			return ErrEmpty
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case isEmpty(cells):
		case f.Headers == nil:
			if len(cells) > MaxColumns {
				return ErrTooManyColumns
			}
			f.Headers = headers(cells)
		case mostRows > 0 && len(f.Rows) == mostRows:
			return ErrTooManyRows
		default:
			f.Rows = append(f.Rows, f.row(number, cells, sound))
		}
	}
}

// row makes a row as wide as the headers. Empty cells at its end do not count: many
// programs write a few too many or too few of them.
func (f *File) row(number int, cells []string, sound bool) Row {
	r := Row{Number: number, Cells: make([]string, len(f.Headers))}
	for i, cell := range cells {
		if i < len(r.Cells) {
			r.Cells[i] = clean(cell)
		} else if clean(cell) != "" {
			r.Problem = ProblemTooLong
		}
	}
	switch {
	case !sound:
		r.Problem = ProblemQuotes
	case len(cells) < len(f.Headers) && len(cells) == 1 && len(f.Headers) > 2:
		// One cell where there are many headers: a remark, or the wrong delimiter.
		r.Problem = ProblemTooShort
	}
	return r
}

// lines reads records and counts them as a spreadsheet does.
type lines struct {
	text   string
	reader *csv.Reader
	// row is the number of the last row; line is the text's line after its end.
	row, line int
}

func newLines(text string, delimiter rune) *lines {
	l := &lines{text: text, reader: csv.NewReader(strings.NewReader(text)), line: 1}
	l.reader.Comma = delimiter
	l.reader.FieldsPerRecord = -1
	l.reader.LazyQuotes = true
	l.reader.ReuseRecord = true
	return l
}

// next returns a record, the row it is in, and whether its quotation marks are sound.
func (l *lines) next() (number int, cells []string, sound bool, err error) {
	from := l.reader.InputOffset()
	cells, err = l.reader.Read()
	if err != nil {
		return 0, nil, false, err
	}
	first, _ := l.reader.FieldPos(0)
	l.row += 1 + first - l.line // the lines that were skipped are empty rows
	raw := l.text[from:l.reader.InputOffset()]
	raw = raw[skipLines(raw, first-l.line):]
	body := strings.TrimSuffix(raw, "\n")
	l.line = first + 1 + strings.Count(body, "\n")
	return l.row, cells, !strings.Contains(body, "\n") || isSound(raw, l.reader.Comma), nil
}

// skipLines is where the text begins after n lines.
func skipLines(text string, n int) int {
	at := 0
	for range n {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	return at
}

// isSound reports whether a record reads the same way strictly.
func isSound(raw string, delimiter rune) bool {
	strict := csv.NewReader(strings.NewReader(raw))
	strict.Comma = delimiter
	_, err := strict.Read()
	return err == nil
}

func isEmpty(cells []string) bool {
	for _, cell := range cells {
		if clean(cell) != "" {
			return false
		}
	}
	return true
}

// clean takes off what surrounds a cell, what no database takes, and the apostrophe
// that keeps spreadsheets from calculating.
func clean(cell string) string {
	cell = strings.ToValidUTF8(cell, "")
	cell = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\uFEFF' {
			return -1
		}
		return r
	}, cell)
	return strings.TrimSpace(Unguard(strings.TrimSpace(cell)))
}

func headers(cells []string) []string {
	out := make([]string, len(cells))
	taken := map[string]bool{}
	for i, cell := range cells {
		name := strings.Join(strings.Fields(clean(cell)), " ")
		if name == "" {
			name = fmt.Sprintf("Column %d", i+1)
		}
		unique := name
		for n := 2; taken[strings.ToLower(unique)]; n++ {
			unique = fmt.Sprintf("%s (%d)", name, n)
		}
		taken[strings.ToLower(unique)] = true
		out[i] = unique
	}
	return out
}
