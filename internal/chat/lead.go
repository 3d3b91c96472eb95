package chat

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// IdentifierKind says what an identifier's value is.
type IdentifierKind string

// The kinds of identifier.
const (
	// IdentifierPhone is a number in E.164, plus sign included.
	IdentifierPhone IdentifierKind = "phone"
	// IdentifierWhatsApp is a WhatsApp business-scoped user id such as "US.1349…".
	// A WhatsApp user may hide the phone number, so this may be all we have.
	IdentifierWhatsApp IdentifierKind = "whatsapp"
	// IdentifierEmail is an e-mail address in lower case.
	IdentifierEmail IdentifierKind = "email"
)

// Words is the kind as people say it.
func (k IdentifierKind) Words() string {
	switch k {
	case IdentifierPhone:
		return "phone number"
	case IdentifierWhatsApp:
		return "WhatsApp id"
	case IdentifierEmail:
	}
	return "e-mail address"
}

// Identifier is one way to reach a lead.
type Identifier struct {
	ID    IdentifierID
	Kind  IdentifierKind
	Value string
	// Label tells several of a kind apart: "mobile", "office". May be empty.
	Label string
	// Invalid: the value is kept as it came, and nothing can be sent to it.
	Invalid bool
	// OptedOutAt is when the lead asked to be left alone; zero for one who may be
	// written to. OptOutSource is who said so: user, reply, import or provider.
	OptedOutAt   time.Time
	OptOutSource string
	OptOutReason string
	// Stops are what the lead, or the provider for them, asked to be spared.
	Stops []Stop
}

// Field is the field of the lead that the identifier's value belongs to. A WhatsApp id
// without a letter is a phone number; an unknown kind counts as one too.
func (i Identifier) Field() LeadField {
	switch i.Kind {
	case IdentifierEmail:
		return FieldEmail
	case IdentifierWhatsApp:
		if strings.ContainsFunc(i.Value, unicode.IsLetter) {
			return FieldWhatsApp
		}
	case IdentifierPhone:
	}
	return FieldPhone
}

// OptedOut reports whether the lead asked to be left alone.
func (i Identifier) OptedOut() bool { return !i.OptedOutAt.IsZero() }

// Reaches reports whether a message of the channel can be addressed to the identifier.
func (i Identifier) Reaches(channel Channel) bool {
	if i.Invalid {
		return false
	}
	switch channel {
	case ChannelSMS:
		return i.Kind == IdentifierPhone
	case ChannelWhatsApp:
		return i.Kind == IdentifierPhone || i.Kind == IdentifierWhatsApp
	}
	return false
}

// LeavesAlone reports whether a wish of the lead forbids a message: everything over a
// channel that was stopped; for one who opted out any SMS, and over WhatsApp a template
// for marketing, because what the lead asks about may be answered (I9).
func (i Identifier) LeavesAlone(channel Channel, category string) bool {
	if slices.Contains(i.Stops, StopOf(channel)) {
		return true
	}
	if channel == ChannelSMS {
		return i.OptedOut()
	}
	return strings.EqualFold(category, "marketing") && (i.OptedOut() || slices.Contains(i.Stops, StopMarketing))
}

// Lead is a person the org talks to. No identifier is mandatory.
type Lead struct {
	ID          LeadID
	FirstName   string
	LastName    string
	Identifiers []Identifier
	// Owner is empty for an unassigned lead.
	Owner      UserID
	OwnerName  string
	Source     string
	Stage      string
	CreatedAt  time.Time
	ModifiedAt time.Time
	// Version rises with every change.
	Version int
	// Custom are the values of custom fields, in the order of their keys.
	Custom []CustomValue
	// DeletedAt is zero for a lead that was not deleted.
	DeletedAt time.Time
	// MergedInto is the lead that holds all that this one had; empty for one that was not
	// merged.
	MergedInto LeadID
}

// Value is the value of a custom field, or "".
func (l Lead) Value(key string) string {
	for _, v := range l.Custom {
		if v.Key == key {
			return v.Value
		}
	}
	return ""
}

// Name is the lead's name for people, or its first identifier, or "Unknown".
func (l Lead) Name() string {
	if name := strings.TrimSpace(l.FirstName + " " + l.LastName); name != "" {
		return name
	}
	if len(l.Identifiers) > 0 {
		return l.Identifiers[0].Value
	}
	return "Unknown"
}
