// Package crash names the moments at which a process may die.
//
// It owns the list of crash points. In an ordinary build At does nothing. In a
// build with the tag "crashpoints" it kills the process, without any clean-up, at
// the point named by CONVERSE_CRASH_AT ("point" or "point:n" for the nth time), so
// that tests can prove what survives. No other package may know why a process died.
package crash

// Point is a moment between two steps that must not both be needed.
type Point string

// The crash points, in the order a message passes them.
const (
	// CallbackStored: an inbound callback is committed, not answered.
	CallbackStored Point = "callback-stored"
	// MessageAccepted: an outbound message is committed, not answered.
	MessageAccepted Point = "message-accepted"
	// JobClaimed: a job's lease is committed, no attempt yet.
	JobClaimed Point = "job-claimed"
	// CallStarted: the attempt is committed, no byte has left.
	CallStarted Point = "call-started"
	// CallAnswered: the provider has answered, nothing is recorded.
	CallAnswered Point = "call-answered"
	// CallRecorded: the outcome is committed, events not published.
	CallRecorded Point = "call-recorded"
	// EventsPublished: events went to the bus and are not marked.
	EventsPublished Point = "events-published"
)
