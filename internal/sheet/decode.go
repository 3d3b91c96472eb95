package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Encoding is how a file spells its characters.
type Encoding string

// The encodings that are read.
const (
	UTF8    Encoding = "utf-8"
	UTF16LE Encoding = "utf-16le"
	UTF16BE Encoding = "utf-16be"
	// Windows1252 is what a file is taken for that is none of the others: what
	// spreadsheets of western Europe and America write when nobody asks them for UTF-8.
	Windows1252 Encoding = "windows-1252"
)

// What a file can be instead of a table.
var (
	// ErrEmpty: there is no row in it, not even one of headers.
	ErrEmpty = errors.New("the file is empty")
	// ErrWorkbook: it is a spreadsheet's own format.
	ErrWorkbook = errors.New("the file is a spreadsheet's own format")
	// ErrBinary: it is no text.
	ErrBinary = errors.New("the file is not text")
)

const bom = "\uFEFF"

// decode turns a file into text and says what it was. A byte order mark is believed
// and dropped; a file without one is UTF-8 if it can be, and Windows-1252 otherwise.
func decode(data []byte) (string, Encoding, error) {
	switch {
	case len(data) == 0:
		return "", "", ErrEmpty
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")):
		return "", "", ErrWorkbook
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
		return decoded(data, UTF16LE, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM))
	case bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return decoded(data, UTF16BE, unicode.UTF16(unicode.BigEndian, unicode.UseBOM))
	}
	data = bytes.TrimPrefix(data, []byte(bom))
	switch {
	case bytes.IndexByte(data, 0) >= 0:
		return "", "", ErrBinary
	case utf8.Valid(data):
		return string(data), UTF8, nil
	}
	return decoded(data, Windows1252, charmap.Windows1252)
}

func decoded(data []byte, name Encoding, from encoding.Encoding) (string, Encoding, error) {
	out, err := from.NewDecoder().Bytes(data)
	if err != nil {
		return "", "", fmt.Errorf("decode %s: %w", name, err)
	}
	if bytes.IndexByte(out, 0) >= 0 {
		return "", "", ErrBinary
	}
	return string(out), name, nil
}

// oneEnding gives lines that end in a lone carriage return, as old programs write
// them, the ending that everything else reads.
func oneEnding(text string) string {
	if !strings.ContainsRune(text, '\n') {
		return strings.ReplaceAll(text, "\r", "\n")
	}
	return text
}
