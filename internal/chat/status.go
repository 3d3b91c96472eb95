package chat

import (
	"fmt"
	"slices"
)

// Status says how far a message has come. The text forms are used in the
// database, in the protocol and on screens.
type Status string

// The ladder, lowest first. Failed stands below delivered because proof of
// delivery outranks an earlier report of failure. Received is the only status
// of an inbound message, noted of an internal one; neither is joined with the others.
const (
	// StatusQueued: stored, not yet handed to a provider.
	StatusQueued Status = "queued"
	// StatusSending: a call to the provider is committed and may be under way.
	StatusSending Status = "sending"
	// StatusUnsure: the provider may or may not have taken the message.
	StatusUnsure Status = "unsure"
	// StatusSent: the provider took the message.
	StatusSent Status = "sent"
	// StatusFailed: the provider or the network gave up on the message.
	StatusFailed Status = "failed"
	// StatusDelivered: the message reached the lead's device.
	StatusDelivered Status = "delivered"
	// StatusRead: the lead opened the message.
	StatusRead Status = "read"
	// StatusReceived: a message from the lead.
	StatusReceived Status = "received"
	// StatusNoted: a message between colleagues, which goes nowhere.
	StatusNoted Status = "noted"
)

var ladder = []Status{
	StatusQueued, StatusSending, StatusUnsure, StatusSent, StatusFailed, StatusDelivered, StatusRead,
}

// Rank is the status's place on the ladder, 0 for queued, or -1 for a status
// that is not on it. The database keeps the same numbers (see status_rank).
func (s Status) Rank() int {
	return slices.Index(ladder, s)
}

// Join returns the higher of two statuses. It is commutative, associative and
// idempotent, so reports may come in any order and any number of times.
func (s Status) Join(other Status) Status {
	if other.Rank() > s.Rank() {
		return other
	}
	return s
}

// ParseStatus reads the text form of a status.
func ParseStatus(text string) (Status, error) {
	s := Status(text)
	if s != StatusReceived && s != StatusNoted && s.Rank() < 0 {
		return "", fmt.Errorf("unknown message status %q", text)
	}
	return s, nil
}

// Final reports whether no further work of ours can change the message; a
// provider's report still may.
func (s Status) Final() bool {
	return s.Rank() >= StatusUnsure.Rank() || s == StatusReceived || s == StatusNoted
}
