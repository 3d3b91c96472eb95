package config

import (
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"unicode"
)

// Attrs lists a command's settings by their flags, in snake case, for the log.
// Secrets are hidden, and settings that are not set are left out.
func Attrs(command any) []slog.Attr {
	return attrs(reflect.Indirect(reflect.ValueOf(command)))
}

func attrs(v reflect.Value) []slog.Attr {
	var list []slog.Attr
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		switch {
		case field.Anonymous:
			list = append(list, attrs(value)...)
		case value.IsZero():
		default:
			list = append(list, slog.String(snake(field), fmt.Sprint(value.Interface())))
		}
	}
	return list
}

// snake is the flag's name with underscores.
func snake(field reflect.StructField) string {
	if name, ok := field.Tag.Lookup("name"); ok {
		return strings.ReplaceAll(name, "-", "_")
	}
	var b strings.Builder
	for i, r := range field.Name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func text(command any) string {
	var parts []string
	for _, a := range Attrs(command) {
		parts = append(parts, fmt.Sprintf("%s=%q", a.Key, a.Value))
	}
	return strings.Join(parts, " ")
}

func logged(command any) slog.Value { return slog.GroupValue(Attrs(command)...) }

// String implements fmt.Stringer, secrets hidden.
func (d *Dev) String() string { return text(d) }

// String implements fmt.Stringer, secrets hidden.
func (s *Serve) String() string { return text(s) }

// String implements fmt.Stringer, secrets hidden.
func (m *Migrate) String() string { return text(m) }

// String implements fmt.Stringer, secrets hidden.
func (d *Doctor) String() string { return text(d) }

// String implements fmt.Stringer, secrets hidden.
func (s *Setup) String() string { return text(s) }

// String implements fmt.Stringer, secrets hidden.
func (s *Sandbox) String() string { return text(s) }

// LogValue implements slog.LogValuer, secrets hidden.
func (d *Dev) LogValue() slog.Value { return logged(d) }

// LogValue implements slog.LogValuer, secrets hidden.
func (s *Serve) LogValue() slog.Value { return logged(s) }

// LogValue implements slog.LogValuer, secrets hidden.
func (m *Migrate) LogValue() slog.Value { return logged(m) }

// LogValue implements slog.LogValuer, secrets hidden.
func (s *Setup) LogValue() slog.Value { return logged(s) }

// LogValue implements slog.LogValuer, secrets hidden.
func (d *Doctor) LogValue() slog.Value { return logged(d) }

// LogValue implements slog.LogValuer, secrets hidden.
func (s *Sandbox) LogValue() slog.Value { return logged(s) }
