package jsonstrict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Unmarshal reads one JSON text into v as encoding/json does, after checking it
// against the rules of the package. Numbers that meet an empty interface become
// json.Number. On an error v may be partly filled.
func Unmarshal(data []byte, v any) error {
	if !json.Valid(data) {
		return syntaxError(data)
	}
	data = dropNUL(data)
	if err := check(data); err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return describe(decoder.Decode(v))
}

// Element is a value that is decoded by itself: when it does not fit its type, Err
// says so and what stands beside it is read all the same. T is as for List.
type Element[T any] struct {
	Value T
	Err   error
}

// UnmarshalJSON never fails; a misfit is kept in Err.
func (e *Element[T]) UnmarshalJSON(data []byte) error {
	e.Err = describe(json.Unmarshal(data, &e.Value))
	return nil
}

// describe puts an error of encoding/json into words without the offending value.
func describe(err error) error {
	var misfit *json.UnmarshalTypeError
	if !errors.As(err, &misfit) {
		return err
	}
	if misfit.Field == "" {
		return errors.New("it has the wrong type")
	}
	return fmt.Errorf("field %q has the wrong type", misfit.Field)
}

func syntaxError(data []byte) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return errors.New("empty where JSON was expected")
	}
	var discard json.RawMessage
	if syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(data, &discard)); ok {
		return fmt.Errorf("not JSON, seen at byte %d", syntax.Offset)
	}
	return errors.New("not JSON")
}

// dropNUL removes the escapes of U+0000. In valid JSON a backslash stands only in
// strings, always with the character it escapes, and a bare NUL nowhere.
func dropNUL(data []byte) []byte {
	escape := []byte(`\u0000`)
	if !bytes.Contains(data, escape) {
		return data
	}
	clean := make([]byte, 0, len(data))
	for i := 0; i < len(data); {
		switch {
		case data[i] != '\\':
			clean = append(clean, data[i])
			i++
		case bytes.HasPrefix(data[i:], escape):
			i += len(escape)
		default:
			clean = append(clean, data[i], data[i+1])
			i += 2
		}
	}
	return clean
}
