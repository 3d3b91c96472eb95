package jsonstrict

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"
)

// maxDepth bounds nesting. The deepest webhook known to us nests 11 levels.
const maxDepth = 64

// check walks valid JSON once and refuses deep nesting and repeated names.
func check(data []byte) error {
	// The scopes are used again and again: a body may hold a million small objects.
	scopes := make([]scope, maxDepth)
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{', '[':
			if depth == maxDepth {
				return fmt.Errorf("nested deeper than %d levels", maxDepth)
			}
			scopes[depth].begin(data[i] == '{')
			depth++
		case '}', ']':
			depth--
		case ',':
			scopes[depth-1].name = true //nolint:gosec // a comma stands only inside
		case '"':
			end := stringEnd(data, i)
			if depth > 0 {
				if err := scopes[depth-1].add(data[i : end+1]); err != nil { //nolint:gosec // as it says above
					return err
				}
			}
			i = end
		}
	}
	return nil
}

// stringEnd finds the closing quote of the string that opens at start.
func stringEnd(data []byte, start int) int {
	for i := start + 1; ; i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
}

// fewNames is how many names of an object are compared one by one; more are kept in
// a table.
const fewNames = 16

// scope is one open object or array.
type scope struct {
	object bool
	// name says that the next string of the object is a name, not a value.
	name bool
	// few are the names so far; beyond fewNames they are in many instead, folded.
	few  [][]byte
	many map[string]struct{}
}

func (s *scope) begin(object bool) {
	s.object, s.name, s.few, s.many = object, true, s.few[:0], nil
}

// add notes a name. Two names are one exactly when encoding/json would put both into
// the same field: by Unicode simple case folding.
func (s *scope) add(quoted []byte) error {
	if !s.object || !s.name {
		return nil
	}
	s.name = false
	name := unquote(quoted)
	var twice bool
	switch {
	case s.many != nil:
		twice = s.note(name)
	case len(s.few) < fewNames:
		twice = slices.ContainsFunc(s.few, func(other []byte) bool { return bytes.EqualFold(other, name) })
		s.few = append(s.few, name)
	default:
		s.many = make(map[string]struct{}, 4*fewNames)
		for _, other := range s.few {
			s.note(other)
		}
		twice = s.note(name)
	}
	if twice {
		return fmt.Errorf("the name %q occurs twice in one object", shorten(string(name)))
	}
	return nil
}

// note adds a name to the table and reports whether it was there.
func (s *scope) note(name []byte) (twice bool) {
	folded := string(bytes.Map(foldRune, name))
	_, twice = s.many[folded]
	s.many[folded] = struct{}{}
	return twice
}

func unquote(quoted []byte) []byte {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return inner
	}
	var name string
	if json.Unmarshal(quoted, &name) != nil {
		return inner
	}
	return []byte(name)
}

// foldRune returns the smallest of the runes that differ from r only in case.
func foldRune(r rune) rune {
	if 'a' <= r && r <= 'z' {
		return r - 'a' + 'A'
	}
	if r < utf8.RuneSelf {
		return r
	}
	smallest := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		smallest = min(smallest, next)
	}
	return smallest
}

func shorten(name string) string {
	const most = 40
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return name
}
