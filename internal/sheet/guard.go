package sheet

import (
	"strings"
	"unicode"
)

// A spreadsheet calculates a cell that begins with one of the formula signs, also
// behind spaces. A file that is opened with another delimiter than it was written with
// falls apart in the middle of cells, so that what follows a delimiter or a line's end
// is a beginning too.
// See https://owasp.org/www-community/attacks/CSV_Injection.

// isFormulaSign: the wide forms are what spreadsheets in East Asian settings take for
// the others.
func isFormulaSign(r rune) bool { return strings.ContainsRune("=+-@\uFF1D\uFF0B\uFF0D\uFF20", r) }

// isSkipped: what a spreadsheet looks past to find the beginning of a cell.
func isSkipped(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// Guard puts an apostrophe before every place in a cell that a spreadsheet might
// calculate: it then shows text. Other cells stay as they are.
func Guard(cell string) string { return guard(cell, true) }

// Unguard takes back what Guard has put in.
func Unguard(cell string) string { return guard(cell, false) }

func guard(cell string, put bool) string {
	var out strings.Builder
	start := true
	for i, r := range cell {
		if start && isDangerous(cell[i:], i == 0) {
			if put {
				out.WriteByte('\'')
			} else if r == '\'' {
				start = false
				continue // the apostrophe that Guard wrote
			}
		}
		start = isBreak(r)
		out.WriteRune(r)
	}
	return out.String()
}

func isBreak(r rune) bool { return strings.ContainsRune(",;|\t\r\n", r) }

// isDangerous reports whether a beginning is calculated, or is one that Guard has
// already dealt with, which needs one more apostrophe to come back as it is.
func isDangerous(text string, first bool) bool {
	rest := strings.TrimLeft(text, "'")
	if first && strings.IndexAny(rest, "\t\r") == 0 {
		return true
	}
	for _, r := range rest {
		switch {
		case isFormulaSign(r):
			return true
		case isBreak(r) || !isSkipped(r):
			return false
		}
	}
	return false
}
