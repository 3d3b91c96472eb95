package chat

import "unicode/utf8"

// Clip shortens text to at most limit bytes, with an ellipsis at the end, without cutting
// a character. A limit must have room for the ellipsis, which is three bytes.
func Clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	cut := limit - len("…")
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
