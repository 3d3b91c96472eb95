package jsonstrict

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"strings"
)

// List is an array whose elements are decoded one by one, as it is walked: one that
// does not fit its type costs only itself, and however many there are, only one of
// them is in memory. T is to hold numbers as Text or json.Number, not in an empty
// interface.
type List[T any] struct{ raw []byte }

// UnmarshalJSON keeps the text for All. It never fails.
func (l *List[T]) UnmarshalJSON(data []byte) error {
	l.raw = bytes.Clone(data)
	return nil
}

// Err says that there is something else where the list should be. Nothing at all,
// and null, are an empty list.
func (l List[T]) Err() error {
	if len(l.raw) == 0 || l.raw[0] == '[' || l.raw[0] == 'n' {
		return nil
	}
	return errors.New("it has the wrong type")
}

// Len is how many elements there are to walk.
func (l List[T]) Len() int {
	count := 0
	for range elements(l.raw) {
		count++
	}
	return count
}

// All walks the elements in order. With an error the element may be partly filled.
func (l List[T]) All() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		// One for all: what is yielded is a copy, and a large list is not as much garbage.
		var element, none T
		for raw := range elements(l.raw) {
			element = none
			err := json.Unmarshal(raw, &element)
			if !yield(element, describe(err)) {
				return
			}
		}
	}
}

// elements cuts the text of a valid array at its commas, without copying any of it;
// of anything else there are none.
func elements(array []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if len(array) == 0 || array[0] != '[' {
			return
		}
		for i := skip(array, 1); array[i] != ']'; {
			end := valueEnd(array, i)
			if !yield(array[i:end]) {
				return
			}
			if i = skip(array, end); array[i] == ',' {
				i = skip(array, i+1)
			}
		}
	}
}

// skip finds the first byte from i on that is not white space.
func skip(data []byte, i int) int {
	for data[i] == ' ' || data[i] == '\t' || data[i] == '\n' || data[i] == '\r' {
		i++
	}
	return i
}

// valueEnd finds the end of the value that begins at start.
func valueEnd(data []byte, start int) int {
	depth := 0
	for i := start; ; i++ {
		switch data[i] {
		case '"':
			i = stringEnd(data, i)
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
		case ',', ' ', '\t', '\n', '\r':
			continue
		}
		if depth > 0 {
			continue
		}
		// A string or a bracket ends here; a number or a word where they are cut off.
		if end := i + 1; data[i] == '"' || data[i] == '}' || data[i] == ']' || strings.IndexByte(",]} \t\n\r", data[end]) >= 0 {
			return end
		}
	}
}
