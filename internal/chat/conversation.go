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

	// ReadSeq and InboundRead are the asking user's read marker. They are set in
	// answers to that user and left zero in events, which go to everyone.
	ReadSeq     int
	InboundRead int
}

// Unread is how many of the lead's messages the asking user has not read.
func (c Conversation) Unread() int {
	return max(0, c.InboundCount-c.InboundRead)
}

// WindowOpen reports whether a free-form message may be sent at the given time.
func (c Conversation) WindowOpen(now time.Time) bool {
	return c.Channel != ChannelWhatsApp || now.Before(c.WindowExpiresAt)
}
