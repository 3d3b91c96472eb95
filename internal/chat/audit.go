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

// AuditCheck is what a check of the audit found.
type AuditCheck struct {
	// Upto is the last entry of those that are as they were written, from the first on; 0:
	// none.
	Upto int64
	// BrokenAt is the first that is not, 0 when there is none, and Problem what is wrong
	// with it.
	BrokenAt int64
	Problem  AuditProblem
	// More: there are entries after Upto that were not looked at.
	More bool
}

// AuditProblem is what can be wrong with an entry.
type AuditProblem string

// The problems.
const (
	// AuditMissing: the entry is not there.
	AuditMissing AuditProblem = "missing"
	// AuditChanged: it, or the one before, is not what was written; or its key is not known.
	AuditChanged AuditProblem = "changed"
)
