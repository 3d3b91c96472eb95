package chat

import "time"

// AuditEntry is one thing that somebody did, as an administrator reads it later. It
// holds names of fields, never their values, and no secrets.
type AuditEntry struct {
	// Seq is the entry's place in its org: 1, 2, 3 … without gaps.
	Seq int64
	At  time.Time
	// Actor is empty for what the product did by itself.
	Actor     UserID
	ActorName string
	// Via is how the actor was signed in.
	Via Via
	// Action is a word such as "lead.updated": what it was done to, and what was done.
	Action string
	// Object is the id of what it was done to. May be empty.
	Object string
	// Fields name what was changed or read.
	Fields []string
	// Detail says more in words where that needs no value: a reason, a count.
	Detail string
	// Address is where the request came from.
	Address string
}
