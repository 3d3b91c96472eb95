package vault

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// KeySize is the length of a master key in bytes.
const KeySize = 32

// hidden is all that a key says about itself.
const hidden = "•••"

// Key is a master key. It prints as "•••" whatever way it is printed.
type Key struct {
	bytes [KeySize]byte
}

// NewKey takes 32 random bytes.
func NewKey(b []byte) (Key, error) {
	if len(b) != KeySize {
		return Key{}, fmt.Errorf("master key has %d bytes, need %d", len(b), KeySize)
	}
	k := Key{bytes: [KeySize]byte(b)}
	if k == (Key{}) {
		return Key{}, errors.New("master key is all zeros")
	}
	return k, nil
}

// ParseKey reads a key in base64, either alphabet, padded or not.
func ParseKey(text string) (Key, error) {
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(strings.TrimSpace(text), "="))
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return Key{}, errors.New("master key is not base64") // the error would quote it
	}
	return NewKey(b)
}

// Derive makes a key for another purpose, such as "media links", from which
// neither this key nor that of any other purpose can be found.
func (k Key) Derive(purpose string) []byte {
	derived, err := hkdf.Key(sha256.New, k.bytes[:], nil, "converse "+purpose, KeySize)
	if err != nil {
		panic(err) // only a length beyond 8 KiB fails
	}
	return derived
}

// id names the key in what it seals. Two keys may share one; both are then tried.
func (k Key) id() byte { return k.Derive("key id")[0] }

// Format implements fmt.Formatter, for every verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// String implements fmt.Stringer.
func (k Key) String() string { return hidden }

// GoString implements fmt.GoStringer.
func (k Key) GoString() string { return hidden }

// LogValue implements slog.LogValuer.
func (k Key) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText implements encoding.TextMarshaler, and thereby hides from JSON too.
func (k Key) MarshalText() ([]byte, error) { return []byte(hidden), nil }
