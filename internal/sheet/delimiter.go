package sheet

import (
	"strings"
	"unicode/utf8"
)

// delimiters are what may separate cells, the likeliest first.
var delimiters = []rune{',', ';', '\t', '|'}

// sampled is how many rows the guess looks at.
const sampled = 50

// IsDelimiter reports whether a file may be read with it.
func IsDelimiter(r rune) bool { return strings.ContainsRune(string(delimiters), r) }

// guessDelimiter is the delimiter that splits the first rows into the most columns,
// the same number in each; a comma when there is one column only.
func guessDelimiter(text string) rune {
	best, bestScore := ',', 0
	for _, d := range delimiters {
		widths := map[int]int{}
		for _, n := range widthsOf(text, d) {
			widths[n]++
		}
		score := 0
		for columns, rows := range widths {
			if columns > 1 {
				// Rows that agree count more than columns: a comma in a few sentences
				// must not win over a semicolon in every row.
				score = max(score, rows*rows*min(columns, 30))
			}
		}
		if score > bestScore {
			best, bestScore = d, score
		}
	}
	return best
}

// widthsOf counts the cells of the first rows that are not empty. Quoted text counts
// for nothing.
func widthsOf(text string, delimiter rune) []int {
	var out []int
	cells, empty, quoted := 1, true, false
	for _, r := range text {
		switch {
		case r == '"':
			quoted, empty = !quoted, false
		case quoted:
		case r == '\n':
			if !empty {
				out = append(out, cells)
			}
			if len(out) == sampled {
				return out
			}
			cells, empty = 1, true
		case r == delimiter:
			cells, empty = cells+1, false
		case r != '\r':
			empty = false
		}
	}
	if !empty {
		out = append(out, cells)
	}
	return out
}

// announced takes off a first line that names the delimiter ("sep=;"), as some
// spreadsheets write and want it.
func announced(text string) (rest string, delimiter rune, ok bool) {
	line, rest, _ := strings.Cut(text, "\n")
	word, found := strings.CutPrefix(strings.ToLower(strings.Trim(line, "\"\r ")), "sep=")
	if !found {
		return text, 0, false
	}
	r, size := utf8.DecodeRuneInString(word)
	if size != len(word) || !IsDelimiter(r) {
		return text, 0, false
	}
	return rest, r, true
}
