package transfer

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"converse/internal/chat"
)

// A file says the same thing in many ways. The functions of this file bring a cell
// into the form in which a field's values are stored; what is wrong with it is a
// sentence for people, without the value.

// canonical is a cell as the field keeps it, or what is wrong with it and what to do.
func canonical(f chat.Field, cell string, monthFirst bool) (value, problem string) {
	switch f.Type {
	case chat.FieldNumber:
		cell = number(cell)
	case chat.FieldDate:
		date, ok := dateOf(cell, monthFirst)
		if !ok {
			return "", "This is no date. Write it as 2026-01-31."
		}
		cell = date
	case chat.FieldBoolean:
		truth, ok := truths[strings.ToLower(cell)]
		if !ok {
			return "", "This is neither yes nor no. Write true or false."
		}
		cell = truth
	case chat.FieldChoice:
		for _, choice := range f.Choices {
			if strings.EqualFold(choice, cell) {
				cell = choice
			}
		}
	case chat.FieldText, chat.FieldUser, chat.FieldIdentifiers, chat.FieldTime:
	}
	value, problem = f.Canonical(cell)
	if problem == "" {
		return value, ""
	}
	if f.Type == chat.FieldChoice {
		return "", "The field has no such choice. It has: " + strings.Join(f.Choices, ", ") + "."
	}
	return "", fmt.Sprintf("The value %s.", problem)
}

// truths are the words for yes and no that spreadsheets and people write.
var truths = map[string]string{
	"true": "true", "yes": "true", "y": "true", "1": "true", "x": "true", "on": "true", "wahr": "true", "ja": "true", "vrai": "true", "oui": "true", "sí": "true", "si": "true",
	"false": "false", "no": "false", "n": "false", "0": "false", "off": "false", "falsch": "false", "nein": "false", "faux": "false", "non": "false",
}

var (
	commaThousands = regexp.MustCompile(`^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$`)
	pointThousands = regexp.MustCompile(`^[+-]?\d{1,3}(\.\d{3}){2,}$|^[+-]?\d{1,3}(\.\d{3})+,\d+$`)
	commaDecimals  = regexp.MustCompile(`^[+-]?\d+,\d+$`)
)

// number takes out what groups thousands and makes the decimal sign a point. One
// comma before three digits groups them; a point alone is a decimal sign.
func number(cell string) string {
	cell = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00A0\u202F'’_", r) {
			return -1
		}
		return r
	}, cell)
	switch {
	case commaThousands.MatchString(cell):
		return strings.ReplaceAll(cell, ",", "")
	case pointThousands.MatchString(cell):
		return strings.ReplaceAll(strings.ReplaceAll(cell, ".", ""), ",", ".")
	case commaDecimals.MatchString(cell):
		return strings.ReplaceAll(cell, ",", ".")
	}
	return cell
}

// dateOf reads a date: year first in any notation, otherwise by the order that was
// chosen. A time behind it is dropped.
func dateOf(cell string, monthFirst bool) (string, bool) {
	day, _, _ := strings.Cut(strings.Replace(cell, "T", " ", 1), " ")
	layouts := []string{time.DateOnly, "2006/1/2", "2006.1.2", "2006-1-2", "20060102", "2.1.2006"}
	if monthFirst {
		layouts = append(layouts, "1/2/2006", "1-2-2006")
	} else {
		layouts = append(layouts, "2/1/2006", "2-1-2006")
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, day); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	for _, layout := range []string{"2 January 2006", "2 Jan 2006", "January 2, 2006", "Jan 2, 2006", "2-Jan-2006"} {
		if t, err := time.Parse(layout, cell); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

// masked reports whether a value is one of ours that was hidden: it must not become
// somebody's value.
func masked(cell string) bool { return strings.ContainsRune(cell, maskSign) }

// maskSign is in whatever package mask puts in place of a value.
const maskSign = '•'
