package outbox

import (
	"math/rand/v2"
	"time"

	"converse/channels"
	"converse/internal/chat"
)

// action is what becomes of a message after a call failed.
type action int

const (
	// unsure: it may have been taken; only a report or a person settles it. This is the
	// zero value: a reason that the table does not know must never be sent again.
	unsure action = iota
	// fail: the message will not be sent.
	fail
	// retry: it was certainly not taken, and may be tried again.
	retry
	// pause: it was not taken, and neither will others be until somebody acts.
	pause
)

// decisions is the one table that says what a reason does to a message.
var decisions = map[channels.Reason]action{
	channels.ReasonUnavailable:      retry,
	channels.ReasonThrottled:        retry,
	channels.ReasonTokenExpired:     retry,
	channels.ReasonAmbiguous:        unsure,
	channels.ReasonMalformed:        unsure,
	channels.ReasonRejected:         fail,
	channels.ReasonInvalidRecipient: fail,
	channels.ReasonUnsupported:      fail,
	channels.ReasonTooLong:          fail,
	channels.ReasonWindowClosed:     fail,
	channels.ReasonOptedOut:         fail,
	channels.ReasonBadCredentials:   pause,
	channels.ReasonAccountSuspended: pause,
}

// Delays between tries: full jitter over a doubling bound.
const (
	firstDelay = time.Second
	longDelay  = time.Minute
)

// backoff is how long to wait after the nth attempt.
func backoff(attempt int) time.Duration {
	bound := longDelay
	if attempt < 7 {
		bound = min(longDelay, firstDelay<<attempt)
	}
	return rand.N(bound) + 100*time.Millisecond
}

// failure is what the user reads.
func failure(adapter channels.Adapter, e *channels.Error) *chat.Failure {
	if e.Code == codeFileGone {
		return &chat.Failure{Code: e.Code, Text: "Not sent: the file is not there any more.", Next: "Attach it again, then send."}
	}
	text, next := channels.Words(adapter, e)
	return &chat.Failure{Code: e.Code, Text: text, Next: next}
}
