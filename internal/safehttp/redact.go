package safehttp

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// redacted stands in a text where a secret was.
const redacted = "•••"

// minEncoded is the shortest secret looked for inside base64: of a shorter one too
// few characters stay the same wherever in the encoded text it stands.
const minEncoded = 6

// Redact removes secrets from a text in every form they travel in: as they are,
// escaped for a URL or for JSON, and anywhere inside base64, as in Basic
// authentication. A base64 word that holds a secret is removed whole.
func Redact(s string, secrets []string) string {
	var forms []string
	var cores []string
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		forms = append(forms, plainForms(secret)...)
		if len(secret) >= minEncoded {
			cores = append(cores, encodedCores(secret)...)
		}
	}
	// Longest first, so that one secret inside another does not leave the rest of it.
	slices.SortFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, form := range forms {
		s = strings.ReplaceAll(s, form, redacted)
	}
	return redactEncoded(s, cores)
}

func plainForms(secret string) []string {
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret)}
	for _, escaped := range forms[1:] {
		forms = append(forms, lowerEscapes(escaped))
	}
	if quoted, err := json.Marshal(secret); err == nil {
		forms = append(forms, string(quoted[1:len(quoted)-1]))
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// lowerEscapes writes %2F as %2f, which is as valid.
func lowerEscapes(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], strings.ToLower(string(b[i+1:i+3])))
		}
	}
	return string(b)
}

// encodedCores returns what a secret looks like in base64 at each of the three
// offsets it can stand at, less the characters that its neighbours have a part in.
func encodedCores(secret string) []string {
	var cores []string
	for offset := range 3 {
		whole := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", offset) + secret))
		first := (offset*8 + 5) / 6
		last := (offset + len(secret)) * 8 / 6
		core := whole[first:last]
		cores = append(cores, core, strings.NewReplacer("+", "-", "/", "_").Replace(core))
	}
	return cores
}

func redactEncoded(s string, cores []string) string {
	for _, core := range cores {
		for {
			at := strings.Index(s, core)
			if at < 0 {
				break
			}
			begin := len(strings.TrimRightFunc(s[:at], inBase64))
			end := len(s) - len(strings.TrimLeft(strings.TrimLeftFunc(s[at:], inBase64), "="))
			s = s[:begin] + redacted + s[end:]
		}
	}
	return s
}

func inBase64(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("+/-_", r)
}
