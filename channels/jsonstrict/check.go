package jsonstrict

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDepth bounds nesting. The deepest webhook known to us nests 11 levels.
const maxDepth = 64

// check walks valid JSON once and refuses deep nesting and repeated names.
func check(data []byte) error {
	var open []scope
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{', '[':
			if len(open) == maxDepth {
				return fmt.Errorf("nested deeper than %d levels", maxDepth)
			}
			open = append(open, scope{object: data[i] == '{', name: true})
		case '}', ']':
			open = open[:len(open)-1]
		case ',':
			open[len(open)-1].name = true
		case '"':
			end := stringEnd(data, i)
			if len(open) > 0 {
				if err := open[len(open)-1].add(data[i : end+1]); err != nil {
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

// scope is one open object or array.
type scope struct {
	object bool
	// name says that the next string of the object is a name, not a value.
	name bool
	// seen stays nil until the object's first name.
	seen map[string]struct{}
}

func (s *scope) add(quoted []byte) error {
	if !s.object || !s.name {
		return nil
	}
	s.name = false
	name := unquote(quoted)
	// Two names are one exactly when encoding/json would put both into the same
	// field: by Unicode simple case folding.
	folded := strings.Map(foldRune, name)
	if _, twice := s.seen[folded]; twice {
		return fmt.Errorf("the name %q occurs twice in one object", shorten(name))
	}
	if s.seen == nil {
		s.seen = make(map[string]struct{}, 8)
	}
	s.seen[folded] = struct{}{}
	return nil
}

func unquote(quoted []byte) string {
	if bytes.IndexByte(quoted, '\\') < 0 && utf8.Valid(quoted) {
		return string(quoted[1 : len(quoted)-1])
	}
	var name string
	if json.Unmarshal(quoted, &name) != nil {
		return string(quoted)
	}
	return name
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
