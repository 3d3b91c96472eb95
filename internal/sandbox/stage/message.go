package stage

import (
	"time"

	"converse/internal/chat"
)

// Message is one message between a business and a lead. It never changes once
// made; what becomes of it is kept beside it.
type Message struct {
	// ID is the provider's id.
	ID string
	// Reference is what the hub sent along and the provider gives back. May be empty.
	Reference string
	Provider  string
	AccountID string
	Sender    Sender
	Party     Party
	// Direction is seen from the business: outbound goes to the lead.
	Direction chat.Direction
	Kind      chat.MessageKind
	// Text is the text, the caption, or the text of a filled template.
	Text string
	At   time.Time
	// More is what a plain text does not have; nil for one.
	More *More
}

// Party is the lead as the provider knows it.
type Party struct {
	// Phone is in E.164; empty when the lead has none or hides it from the provider.
	Phone string
	// UserID is a WhatsApp business-scoped user id. May be empty.
	UserID string
	// Name is the profile name the lead chose.
	Name string
}

// Address is how the party is written to: the phone, else the user id.
func (p Party) Address() string {
	if p.Phone != "" {
		return p.Phone
	}
	return p.UserID
}

// More is the part of a message that is not plain text.
type More struct {
	Template string
	Header   string
	Footer   string
	Buttons  []Button
	Media    []Media
	Location *Location
	Contacts []Contact
	Reaction *Reaction
	// Tapped is the button a lead answered with.
	Tapped *Button
	// ReplyTo is the provider's id of the message this one answers.
	ReplyTo string
	// Unsupported is the type the provider does not pass on, such as "poll".
	Unsupported string
	// Note is for the side that made the message; nobody else reads it.
	Note string
}

// Button is something a lead can tap instead of typing.
type Button struct {
	// Style is quick_reply (a template's), button_reply, list_reply, or url for one
	// that only opens an address.
	Style string `json:"style"`
	ID    string `json:"id"`
	Title string `json:"title"`
	// Description is the second line of a list's row.
	Description string `json:"description,omitempty"`
}

// The styles of buttons.
const (
	QuickReply  = "quick_reply"
	ButtonReply = "button_reply"
	ListReply   = "list_reply"
	URLButton   = "url"
)

// Location is a place on the map.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
}

// Contact is an entry of an address book.
type Contact struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// Reaction is an emoji on a message; an empty emoji takes it away.
type Reaction struct {
	MessageID string `json:"messageId"`
	Emoji     string `json:"emoji"`
}

// Report is one state of an outbound message that the provider reports.
type Report struct {
	Message *Message
	Status  chat.Status
	// Code is the provider's code of a failure.
	Code string
	At   time.Time
}

// more is the message's other parts, never nil.
func (m *Message) more() *More {
	if m.More == nil {
		return &More{}
	}
	return m.More
}
