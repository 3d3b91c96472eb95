package jsonstrict_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"converse/channels/jsonstrict"
)

type message struct {
	ID   jsonstrict.Text `json:"id"`
	Body string          `json:"body"`
}

func TestUnmarshalRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ data, says string }{
		"empty":                  {"", "empty"},
		"spaces":                 {" \n", "empty"},
		"cut":                    {`{"id":"1"`, "not JSON"},
		"second value":           {`{"id":"1"}{"id":"2"}`, "not JSON"},
		"byte order mark":        {"\ufeff{}", "not JSON"},
		"bare NUL":               {"{\"id\":\"\x00\"}", "not JSON"},
		"same name":              {`{"id":"1","id":"2"}`, "twice"},
		"same name, other case":  {`{"id":"1","ID":"2"}`, "twice"},
		"same name, escaped":     {`{"id":"1","\u0069d":"2"}`, "twice"},
		"same name, NUL inside":  {`{"id":"1","i\u0000d":"2"}`, "twice"},
		"same name, folded rune": {`{"kind":"1","\u212aind":"2"}`, "twice"},
		"same name, long s":      {`{"status":"1","ſtatus":"2"}`, "twice"},
		"same name, deeper":      {`{"a":[{"b":{"c":1,"C":2}}]}`, "twice"},
		"deep array":             {strings.Repeat("[", 65) + strings.Repeat("]", 65), "nested"},
		"deep object":            {strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000), "nested"},
		"beyond any parser":      {strings.Repeat("[", 20000) + strings.Repeat("]", 20000), "not JSON"},
		"wrong type":             {`{"body":7}`, `"body"`},
		"object as text":         {`{"id":{}}`, `"id"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m message
			err := jsonstrict.Unmarshal([]byte(test.data), &m)
			require.ErrorContains(t, err, test.says)
		})
	}
}

func TestManyNamesAreComparedToo(t *testing.T) {
	t.Parallel()
	const many = 200
	for _, at := range []int{0, 1, 14, 15, 16, 17, 100, many - 1} {
		var body strings.Builder
		body.WriteString("{")
		for n := range many {
			fmt.Fprintf(&body, `"name%d":{"name%d":%d},`, n, n, n)
		}
		var v any
		require.NoError(t, jsonstrict.Unmarshal([]byte(body.String()+`"last":[]}`), &v))
		err := jsonstrict.Unmarshal([]byte(body.String()+fmt.Sprintf(`"NAME%d":[]}`, at)), &v)
		require.ErrorContains(t, err, "twice", at)
	}
}

func TestErrorsHoldNoValues(t *testing.T) {
	t.Parallel()
	var m message
	err := jsonstrict.Unmarshal([]byte(`{"body":12025550123}`), &m)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "2025550123")
}

func TestUnmarshalKeeps(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		data string
		want message
	}{
		"string id":              {`{"id":"7","body":"hi"}`, message{ID: "7", Body: "hi"}},
		"number id":              {`{"id":8200000000000000001}`, message{ID: "8200000000000000001"}},
		"huge number":            {`{"id":1e999999}`, message{ID: "1e999999"}},
		"null":                   {`{"id":null,"body":null}`, message{}},
		"NUL taken out":          {`{"body":"a\u0000b"}`, message{Body: "ab"}},
		"escaped backslash":      {`{"body":"a\\u0000b"}`, message{Body: `a\u0000b`}},
		"three backslashes":      {`{"body":"\\\u0000"}`, message{Body: `\`}},
		"lone surrogate":         {`{"body":"a\ud83db"}`, message{Body: "a\ufffdb"}},
		"surrogate pair":         {`{"body":"\ud83d\ude00"}`, message{Body: "😀"}},
		"bytes that are no text": {"{\"body\":\"a\xffb\"}", message{Body: "a\ufffdb"}},
		"same name, two objects": {`{"id":"1","sub":{"id":"2","x":[{"id":1},{"id":2}]}}`, message{ID: "1"}},
		"names as values":        {`{"id":"body","body":"id","x":["id","id","ID"]}`, message{ID: "body", Body: "id"}},
		"brackets in strings":    {`{"id":"}{][\",\"id\"","body":"\\"}`, message{ID: `}{][","id"`, Body: `\`}},
		"as deep as allowed":     {`{"x":` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + "}", message{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m message
			require.NoError(t, jsonstrict.Unmarshal([]byte(test.data), &m))
			require.Equal(t, test.want, m)
		})
	}
}

