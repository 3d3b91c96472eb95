package chat

import "time"

// ActivityKind says what happened to a lead.
type ActivityKind string

// The kinds that are kept as such.
const (
	ActivityCreated           ActivityKind = "created"
	ActivityUpdated           ActivityKind = "updated"
	ActivityAssigned          ActivityKind = "assigned"
	ActivityImported          ActivityKind = "imported"
	ActivityMerged            ActivityKind = "merged"
	ActivityUnmerged          ActivityKind = "unmerged"
	ActivityDeleted           ActivityKind = "deleted"
	ActivityRestored          ActivityKind = "restored"
	ActivityIdentifierAdded   ActivityKind = "identifier_added"
	ActivityIdentifierChanged ActivityKind = "identifier_changed"
	ActivityIdentifierRemoved ActivityKind = "identifier_removed"
	ActivityOptedOut          ActivityKind = "opted_out"
	ActivityOptedIn           ActivityKind = "opted_in"
	ActivityNote              ActivityKind = "note"
	ActivityCall              ActivityKind = "call"
)

// The kinds that are read from messages.
const (
	ActivitySMSSent          ActivityKind = "sms_sent"
	ActivitySMSReceived      ActivityKind = "sms_received"
	ActivityWhatsAppSent     ActivityKind = "whatsapp_sent"
	ActivityWhatsAppReceived ActivityKind = "whatsapp_received"
)

// Activity is one thing in the history of a lead.
type Activity struct {
	// ID is made when it is stored.
	ID   ActivityID
	Lead LeadID
	Kind ActivityKind
	// At is when it happened; zero means now.
	At time.Time
	// Actor is empty for what the product did by itself, and for what the lead did.
	Actor     UserID
	ActorName string
	// Conversation and Message are what it is about. May be empty.
	Conversation ConversationID
	Message      MessageID
	// Fields name what was changed, never values.
	Fields []string
	// Detail says more in ids and small words, such as owner_id of an assignment. It
	// holds no value of a lead and no secret.
	Detail map[string]string
	// Text is what the message or the note says. It is read, not stored here.
	Text string
	// Merge is what a lead was merged by, and MergeStays why that cannot be undone now, in
	// words. They are read, not stored here.
	Merge      MergeID
	MergeStays string
}
