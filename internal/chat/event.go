package chat

import "time"

// Topic is an ordered stream of events that sessions follow. Its text form is
// used as a key in the bus and as the stream's name towards clients.
type Topic string

// OrgTopic carries what everyone in the org may see.
func OrgTopic(org OrgID) Topic { return Topic("o:" + string(org)) }

// UserTopic carries what concerns one user alone: read markers and sign-outs.
func UserTopic(user UserID) Topic { return Topic("u:" + string(user)) }

// Follows lists the topics that a principal's sessions follow. It is the one
// place that decides who receives which event.
func Follows(p Principal) []Topic {
	return []Topic{OrgTopic(p.Org), UserTopic(p.User)}
}

// Event is one change a user may see. Exactly one of the pointers is set. Applying the
// same events twice or in another order must end in the same picture: messages
// merge by seq, ticks by Join, conversations and leads by Version, read markers by maximum.
type Event struct {
	Message      *MessageEvent
	Tick         *Tick
	Conversation *Conversation
	Read         *ReadMarker
	Typing       *Typing
	Presence     *Presence
	SignedOut    *SignedOut
	Lead         *Lead
	Offer        *Offer
	LeadsChanged *LeadsChanged
	Mark         *Mark
	// ConnectorChanged is for screens that show connectors.
	ConnectorChanged *ConnectorChanged
	// AccessChanged and Removed are what sessions are told in place of what they had.
	AccessChanged *AccessChanged
	Removed       *Removed

	// Owner is whose lead the event is about, "" for an unassigned one. Whoever may not
	// see it does not get the event. Events about no lead leave it empty.
	Owner UserID
	// PreviousOwner is whose lead it was until this event, set when it passed to another:
	// who may see only the one before is told that it is gone.
	PreviousOwner UserID
}

// LeadsChanged says that many leads were made or changed at once: an event for each would
// drown the rest.
type LeadsChanged struct{}

// ConnectorChanged says that a connector sends again, or does not, that somebody changed
// it, or that its provider said something about it: what stands with the connector.
type ConnectorChanged struct {
	// Connector is empty for templates of none.
	Connector ConnectorID
	// State is active, paused or archived, held for an active one that waits by itself,
	// noticed when only its notices are others than before, or templates when only its
	// templates are.
	State string
}

// Nobody is the PreviousOwner of a lead that had none.
const Nobody UserID = "00000000-0000-0000-0000-000000000000"

// MessageEvent is a message that was added or changed, with its conversation as
// it is after the change.
type MessageEvent struct {
	Message      Message
	Conversation Conversation
}

// Tick is a message's new status.
type Tick struct {
	Conversation ConversationID
	Message      MessageID
	Seq          int
	Status       Status
	Failure      *Failure
	At           time.Time
}

// ReadMarker is how far a user has read a conversation, on any device.
type ReadMarker struct {
	Conversation ConversationID
	Seq          int
	InboundRead  int
}

// TypingState says how far a colleague is with an answer.
type TypingState string

// The states.
const (
	// TypingWriting: keys are being pressed. It expires after 5 seconds.
	TypingWriting TypingState = "writing"
	// TypingReplying: a draft stands before the colleague. It expires after 25 seconds
	// and is said again every 10.
	TypingReplying TypingState = "replying"
	// TypingStopped: the draft was sent, emptied or left.
	TypingStopped TypingState = "stopped"
)

// Typing says that a colleague is writing in a conversation. It is not kept and
// expires by itself.
type Typing struct {
	Conversation ConversationID
	User         UserID
	UserName     string
	State        TypingState
}

// SignedOut ends the sessions of one sign-in, or of all of the user when SignIn is empty.
type SignedOut struct {
	SignIn SignInID
}

// AccessChanged ends the sessions that a user opened before the access of a version.
type AccessChanged struct {
	Version int
}

// Removed says that the reader may not see a conversation any more, or a whole lead.
type Removed struct {
	Conversation ConversationID
	Lead         LeadID
}

// Offer says that the leads which wait for an owner are others than before, or that
// the user has just come online and some wait. It names none: who may take them asks
// for those they may see.
type Offer struct {
	// At is when.
	At time.Time
}
