package chat

import "time"

// ServiceWindow is how long after a lead's own message WhatsApp takes free-form
// answers (Meta, "Service messages", 2026-05-21).
const ServiceWindow = 24 * time.Hour

// Sender is a number of a connector that messages leave from.
type Sender struct {
	ID        SenderID
	Connector ConnectorID
	Provider  string
	Channel   Channel
	Address   string
	Label     string
	// User is whose number it is; empty for one of everybody, and where a conversation
	// names its sender.
	User UserID
}

// Conversation is one sender with one identifier of one lead.
type Conversation struct {
	ID       ConversationID
	Lead     LeadID
	LeadName string
	// LeadFirstName and LeadLastName are what LeadName is made of, where the lead has a
	// name.
	LeadFirstName, LeadLastName string
	Owner                       UserID
	Channel                     Channel
	Identifier                  Identifier
	Sender                      Sender
	// LastSeq is the Seq of the newest message, 0 when there is none.
	LastSeq int
	// InboundCount counts all messages of the lead. Unread is InboundCount minus
	// the count at the user's read marker, so that an inbound message writes
	// nothing per user.
	InboundCount int
	// WindowExpiresAt is when WhatsApp stops taking free-form messages; zero for a
	// window that was never open, and for SMS, which has none.
	WindowExpiresAt time.Time
	LastMessage     *Message
	// Version rises with every change of the row; a reader keeps the highest.
	Version int
	// ActiveAt is its place in lists: the newest message, or its return from a snooze.
	ActiveAt time.Time
	// SnoozedUntil is when it comes back by itself; zero when it is not snoozed. A message
	// of the lead brings it back before.
	SnoozedUntil time.Time
	// SnoozedBy is who snoozed it last.
	SnoozedBy UserID
	// BackAt is when it came back; zero once somebody has taken note of that.
	BackAt time.Time

	// ReadSeq and InboundRead are the asking user's read marker. They are set in
	// answers to that user and left zero in events, which go to everyone.
	ReadSeq     int
	InboundRead int
	// Mark is the asking user's mark, set like the read marker. Version 0: there is none.
	Mark Mark
}

// Unread is how many of the lead's messages the asking user has not read.
func (c Conversation) Unread() int {
	return max(0, c.InboundCount-c.InboundRead)
}

// WindowOpen reports whether a free-form message may be sent at the given time.
func (c Conversation) WindowOpen(now time.Time) bool {
	return c.Channel != ChannelWhatsApp || now.Before(c.WindowExpiresAt)
}

// Snoozed reports whether the conversation is out of the way at the given time.
func (c Conversation) Snoozed(now time.Time) bool { return now.Before(c.SnoozedUntil) }

// MarkReason says why a conversation is marked as unread.
type MarkReason string

// The reasons.
const (
	// MarkedByUser: the user wants to come back to it.
	MarkedByUser MarkReason = "marked"
	// MarkedGiven: a colleague gave the lead to the user.
	MarkedGiven MarkReason = "given"
	// MarkedBack: it is back from the user's snooze.
	MarkedBack MarkReason = "back"
)

// Mark is what asks for one user's eyes in a conversation beside the lead's messages.
type Mark struct {
	Conversation ConversationID
	// Unread: Why says why. Reading the conversation ends it.
	Unread bool
	Why    MarkReason
	// MentionSeq is the newest note that names the user and is not read yet; 0 for none.
	MentionSeq int
	// NamedSeq is the newest note that names the user, read or not; 0 for none.
	NamedSeq int
	// By is who gave the lead, or wrote the note.
	By UserID
	// Version rises with every change; a reader keeps the highest.
	Version int
}
