package hub

//go:generate go run ./codegen

// Code is a websocket close code, with what a client should do about it.
type Code struct {
	// Number is the code on the wire: RFC 6455, section 7.4.
	Number int
	// Name is its name in code.
	Name string
	// Reason is sent with it and meant for logs.
	Reason string
	// ComeBack: the client should connect again. When false, doing so is of no use
	// until the user acts.
	ComeBack bool
	// Slowly: come back after a longer pause.
	Slowly bool
	// Afresh: what the client has may not be shown any more. It forgets everything but
	// what the user has written, and fetches again.
	Afresh bool
}

// The codes a session can end with. This table is the source of the client's too.
var (
	CodeGoingAway       = Code{1001, "GoingAway", "the server is shutting down", true, false, false}
	CodeNotUTF8         = Code{1007, "NotUTF8", "a text frame is not UTF-8", false, false, false}
	CodePolicy          = Code{1008, "Policy", "not allowed", false, false, false}
	CodeTooBig          = Code{1009, "TooBig", "a frame is too large", false, false, false}
	CodeTryLater        = Code{1013, "TryLater", "not available now", true, true, false}
	CodeHelloTimeout    = Code{4000, "HelloTimeout", "the first frame did not come in time", true, true, false}
	CodeTicketRefused   = Code{4002, "TicketRefused", "the ticket is unknown, used or too old", true, false, false}
	CodeSignedOut       = Code{4003, "SignedOut", "the sign-in has ended", false, false, false}
	CodeAccessChanged   = Code{4004, "AccessChanged", "what the user may see has changed", true, false, true}
	CodeNoPong          = Code{4007, "NoPong", "the client stopped answering pings", true, false, false}
	CodeSlow            = Code{4008, "Slow", "the client does not keep up", true, false, false}
	CodeTooManyFrames   = Code{4009, "TooManyFrames", "too many frames", true, true, false}
	CodeBadFrame        = Code{4010, "BadFrame", "a frame could not be read", false, false, false}
	CodeTooManySessions = Code{4011, "TooManySessions", "too many sessions of this user", false, false, false}
)

// Codes lists the table in the order of its numbers.
func Codes() []Code {
	return []Code{
		CodeGoingAway, CodeNotUTF8, CodePolicy, CodeTooBig, CodeTryLater, CodeHelloTimeout, CodeTicketRefused, CodeSignedOut, CodeAccessChanged,
		CodeNoPong, CodeSlow, CodeTooManyFrames, CodeBadFrame, CodeTooManySessions,
	}
}
