package auth

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"converse/internal/chat"
)

// common are the passwords that attackers try first: of the list that zxcvbn carries
// (MIT), all of ten characters and more, and of the ten thousand most common those of
// five and more. In lower case, each between line breaks.
//
//go:embed common.txt
var common string

// leastVaried is how many different characters a password has at least.
const leastVaried = 5

// CheckPassword returns nil when a user may have the password, and otherwise an error
// that names the field and says why not. It hashes nothing.
func CheckPassword(policy chat.AccountPolicy, field, password string, user chat.User) error {
	length := utf8.RuneCountInString(password)
	plain := strings.ToLower(password)
	switch {
	case length < policy.PasswordMin:
		return chat.Invalidf(field, "Use at least %d characters. A few words in a row are easy to remember.", policy.PasswordMin)
	case length > chat.MostPassword || len(password) > longestPassword:
		return chat.Invalidf(field, "Use at most %d characters.", chat.MostPassword)
	case varied(plain) < leastVaried:
		return chat.Invalidf(field, "Use at least %d different characters.", leastVaried)
	case names(plain, user):
		return chat.Invalidf(field, "Leave your name and your e-mail address out of it: they are guessed first.")
	case isCommon(plain):
		return chat.Invalidf(field, "Many people use this password, so it is guessed soon. Choose another.")
	}
	return nil
}

func varied(text string) int {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen)
}

// names reports whether a password is made of who the user is: it is the address, or
// little remains of it without the address's first part and the words of the name.
func names(plain string, user chat.User) bool {
	local, domain, _ := strings.Cut(strings.ToLower(user.Email), "@")
	parts := append(strings.Fields(strings.ToLower(user.Name)), local)
	parts = append(parts, strings.FieldsFunc(local, func(r rune) bool { return !unicode.IsLetter(r) })...)
	if name, _, ok := strings.Cut(domain, "."); ok {
		parts = append(parts, domain, name)
	}
	slices.SortFunc(parts, func(a, b string) int { return len(b) - len(a) })
	rest, found := plain, false
	for _, part := range parts {
		if utf8.RuneCountInString(part) < 3 {
			continue
		}
		shorter := strings.ReplaceAll(rest, part, "")
		found = found || shorter != rest
		rest = shorter
	}
	return found && utf8.RuneCountInString(rest) < leastRest
}

// leastRest is how many characters must remain without what is guessed first.
const leastRest = 6

// isCommon reports whether a password is on the list, or a word of the list with a few
// digits and signs around it.
func isCommon(plain string) bool {
	if listed(plain) {
		return true
	}
	stem := strings.TrimFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) })
	return len(plain)-len(stem) < leastRest && listed(stem)
}

func listed(word string) bool { return word != "" && strings.Contains(common, "\n"+word+"\n") }
