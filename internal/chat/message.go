package chat

import "time"

// Channel is the network a conversation runs over.
type Channel string

// The channels.
const (
	ChannelSMS      Channel = "sms"
	ChannelWhatsApp Channel = "whatsapp"
)

// Direction says who wrote a message.
type Direction string

// The directions, seen from the org.
const (
	DirectionInbound  Direction = "inbound"
	DirectionOutbound Direction = "outbound"
	// DirectionInternal: between colleagues. The lead never sees it, and nothing sends it.
	DirectionInternal Direction = "internal"
)

// MessageKind says what a message carries.
type MessageKind string

// The kinds of message. Unsupported is a message of a type we do not know; its
// Text is a readable placeholder. Notice is the network's word about the lead, such
// as a changed number; the lead did not write it, so it opens no window.
const (
	KindText        MessageKind = "text"
	KindTemplate    MessageKind = "template"
	KindImage       MessageKind = "image"
	KindVideo       MessageKind = "video"
	KindAudio       MessageKind = "audio"
	KindDocument    MessageKind = "document"
	KindSticker     MessageKind = "sticker"
	KindLocation    MessageKind = "location"
	KindContacts    MessageKind = "contacts"
	KindReaction    MessageKind = "reaction"
	KindButton      MessageKind = "button"
	KindNotice      MessageKind = "notice"
	KindUnsupported MessageKind = "unsupported"

	// KindNote is a private note of a user to colleagues.
	KindNote MessageKind = "note"
	// KindTransfer is a line that says who gave the lead to whom.
	KindTransfer MessageKind = "transfer"
)

// Failure says why a message failed or is unsure, in words for people.
type Failure struct {
	// Code is the provider's own code, such as "131047". May be empty.
	Code string
	// Text is a sentence: what happened.
	Text string
	// Next is one thing the user can do about it. May be empty.
	Next string
}

// Message is one message of a conversation.
type Message struct {
	ID           MessageID
	Conversation ConversationID
	// Seq is the message's place in its conversation: 1, 2, 3 … without gaps.
	Seq       int
	Direction Direction
	Kind      MessageKind
	Text      string
	Status    Status
	// ClientID is the sending browser's key for the message; empty when inbound.
	ClientID   string
	Author     UserID
	AuthorName string
	// TemplateName is set when the message was made from a template.
	TemplateName string
	Failure      *Failure
	// RetryOf is the message this one was sent again for. May be empty.
	RetryOf MessageID
	Media   []Media
	// AsksStop: the lead may be asking not to be written to; a person is to look.
	AsksStop bool
	// CreatedAt is our time of storing; ProviderAt is the provider's time, zero when it gave none.
	CreatedAt  time.Time
	ProviderAt time.Time

	// Mentions are the users that a note names.
	Mentions []UserID
	// Revision counts the changes of a note; a reader keeps the highest.
	Revision int
	// EditedAt and DeletedAt are zero for a note as it was written. A deleted one has no
	// text and keeps its place.
	EditedAt, DeletedAt time.Time
}

// TimelineEntry is one state a message has been in.
type TimelineEntry struct {
	Status Status
	At     time.Time
	// ReportedBy says who told us: "you", "converse", or the provider's kind.
	ReportedBy string
	Detail     string
}
