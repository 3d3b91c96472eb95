package chat

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// FieldType says what a field of a lead holds.
type FieldType string

// The types of custom fields. The fields that every lead has are text, dates, or of
// the types below.
const (
	FieldText    FieldType = "text"
	FieldNumber  FieldType = "number"
	FieldDate    FieldType = "date"
	FieldBoolean FieldType = "boolean"
	FieldChoice  FieldType = "choice"
	// FieldUser is an owner, FieldIdentifiers a kind of identifier, FieldTime a moment.
	FieldUser        FieldType = "user"
	FieldIdentifiers FieldType = "identifiers"
	FieldTime        FieldType = "time"
)

// Field is one field of an org's leads.
type Field struct {
	// ID is empty for a field that every lead has.
	ID FieldID
	// Name is how filters, masks, imports and the audit name it.
	Name  LeadField
	Label string
	Type  FieldType
	// Choices are what a choice may be; for a source or a stage, what is in use.
	Choices  []string
	Required bool
	Archived bool
}

// CustomValue is the value of a custom field, in its canonical text form: numbers as
// 12.5, dates as 2026-01-31, booleans as true or false.
type CustomValue struct{ Key, Value string }

// Key is the key of a custom field, or "".
func (f LeadField) Key() string {
	key, ok := strings.CutPrefix(string(f), customPrefix)
	if !ok {
		return ""
	}
	return key
}

// BuiltInFields are the fields that every lead has, in the order of screens.
func BuiltInFields() []Field {
	return []Field{
		{Name: FieldFirstName, Label: "First name", Type: FieldText},
		{Name: FieldLastName, Label: "Last name", Type: FieldText},
		{Name: FieldPhone, Label: "Phone", Type: FieldIdentifiers},
		{Name: FieldEmail, Label: "E-mail", Type: FieldIdentifiers},
		{Name: FieldWhatsApp, Label: "WhatsApp", Type: FieldIdentifiers},
		{Name: FieldOwner, Label: "Owner", Type: FieldUser},
		{Name: FieldStage, Label: "Stage", Type: FieldText},
		{Name: FieldSource, Label: "Source", Type: FieldText},
		{Name: FieldCreatedAt, Label: "Created", Type: FieldTime},
		{Name: FieldModifiedAt, Label: "Changed", Type: FieldTime},
	}
}

const longestValue = 1000

// Canonical is a value as it is stored, or what is wrong with it. An empty value is
// no value and always right.
func (f Field) Canonical(value string) (canonical, problem string) {
	value = strings.TrimSpace(value)
	if value == "" {
		return "", ""
	}
	switch f.Type {
	case FieldNumber:
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
			return "", "must be a number, such as 12.5"
		}
		return strconv.FormatFloat(n, 'f', -1, 64), ""
	case FieldDate:
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return "", "must be a date, such as 2026-01-31"
		}
	case FieldBoolean:
		if value != "true" && value != "false" {
			return "", "must be true or false"
		}
	case FieldChoice:
		if !slices.Contains(f.Choices, value) {
			return "", "must be one of the field's choices"
		}
	case FieldText, FieldUser, FieldIdentifiers, FieldTime:
		if utf8.RuneCountInString(value) > longestValue {
			return "", "must have at most 1000 characters"
		}
	}
	return value, ""
}

// longestTerm is how much of a text takes part in filtering and sorting.
const longestTerm = 200

// Term is a canonical value in a form that sorts, byte by byte, as the values do.
func (f Field) Term(canonical string) string {
	if f.Type == FieldNumber {
		n, _ := strconv.ParseFloat(canonical, 64)
		return sortableNumber(n)
	}
	term := fold(canonical)
	if len(term) > longestTerm {
		term = strings.ToValidUTF8(term[:longestTerm], "")
	}
	return term
}

// sortableNumber orders floating-point numbers as text: the bits of a positive number
// do that already, those of a negative one do it when they are turned around.
func sortableNumber(n float64) string {
	bits := math.Float64bits(n + 0) // -0 is 0
	if bits>>63 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	text := strconv.FormatUint(bits, 16)
	return strings.Repeat("0", 16-len(text)) + text
}
