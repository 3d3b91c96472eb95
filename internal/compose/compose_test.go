package compose_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/compose"
)

func template() chat.Template {
	return chat.Template{
		Name: "visit", Body: "Hello {{1}}, see you on {{ 2 }}. {{1}}!", Footer: "Reply STOP to end",
		Variables: []chat.TemplateVariable{{Name: "1"}, {Name: "2"}},
	}
}

func TestFillMakesTheTextTheLeadReads(t *testing.T) {
	t.Parallel()
	filled, err := compose.Fill(template(), map[string]string{"1": " Asha ", "2": "Monday"})
	require.NoError(t, err)
	require.Equal(t, "Hello Asha, see you on Monday. Asha!\n\nReply STOP to end", filled.Text)
	require.Equal(t, []compose.Value{{Name: "1", Value: "Asha"}, {Name: "2", Value: "Monday"}}, filled.Values)
}

func TestFillDoesNotFillAValueIntoAValue(t *testing.T) {
	t.Parallel()
	filled, err := compose.Fill(template(), map[string]string{"1": "{{2}}", "2": "Monday"})
	require.NoError(t, err)
	require.Equal(t, "Hello {{2}}, see you on Monday. {{2}}!\n\nReply STOP to end", filled.Text)
}

func TestFillNamesTheFieldAtFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		values map[string]string
		field  string
	}{
		"missing":     {map[string]string{"1": "Asha"}, "variables.2"},
		"blank":       {map[string]string{"1": "  ", "2": "x"}, "variables.1"},
		"unknown":     {map[string]string{"1": "a", "2": "b", "name": "c"}, "variables.name"},
		"line break":  {map[string]string{"1": "a\nb", "2": "b"}, "variables.1"},
		"tab":         {map[string]string{"1": "a\tb", "2": "b"}, "variables.1"},
		"NUL":         {map[string]string{"1": "a\x00b", "2": "b"}, "variables.1"},
		"separator":   {map[string]string{"1": "a\u2028b", "2": "b"}, "variables.1"},
		"five spaces": {map[string]string{"1": "a     b", "2": "b"}, "variables.1"},
		"too long":    {map[string]string{"1": strings.Repeat("é", 1025), "2": "b"}, "variables.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := compose.Fill(template(), c.values)
			var e *chat.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, c.field, e.Field)
		})
	}
}

func TestFillLeavesAloneWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	tpl := template()
	tpl.Body, tpl.Footer = "{{1}} {{3}} {{ }} {{1 2}} {1} {{2}}{{2}}", ""
	filled, err := compose.Fill(tpl, map[string]string{"1": "$1 \\1 {{1}}", "2": "€"})
	require.NoError(t, err)
	require.Equal(t, "$1 \\1 {{1}} {{3}} {{ }} {{1 2}} {1} €€", filled.Text)
}

func TestFillWithoutVariablesTakesNoValues(t *testing.T) {
	t.Parallel()
	tpl := chat.Template{Name: "plain", Body: "See you."}
	filled, err := compose.Fill(tpl, nil)
	require.NoError(t, err)
	require.Equal(t, compose.Filled{Text: "See you."}, filled)
	_, err = compose.Fill(tpl, map[string]string{"1": "a"})
	require.Equal(t, chat.CodeInvalid, chat.CodeOf(err))
}

// FuzzFill: what is refused names a variable, and what is filled holds each value.
func FuzzFill(f *testing.F) {
	f.Add("Hello {{1}}", "Asha")
	f.Add("{{ 1 }}{{1}}", "{{1}}")
	f.Add("{{", "\x00\xff")
	f.Fuzz(func(t *testing.T, body, value string) {
		tpl := chat.Template{Name: "t", Body: body, Variables: []chat.TemplateVariable{{Name: "1"}}}
		filled, err := compose.Fill(tpl, map[string]string{"1": value})
		if err != nil {
			var e *chat.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, "variables.1", e.Field)
			return
		}
		require.Equal(t, strings.TrimSpace(value), filled.Values[0].Value)
		if strings.Contains(body, "{{1}}") {
			require.Contains(t, filled.Text, filled.Values[0].Value)
		}
	})
}
