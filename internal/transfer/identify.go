package transfer

import (
	"regexp"
	"strings"

	"golang.org/x/text/language"

	"converse/internal/chat"
)

// CanonicalFunc brings an identifier into the form it is stored in, or says what is
// wrong with it, in words that go on after "it". A phone number without a country code is
// read by the country (ISO 3166).
type CanonicalFunc func(kind chat.IdentifierKind, value, country string) (canonical, problem string)

// isCountry reports whether a code is a country's.
func isCountry(code string) bool {
	region, err := language.ParseRegion(code)
	return err == nil && region.IsCountry() && region.String() == code
}

// shortened is a number that a spreadsheet has rounded: 1.20256E+11.
var shortened = regexp.MustCompile(`(?i)^[+-]?\d+[.,]?\d*e[+-]?\d+$`)

// shortestPhone is how long a number in E.164 is at least: a sign, and the seven digits of
// the smallest countries. The rules of some countries allow less, for services that
// nobody is reached at.
const shortestPhone = 8

// identifier is a number or an address as it is stored, or what is wrong with it.
func (r *reader) identifier(field chat.LeadField, cell string) (value, problem string) {
	if field == chat.FieldPhone && shortened.MatchString(cell) {
		return "", "A spreadsheet has shortened this number. Format the column as text there, and make the file again."
	}
	value, problem = r.canonical(kinds[field], strings.TrimPrefix(cell, "mailto:"), r.settings.Country)
	if field == chat.FieldPhone && problem == "" && len(value) < shortestPhone {
		problem = "is too short for a phone number. Write it with its country code, such as +91 98765 43210"
	}
	if problem != "" {
		problem = "It " + problem + "."
	}
	return value, problem
}
