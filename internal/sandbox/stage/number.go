package stage

import "strings"

// E164 reads a phone number that may be written with spaces, dots, dashes and
// brackets, and with or without the plus sign.
func E164(text string) (string, bool) {
	var digits strings.Builder
	for i, r := range strings.TrimSpace(text) {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r == '+' && i == 0, strings.ContainsRune(" .-()\u00a0", r):
		default:
			return "", false
		}
	}
	number := digits.String()
	// E.164 allows 15 digits; no country has numbers of fewer than 7 with its code.
	if len(number) < 7 || len(number) > 15 || number[0] == '0' {
		return "", false
	}
	return "+" + number, true
}

// IsUserID reports whether the text has the form of a WhatsApp business-scoped
// user id, such as "US.13491208655302741918".
func IsUserID(text string) bool {
	country, rest, found := strings.Cut(text, ".")
	if !found || len(country) != 2 || len(rest) == 0 || len(rest) > 136 {
		return false
	}
	return strings.Trim(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" &&
		strings.Trim(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.") == ""
}
