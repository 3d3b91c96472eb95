package sheet

import (
	"bufio"
	"io"
	"strings"
)

// Writer writes a table that no spreadsheet calculates: every cell is guarded and
// quoted. It must be flushed at the end.
type Writer struct{ out *bufio.Writer }

// NewWriter begins a table, with commas and CRLF (RFC 4180). With mark it begins with
// a byte order mark, by which Excel knows that it is UTF-8.
func NewWriter(w io.Writer, mark bool) *Writer {
	out := bufio.NewWriter(w)
	if mark {
		_, _ = out.WriteString(bom) // Flush tells
	}
	return &Writer{out: out}
}

// Write adds a row. Its error comes with Flush at the latest.
func (w *Writer) Write(cells []string) error {
	for i, cell := range cells {
		separator := `,"`
		if i == 0 {
			separator = `"`
		}
		_, _ = w.out.WriteString(separator) // the last write tells
		_, _ = w.out.WriteString(strings.ReplaceAll(Guard(cell), `"`, `""`))
		_ = w.out.WriteByte('"')
	}
	_, err := w.out.WriteString("\r\n")
	return err
}

// Flush writes what is left and returns the first error of all.
func (w *Writer) Flush() error { return w.out.Flush() }
