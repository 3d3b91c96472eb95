package channeltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"converse/channels"
)

// cuts is at how many places a body is cut off.
const cuts = 200

// swaps is how many times, at most, a value of a body is replaced by an odd one.
// Large bodies get a sample; fuzzing tries the rest.
const swaps = 300

// checkMutations feeds an adapter what its webhook might have been. Parse may
// answer with an error or Malformed events, but must not panic, nor take half a
// body for a whole one, nor give events that break the contract.
func checkMutations(adapter channels.Adapter, account channels.Account, good *channels.Webhook, events []channels.Event) problems {
	var found problems
	parse := func(body []byte) ([]channels.Event, error) {
		events, _, err := adapter.Parse(account, withBody(good, body))
		return events, err
	}

	var document any
	decoder := json.NewDecoder(bytes.NewReader(good.Body))
	decoder.UseNumber()
	isJSON := decoder.Decode(&document) == nil

	whole := len(bytes.TrimRight(good.Body, " \r\n\t"))
	for at := 0; at < whole; at += max(1, whole/cuts) {
		cut, err := parse(good.Body[:at])
		if isJSON && err == nil && !hasMalformed(cut) {
			found.addf("the body cut off at byte %d was taken for a whole one", at)
		}
	}
	if !isJSON {
		return found
	}

	same, err := parse([]byte(pretty(withUnknownFields(document))))
	if err != nil || !reflect.DeepEqual(same, events) {
		found.addf("unknown fields changed the events to %s (%v)", pretty(showEvents(same)), err)
	}

	everywhere, values := places(document, nil), oddValues()
	all := len(everywhere) * len(values)
	step := 1 + all/swaps
	if step%len(values) == 0 {
		step++ // or every place would get the same value
	}
	for i := 0; i < all; i += step {
		place, value := everywhere[i/len(values)], values[i%len(values)]
		odd, err := parse([]byte(pretty(replaced(document, place, value))))
		if err == nil {
			found.add(fmt.Sprintf("with %.40s at %v", strings.TrimSpace(pretty(value)), place), checkEvents(adapter, account, odd))
		}
	}
	return found
}

func hasMalformed(events []channels.Event) bool {
	for _, event := range events {
		if _, ok := event.(channels.Malformed); ok {
			return true
		}
	}
	return false
}

// oddValues are what a field may hold instead of what it should.
func oddValues() []any {
	return []any{
		nil, true, "", strings.Repeat("9", 400), "+1 (202) 555-0100", "é\u0000\ufffd",
		json.Number("0"), json.Number("-1"), json.Number("1e400"),
		[]any{},
		[]any{nil},
		map[string]any{},
		map[string]any{"id": json.Number("1"), "url": []any{}},
	}
}

// places lists the path of every value inside a document; of a list, only of its
// first two elements.
func places(value any, path []any) [][]any {
	found := [][]any{path}
	step := func(key, inner any) {
		next := append(append([]any{}, path...), key)
		found = append(found, places(inner, next)...)
	}
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			step(name, value[name])
		}
	case []any:
		for i, inner := range value[:min(2, len(value))] {
			step(i, inner)
		}
	}
	return found
}

// replaced is the document with another value at one path.
func replaced(document any, path []any, value any) any {
	if len(path) == 0 {
		return value
	}
	switch document := document.(type) {
	case map[string]any:
		copied := make(map[string]any, len(document))
		for name, inner := range document {
			if name == path[0] {
				inner = replaced(inner, path[1:], value)
			}
			copied[name] = inner
		}
		return copied
	case []any:
		copied := make([]any, len(document))
		for i, inner := range document {
			if i == path[0] {
				inner = replaced(inner, path[1:], value)
			}
			copied[i] = inner
		}
		return copied
	}
	return document
}

// withUnknownFields adds fields of a future version to every object.
func withUnknownFields(document any) any {
	switch document := document.(type) {
	case map[string]any:
		copied := map[string]any{"zz_future": map[string]any{"list": []any{json.Number("1"), nil}, "deep": map[string]any{}}, "zz_flag": true}
		for name, inner := range document {
			copied[name] = withUnknownFields(inner)
		}
		return copied
	case []any:
		copied := make([]any, len(document))
		for i, inner := range document {
			copied[i] = withUnknownFields(inner)
		}
		return copied
	}
	return document
}
