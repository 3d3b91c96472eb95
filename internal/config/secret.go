package config

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
)

// hidden stands for a secret in anything that is printed.
const hidden = "•••"

// Secret is a setting that must not be seen. It prints as "•••", or as nothing
// when it is empty.
type Secret string

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String implements fmt.Stringer.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// Format implements fmt.Formatter, for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText implements encoding.TextMarshaler, and thereby hides from JSON too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Address is a URL, or several with commas between, that may hold a password. It
// prints without user, password and query.
type Address string

// Reveal returns the address itself.
func (a Address) Reveal() string { return string(a) }

// List splits an address into its URLs.
func (a Address) List() []string {
	var list []string
	for part := range strings.SplitSeq(string(a), ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// String implements fmt.Stringer.
func (a Address) String() string {
	var shown []string
	for _, part := range a.List() {
		u, err := url.Parse(part)
		// Of "host=… password=…" nothing is shown: it has too many spellings.
		if err != nil || u.Scheme == "" || u.Opaque != "" {
			shown = append(shown, hidden)
			continue
		}
		secretive := u.User != nil || u.RawQuery != "" || u.Fragment != ""
		u.User, u.RawQuery, u.Fragment = nil, "", ""
		text := u.String()
		if secretive {
			text += " (" + hidden + ")"
		}
		shown = append(shown, text)
	}
	return strings.Join(shown, ",")
}

// Format implements fmt.Formatter, for every verb.
func (a Address) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, a.String()) }

// LogValue implements slog.LogValuer.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.String()) }

// MarshalText implements encoding.TextMarshaler.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }
