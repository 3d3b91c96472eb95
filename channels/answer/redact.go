package answer

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// redacted stands in a text where a secret was.
const redacted = "[redacted]"

// minEncoded is the shortest secret looked for inside base64: of a shorter one too
// few characters stay the same wherever in the encoded text it stands.
const minEncoded = 6

// Redact takes secrets out of a text in every form they travel in: as they are,
// escaped for a URL or for JSON, and anywhere inside base64, as in Basic
// authentication. A base64 word that holds a secret goes whole.
func Redact(text string, secrets []string) string {
	var forms, cores []string
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		forms = append(forms, Forms(secret)...)
		if len(secret) >= minEncoded {
			cores = append(cores, encodedCores(secret)...)
		}
	}
	// The longest goes first, so that a secret that holds another one goes whole.
	slices.SortStableFunc(forms, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, redacted)
	}
	// Base64 first: a word of it is recognised only while it is whole.
	return strings.NewReplacer(pairs...).Replace(redactEncoded(text, cores))
}

// Forms lists the ways in which a secret may be echoed without being encoded.
func Forms(secret string) []string {
	query, path := url.QueryEscape(secret), url.PathEscape(secret)
	forms := []string{secret, query, lowerEscapes(query), path, lowerEscapes(path)}
	if quoted, err := json.Marshal(secret); err == nil {
		forms = append(forms, string(quoted[1:len(quoted)-1]))
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

// encodedCores returns what a secret looks like in base64 at each of the three
// offsets it can stand at, less the characters that its neighbours have a part in.
func encodedCores(secret string) []string {
	var cores []string
	for offset := range 3 {
		whole := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", offset) + secret))
		core := whole[(offset*8+5)/6 : (offset+len(secret))*8/6]
		cores = append(cores, core, strings.NewReplacer("+", "-", "/", "_").Replace(core))
	}
	return cores
}

func redactEncoded(text string, cores []string) string {
	for _, core := range cores {
		var done strings.Builder
		for at := strings.Index(text, core); at >= 0; at = strings.Index(text, core) {
			done.WriteString(strings.TrimRightFunc(text[:at], inBase64) + redacted)
			text = strings.TrimLeft(strings.TrimLeftFunc(text[at:], inBase64), "=")
		}
		text = done.String() + text
	}
	return text
}

func inBase64(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("+/-_", r)
}
