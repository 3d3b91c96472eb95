package chat

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// LeadTerms lists what a lead can be found by: every word of its names, its e-mail
// addresses whole, its phone digits with and without the country code, and the
// words of its WhatsApp id. Terms are in lower case and without accents.
func LeadTerms(l Lead) []string {
	terms := words(l.FirstName + " " + l.LastName)
	for _, i := range l.Identifiers {
		switch i.Kind {
		case IdentifierPhone:
			terms = append(terms, phoneTerms(i.Value)...)
		case IdentifierEmail:
			terms = append(terms, fold(i.Value))
		case IdentifierWhatsApp:
			terms = append(terms, words(i.Value)...)
		}
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// SearchWords splits what a user typed into words that prefix-match LeadTerms,
// the longest first because it narrows most. A query that is a phone number, in
// whatever notation, is one word of digits. No word is empty.
func SearchWords(query string) []string {
	if digits := strings.TrimLeft(onlyDigits(query), "0"); len(digits) >= 3 && isPhoneQuery(query) {
		return []string{digits}
	}
	if strings.Contains(query, "@") {
		if address := fold(strings.Map(printable, strings.TrimSpace(query))); address != "" {
			return []string{address}
		}
	}
	out := words(query)
	slices.SortStableFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}

// phoneTerms are the digits of an E.164 number, and what is left of them without
// a country code of one to three digits.
func phoneTerms(e164 string) []string {
	digits := onlyDigits(e164)
	terms := []string{digits}
	for code := 1; code <= 3 && len(digits)-code >= 7; code++ {
		terms = append(terms, digits[code:])
	}
	return terms
}

func words(s string) []string {
	return strings.FieldsFunc(fold(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// fold makes equal what people type for each other: case, accents of the European
// alphabets, and the two ways in which Unicode spells an accent.
func fold(s string) string {
	apart := norm.NFD.String(strings.ToLower(s))
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36F { // the combining diacritical marks
			return -1
		}
		return r
	}, apart))
}

// printable drops what no keyboard types and no database takes.
func printable(r rune) rune {
	if !unicode.IsPrint(r) {
		return -1
	}
	return r
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// isPhoneQuery reports whether the query holds nothing but digits and the signs
// people write numbers with.
func isPhoneQuery(query string) bool {
	return strings.IndexFunc(query, func(r rune) bool {
		return !strings.ContainsRune("0123456789+-() ./", r)
	}) < 0
}
