package crm

import (
	"net/mail"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"converse/internal/chat"
)

// Canonical is an identifier's value in the form it is stored in, or what is wrong with
// it. A phone number without a country code is read by the country (ISO 3166), which is
// the org's, or the connector's where the number came with one.
func Canonical(kind chat.IdentifierKind, value, country string) (canonical, problem string) {
	value = strings.TrimSpace(value)
	switch kind {
	case chat.IdentifierPhone:
		return Phone(value, country)
	case chat.IdentifierEmail:
		address, err := mail.ParseAddress(value)
		if err != nil || address.Address != value || !strings.Contains(value[strings.LastIndex(value, "@"):], ".") {
			return "", "must be an e-mail address, such as asha@example.com"
		}
		return strings.ToLower(value), ""
	case chat.IdentifierWhatsApp:
		if value == "" || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return "", "must be a WhatsApp user id, such as US.13491208655302741918"
		}
		return value, ""
	}
	return "", "must be a phone number, an e-mail address or a WhatsApp id"
}

// shortestPhone is how long a number in E.164 is at least: a sign, and the seven digits of
// the smallest countries. The rules of some countries allow less, for services that nobody
// is reached at.
const shortestPhone = 8

// Phone is a phone number in E.164, or what is wrong with it.
func Phone(value, country string) (e164, problem string) {
	number, err := phonenumbers.Parse(value, country)
	if err == nil {
		e164 = phonenumbers.Format(number, phonenumbers.E164)
	}
	if len(e164) < shortestPhone || !phonenumbers.IsPossibleNumber(number) {
		return "", "cannot be a phone number. Write it with its country code, such as +91 98765 43210"
	}
	return e164, ""
}
