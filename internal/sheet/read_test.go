package sheet_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"converse/internal/sheet"
)

var update = flag.Bool("update", false, "write what is read as what is wanted")

// TestFilesAreReadAsAPersonWould reads every file of testdata and compares with the
// .json beside it.
func TestFilesAreReadAsAPersonWould(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.csv")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		got, err := sheet.Read(data, sheet.Options{})
		require.NoError(t, err, name)
		text := readable(t, got)
		want := strings.TrimSuffix(name, ".csv") + ".json"
		if *update {
			require.NoError(t, os.WriteFile(want, text, 0o600))
		}
		wanted, err := os.ReadFile(want)
		require.NoError(t, err)
		require.Equal(t, string(wanted), string(text), name)
	}
}

func readable(t *testing.T, f sheet.File) []byte {
	t.Helper()
	rows := []string{}
	for _, r := range f.Rows {
		cells, err := json.Marshal(r.Cells)
		require.NoError(t, err)
		rows = append(rows, strings.TrimSpace(fmt.Sprintf("%d %s %s", r.Number, cells, r.Problem)))
	}
	out, err := json.MarshalIndent(map[string]any{
		"encoding": f.Encoding, "delimiter": string(f.Delimiter), "headers": f.Headers, "rows": rows,
	}, "", "  ")
	require.NoError(t, err)
	return append(out, '\n')
}

func TestWhatIsNoTableIsSaidSo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"":                                sheet.ErrEmpty,
		"\xEF\xBB\xBF":                    sheet.ErrEmpty,
		"\n\n , \n":                       sheet.ErrEmpty,
		"PK\x03\x04 and so on":            sheet.ErrWorkbook,
		"\xD0\xCF\x11\xE0\xA1\xB1":        sheet.ErrWorkbook,
		"\x89PNG\r\n\x1a\n\x00\x00":       sheet.ErrBinary,
		"a,b\n1,\x00\n":                   sheet.ErrBinary,
		"\xFF\xFEa\x00,\x00b\x00\x00\x00": sheet.ErrBinary,
		strings.Repeat("a,", 200):         sheet.ErrTooManyColumns,
	} {
		_, err := sheet.Read([]byte(text), sheet.Options{})
		require.ErrorIs(t, err, want, "%.20q", text)
	}
}

func TestRowsAreCountedToTheLimit(t *testing.T) {
	t.Parallel()
	text := "A\n" + strings.Repeat("x\n\n", 100)
	f, err := sheet.Read([]byte(text), sheet.Options{MostRows: 100})
	require.NoError(t, err)
	require.Len(t, f.Rows, 100)
	require.Equal(t, 200, f.Rows[99].Number, "as a spreadsheet counts")
	_, err = sheet.Read([]byte(text+"y\n"), sheet.Options{MostRows: 100})
	require.ErrorIs(t, err, sheet.ErrTooManyRows)
}

func TestAChosenDelimiterIsUsed(t *testing.T) {
	t.Parallel()
	f, err := sheet.Read([]byte("a;b,c\n1;2,3\n"), sheet.Options{Delimiter: ','})
	require.NoError(t, err)
	require.Equal(t, []string{"a;b", "c"}, f.Headers)
}

// FuzzRead: whatever comes, rows are as wide as the headers, numbers rise, and text is
// fit for a database.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.csv")
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := sheet.Read(data, sheet.Options{MostRows: 1000})
		if err != nil {
			return
		}
		last := 0
		for _, r := range got.Rows {
			require.Greater(t, r.Number, last)
			last = r.Number
			require.Len(t, r.Cells, len(got.Headers))
			for _, cell := range r.Cells {
				require.True(t, utf8.ValidString(cell))
				require.NotContains(t, cell, "\x00")
			}
		}
	})
}

// FuzzRoundTrip: what is written is read again as it was, and no spreadsheet finds
// anything to calculate in it.
func FuzzRoundTrip(f *testing.F) {
	for _, cell := range corpus {
		f.Add(cell, "x")
		f.Add("x", cell)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		require.Equal(t, a, sheet.Unguard(sheet.Guard(a)))
		var out bytes.Buffer
		w := sheet.NewWriter(&out, true)
		require.NoError(t, w.Write([]string{"A", "B"}))
		require.NoError(t, w.Write([]string{a, b}))
		require.NoError(t, w.Flush())
		harmless(t, out.String())
		if !utf8.ValidString(a+b) || strings.ContainsAny(a+b, "\r\n\x00") {
			return // other line endings come back as one of ours
		}
		got, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\uFEFF"))).ReadAll()
		require.NoError(t, err)
		require.Equal(t, a, sheet.Unguard(got[1][0]))
		require.Equal(t, b, sheet.Unguard(got[1][1]))
	})
}
