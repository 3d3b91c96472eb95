package jsonstrict

import (
	"bytes"
	"encoding/json"
	"errors"
)

// Field is one name and value of an object. A string or number is as Text gives
// it, anything else is compact JSON.
type Field struct{ Name, Value string }

// Fields reads a JSON object under the rules of the package and keeps its order.
func Fields(data []byte) ([]Field, error) {
	if !json.Valid(data) {
		return nil, syntaxError(data)
	}
	data = dropNUL(data)
	if err := check(data); err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("not an object")
	}
	var fields []Field
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name, ok := token.(string)
		if !ok {
			return nil, errors.New("a name that is not a string") // no JSON has one
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		fields = append(fields, Field{Name: name, Value: fieldText(value)})
	}
	return fields, nil
}

func fieldText(value json.RawMessage) string {
	var text Text
	if text.UnmarshalJSON(value) == nil {
		return string(text)
	}
	var compact bytes.Buffer
	if json.Compact(&compact, bytes.ToValidUTF8(value, []byte("\ufffd"))) != nil {
		return ""
	}
	return compact.String()
}
