package chat

import "time"

// Erasure is the erasing of a lead for good, and how far it has come.
type Erasure struct {
	ID   ErasureID
	Lead LeadID
	// RequestedByName is empty for the product itself, which erases what was deleted long
	// enough ago.
	RequestedByName string
	RequestedAt     time.Time
	// State is waiting, working or done.
	State string
	// Total is how much there was to look at, Handled how much was.
	Total, Handled int
	// Messages and Callbacks were emptied, Files deleted.
	Messages, Files, Callbacks int
	FinishedAt                 time.Time
}

// RetentionKind is a kind of thing that is kept for a time.
type RetentionKind string

// The kinds whose time an org may choose.
const (
	// RetainCallbacks: webhook calls as they came in, but for parked ones.
	RetainCallbacks RetentionKind = "callbacks"
	// RetainDeletedLeads: leads that were deleted, until they are erased.
	RetainDeletedLeads RetentionKind = "deleted_leads"
	// RetainImports: what became of imports and exports; their files go within a day.
	RetainImports RetentionKind = "imports"
	// RetainExchanges: the connector log.
	RetainExchanges RetentionKind = "exchanges"
)

// Retention is how long an org keeps one kind of thing.
type Retention struct {
	Kind RetentionKind
	// Days is what holds, Default what holds where the org has not chosen.
	Days, Default int
	// Least and Most are the bounds of a choice.
	Least, Most int
	// RanAt is when old things were last looked for; zero: never. Removed went then,
	// RemovedTotal ever.
	RanAt        time.Time
	Removed      int
	RemovedTotal int
}

// Retentions are the kinds with their defaults and bounds, in the order of screens.
func Retentions() []Retention {
	return []Retention{
		{Kind: RetainCallbacks, Default: 10, Least: 2, Most: 90},
		{Kind: RetainExchanges, Default: 7, Least: 1, Most: 30},
		{Kind: RetainDeletedLeads, Default: 30, Least: 30, Most: 3650},
		{Kind: RetainImports, Default: 90, Least: 1, Most: 730},
	}
}
