package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWords is how many bytes of a provider's words are kept (channels.Error.Text).
const maxWords = 500

// Words makes a provider's text safe to keep and show: no secret, no control
// character, valid UTF-8, at most 500 bytes.
func Words(text string, secrets []string) string {
	text = Redact(strings.ToValidUTF8(text, "\ufffd"), secrets)
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= maxWords {
		return text
	}
	const more = "…"
	end := maxWords - len(more)
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + more
}
