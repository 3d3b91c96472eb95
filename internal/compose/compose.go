// Package compose makes message texts from templates.
//
// It owns the {{name}} notation and the rules for what a value may hold. It
// promises that the text it returns is the text the lead will read: preview and
// payload are made by the same call. A template that lacks a value, or gets one it
// does not know, is refused with the field named.
//
// Everything is pure. The package must not know of stores, providers or users.
package compose

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"converse/internal/chat"
)

// Filled is a template with its variables filled.
type Filled struct {
	// Text is the body as the lead reads it.
	Text string
	// Values are in the order of the template's variables.
	Values []Value
}

// Value is the value of one variable.
type Value struct{ Name, Value string }

// longestValue bounds a value, in characters: WhatsApp's longest body.
const longestValue = 1024

var placeholder = regexp.MustCompile(`\{\{\s*([\w.-]+)\s*\}\}`)

// Variables lists the names of a body's variables: numbers first and in order, as
// WhatsApp counts them, then words as they stand in the text.
func Variables(body string) []string {
	var numbers, words []string
	for _, found := range placeholder.FindAllStringSubmatch(body, -1) {
		name := found[1]
		list := &words
		if _, err := strconv.Atoi(name); err == nil {
			list = &numbers
		}
		if !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	slices.SortFunc(numbers, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return append(numbers, words...)
}

// Fill puts values into a template.
func Fill(t chat.Template, values map[string]string) (Filled, error) {
	known := map[string]string{}
	var out Filled
	for _, v := range t.Variables {
		value := strings.TrimSpace(values[v.Name])
		if err := checkValue("variables."+v.Name, value); err != nil {
			return Filled{}, err
		}
		known[v.Name] = value
		out.Values = append(out.Values, Value{Name: v.Name, Value: value})
	}
	for name := range values {
		if _, ok := known[name]; !ok {
			return Filled{}, chat.Invalidf("variables."+name, "the template %s has no variable of this name", t.Name)
		}
	}
	out.Text = placeholder.ReplaceAllStringFunc(t.Body, func(found string) string {
		name := placeholder.FindStringSubmatch(found)[1]
		if value, ok := known[name]; ok {
			return value
		}
		return found
	})
	if t.Footer != "" {
		out.Text += "\n\n" + t.Footer
	}
	return out, nil
}

// Single checks a value that stands alone, such as that of a header or a button, and
// returns it without spaces around it.
func Single(field, value string) (string, error) {
	value = strings.TrimSpace(value)
	return value, checkValue(field, value)
}

// checkValue applies the rules that WhatsApp has for a parameter (Meta, "Message
// templates"): not empty, no line breaks or tabs, no more than four spaces in a row. No
// other control character is text either.
func checkValue(field, value string) error {
	switch {
	case value == "":
		return chat.Invalidf(field, "is empty; the template needs a value here")
	case utf8.RuneCountInString(value) > longestValue:
		return chat.Invalidf(field, "is longer than %d characters", longestValue)
	case strings.ContainsFunc(value, breaksLine):
		return chat.Invalidf(field, "must not hold line breaks, tabs or other control characters")
	case strings.Contains(value, "     "):
		return chat.Invalidf(field, "must not hold more than four spaces in a row")
	}
	return nil
}

// breaksLine reports a control character, or one of Unicode's own line breaks.
func breaksLine(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
}
