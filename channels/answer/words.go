package answer

import (
	"encoding/base64"
	"net/url"
	"slices"
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

// Redact takes secrets out of a text, as they are, URL-escaped and in base64.
func Redact(text string, secrets []string) string {
	var forms []string
	for _, secret := range secrets {
		if secret != "" {
			forms = append(forms, Forms(secret)...)
		}
	}
	// The longest goes first, so that a secret that holds another one goes whole.
	slices.SortStableFunc(forms, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, "[redacted]")
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Forms lists the ways in which a secret may be echoed.
func Forms(secret string) []string {
	raw := []byte(secret)
	query, path := url.QueryEscape(secret), url.PathEscape(secret)
	forms := []string{
		secret,
		query, lowerEscapes(query),
		path, lowerEscapes(path),
		base64.StdEncoding.EncodeToString(raw), base64.RawStdEncoding.EncodeToString(raw),
		base64.URLEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// lowerEscapes spells the hex digits of %XX in lower case.
func lowerEscapes(escaped string) string {
	out := []byte(escaped)
	for i := 0; i+2 < len(out); i++ {
		if out[i] == '%' {
			copy(out[i+1:i+3], strings.ToLower(string(out[i+1:i+3])))
			i += 2
		}
	}
	return string(out)
}
