package chat

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// TermKind is the field that a lead's term comes from.
type TermKind string

// The kinds of terms.
const (
	TermFirstName TermKind = "first_name"
	TermLastName  TermKind = "last_name"
	TermPhone     TermKind = "phone"
	// TermPhoneEnd holds the digits of a phone number from the last to the first.
	TermPhoneEnd TermKind = "phone_end"
	TermEmail    TermKind = "email"
	TermWhatsApp TermKind = "whatsapp"
)

// Field is the field that hides such terms when it is masked.
func (k TermKind) Field() LeadField {
	if k == TermPhoneEnd {
		return FieldPhone
	}
	return LeadField(k)
}

// Term is one thing a lead can be found by.
type Term struct {
	Kind TermKind
	Text string
}

// LeadTerms lists what a lead can be found by: every word of its names, its e-mail
// addresses whole, its phone digits with and without the country code and from the
// end, and the words of its WhatsApp id. Terms are in lower case and without accents.
func LeadTerms(l Lead) []Term {
	terms := termsOf(TermFirstName, words(l.FirstName))
	terms = append(terms, termsOf(TermLastName, words(l.LastName))...)
	for _, i := range l.Identifiers {
		switch i.Kind {
		case IdentifierPhone:
			terms = append(terms, termsOf(TermPhone, phoneTerms(i.Value))...)
			terms = append(terms, termsOf(TermPhoneEnd, []string{reversed(onlyDigits(i.Value))})...)
		case IdentifierEmail:
			terms = append(terms, termsOf(TermEmail, []string{fold(i.Value)})...)
		case IdentifierWhatsApp:
			terms = append(terms, termsOf(TermWhatsApp, words(i.Value))...)
		}
	}
	slices.SortFunc(terms, func(a, b Term) int {
		return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.Text, b.Text))
	})
	return slices.Compact(terms)
}

func termsOf(kind TermKind, texts []string) []Term {
	var out []Term
	for _, text := range texts {
		if text != "" {
			out = append(out, Term{Kind: kind, Text: text})
		}
	}
	return out
}

// NameWords are the words of a lead's names, each once, in order.
func NameWords(l Lead) []string {
	out := words(l.FirstName + " " + l.LastName)
	slices.Sort(out)
	return slices.Compact(out)
}

// SearchWord is one word of a query with what it finds: a lead with a term that begins
// with one of its beginnings.
type SearchWord struct {
	// Name is the word where it may be one of a name, and may be mistyped.
	Name       string
	Beginnings []Term
}

// fewestEndDigits is how many of a number's last digits find it.
const fewestEndDigits = 4

// SearchWords splits what a user typed into words, the longest first because it
// narrows most. A query that is a phone number, in whatever notation, is one word of
// digits. Fields that are hidden from the user are left out, so that nothing is found
// by them; a word that is left nothing finds nothing.
func SearchWords(query string, hidden map[LeadField]Mask) []SearchWord {
	var out []SearchWord
	add := func(name string, beginnings ...Term) {
		beginnings = slices.DeleteFunc(beginnings, func(t Term) bool { return hidden[t.Kind.Field()] != "" })
		out = append(out, SearchWord{Name: name, Beginnings: beginnings})
	}
	if digits := strings.TrimLeft(onlyDigits(query), "0"); len(digits) >= 3 && isPhoneQuery(query) {
		beginnings := []Term{{TermPhone, digits}, {TermWhatsApp, digits}}
		if all := onlyDigits(query); len(all) >= fewestEndDigits {
			// Without the zeros in front, which a number has at home and not abroad.
			beginnings = append(beginnings, Term{TermPhoneEnd, reversed(digits)})
			if all != digits {
				beginnings = append(beginnings, Term{TermPhoneEnd, reversed(all)})
			}
		}
		add("", beginnings...)
		return out
	}
	if strings.Contains(query, "@") {
		if address := fold(strings.Map(printable, strings.TrimSpace(query))); address != "" {
			add("", Term{TermEmail, address})
			return out
		}
	}
	typed := words(query)
	slices.SortStableFunc(typed, func(a, b string) int { return len(b) - len(a) })
	for _, word := range typed {
		beginnings := []Term{{TermFirstName, word}, {TermLastName, word}, {TermEmail, word}, {TermWhatsApp, word}}
		if onlyDigits(word) == word {
			beginnings = append(beginnings, Term{TermPhone, word})
			if len(word) >= fewestEndDigits {
				beginnings = append(beginnings, Term{TermPhoneEnd, reversed(word)})
			}
		}
		add(word, beginnings...)
	}
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

func reversed(digits string) string {
	out := []byte(digits)
	slices.Reverse(out)
	return string(out)
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

// SamePhoneTerms are the beginnings of TermPhoneEnd that a lead's phone numbers share
// with those of the same last nine digits: one number, written with another country code
// or none.
func SamePhoneTerms(l Lead) []string {
	const enough = 9
	var out []string
	for _, i := range l.Identifiers {
		if digits := onlyDigits(i.Value); i.Kind == IdentifierPhone && len(digits) >= enough {
			out = append(out, reversed(digits[len(digits)-enough:]))
		}
	}
	return out
}
