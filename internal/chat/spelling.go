package chat

import "slices"

// fewestLetters is how long a word is before a mistyped letter still says enough.
const fewestLetters = 4

// Spellings are the word itself and every way of leaving one letter out of it, each
// once. Two words that are one mistake apart share one: an added letter, one that is
// missing, another one, or two that changed places.
func Spellings(word string) []string {
	letters := []rune(word)
	out := []string{word}
	if len(letters) < fewestLetters {
		return out
	}
	for i := range letters {
		out = append(out, string(letters[:i])+string(letters[i+1:]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Mistyped reports whether somebody who meant word may have typed query: one mistake
// apart, or two where both are long.
func Mistyped(query, word string) bool {
	a, b := []rune(query), []rune(word)
	most := 1
	switch shorter := min(len(a), len(b)); {
	case shorter < fewestLetters-1 || max(len(a), len(b)) < fewestLetters:
		return false
	case shorter >= 2*fewestLetters:
		most = 2
	}
	return distance(a, b) <= most
}

// distance is how many letters must be added, taken away, exchanged or swapped with
// their neighbour to make one word of the other (Damerau and Levenshtein, each pair of
// letters swapped at most once).
func distance(a, b []rune) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			other := 1
			if a[i-1] == b[j-1] {
				other = 0
			}
			next[j] = min(next[j-1]+1, row[j]+1, row[j-1]+other)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