func TestElementKeepsItsOwnError(t *testing.T) {
	t.Parallel()
	var pair struct {
		Bad  jsonstrict.Element[message] `json:"bad"`
		Good jsonstrict.Element[message] `json:"good"`
	}
	require.NoError(t, jsonstrict.Unmarshal([]byte(`{"bad":{"id":"1","body":[]},"good":{"id":2}}`), &pair))
	require.ErrorContains(t, pair.Bad.Err, `"body"`)
	require.NoError(t, pair.Good.Err)
	require.Equal(t, jsonstrict.Text("2"), pair.Good.Value.ID)
}

func TestAListGivesWhatFitsAndSaysWhatDoesNot(t *testing.T) {
	t.Parallel()
	var list jsonstrict.List[message]
	require.NoError(t, jsonstrict.Unmarshal([]byte(` [ {"id":1},"bad", null,{"body":[]} ,7,{"id":"4"}]`), &list))
	require.NoError(t, list.Err())
	require.Equal(t, 6, list.Len())
	var got []string
	for m, err := range list.All() {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		got = append(got, string(m.ID))
	}
	wrong := "it has the wrong type"
	require.Equal(t, []string{"1", wrong, "", `field "body" has the wrong type`, wrong, "4"}, got)
	for m, err := range list.All() {
		require.NoError(t, err)
		require.Equal(t, jsonstrict.Text("1"), m.ID)
		break // a walk may end early
	}
}

func TestWhatIsNoList(t *testing.T) {
	t.Parallel()
	for data, bad := range map[string]bool{
		`{}`: false, `{"l":null}`: false, `{"l":[]}`: false, `{"l":{}}`: true, `{"l":7}`: true, `{"l":"[1]"}`: true, `{"l":true}`: true,
	} {
		var holder struct {
			L jsonstrict.List[message] `json:"l"`
		}
		require.NoError(t, jsonstrict.Unmarshal([]byte(data), &holder), data)
		require.Equal(t, bad, holder.L.Err() != nil, data)
		require.Zero(t, holder.L.Len(), data)
	}
}

func TestNumbersKeptInFreeValues(t *testing.T) {
	t.Parallel()
	var v map[string]any
	require.NoError(t, jsonstrict.Unmarshal([]byte(`{"n":8200000000000000001}`), &v))
	require.Equal(t, json.Number("8200000000000000001"), v["n"])
}

// FuzzUnmarshal holds the package to its promises on any bytes: no panic, no NUL,
// only Unicode, and never two names that encoding/json would take for one.
func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1","body":"a\u0000b"}`, `{"a":1,"A":2}`, `["\ud83d","\\u0000"]`, `{"":{"":[]}}`, `"\"`, `{"a\"":1,"b":"\\"}`,
		`[1, [2,"]"] ,{"a":[{}]},"\\",null , -1e5,true]`, `[ ]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var v any
		if jsonstrict.Unmarshal(data, &v) != nil {
			return
		}
		inspect(t, v)
		array, ok := v.([]any)
		if !ok {
			return
		}
		var list jsonstrict.List[json.RawMessage]
		require.NoError(t, jsonstrict.Unmarshal(data, &list))
		walked := []any{}
		for raw, err := range list.All() {
			require.NoError(t, err)
			var element any
			require.NoError(t, jsonstrict.Unmarshal(raw, &element))
			walked = append(walked, element)
		}
		require.Equal(t, array, walked)
	})
}

func inspect(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case string:
		require.True(t, utf8.ValidString(v))
		require.NotContains(t, v, "\x00")
	case []any:
		for _, element := range v {
			inspect(t, element)
		}
	case map[string]any:
		var names []string
		for name, value := range v {
			inspect(t, name)
			inspect(t, value)
			for _, other := range names {
				require.False(t, strings.EqualFold(name, other), "%q and %q", name, other)
			}
			names = append(names, name)
		}
	}
}

func TestFieldsKeepOrder(t *testing.T) {
	t.Parallel()
	got, err := jsonstrict.Fields([]byte(`{"z":"1","a":2.50,"n":null,"l":[1, "x\u0000"],"b":true,"u\u0000":"\u0000"}`))
	require.NoError(t, err)
	require.Equal(t, []jsonstrict.Field{
		{Name: "z", Value: "1"},
		{Name: "a", Value: "2.50"},
		{Name: "n"},
		{Name: "l", Value: `[1,"x"]`},
		{Name: "b", Value: "true"},
		{Name: "u"},
	}, got)
	for _, bad := range []string{"", "[]", "7", `{"a":1,"A":2}`, `{"a"`} {
		_, err := jsonstrict.Fields([]byte(bad))
		require.Error(t, err, bad)
	}
}
