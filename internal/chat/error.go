package chat

import (
	"errors"
	"fmt"
	"time"
)

// Code sorts errors by what the caller can do about them.
type Code string

// The codes a caller can meet. Any error that is not an *Error is internal: its
// text stays in the log and never reaches a user.
const (
	// CodeInvalid: the request is wrong; Field names the part that is.
	CodeInvalid Code = "invalid"
	// CodeUnauthenticated: nobody is signed in, or the sign-in has ended.
	CodeUnauthenticated Code = "unauthenticated"
	// CodeForbidden: signed in, but not allowed.
	CodeForbidden Code = "forbidden"
	// CodeNotFound: no such thing in this org, or not visible to this user.
	CodeNotFound Code = "not_found"
	// CodeConflict: the state changed under the request, or a key was reused.
	CodeConflict Code = "conflict"
	// CodeBlocked: the request is right but a rule forbids it now (window, capability).
	CodeBlocked Code = "blocked"
	// CodeTooMany: a limit was reached; try again later.
	CodeTooMany Code = "too_many"
	// CodeUnavailable: something we need is down; try again.
	CodeUnavailable Code = "unavailable"
)

// Error is an error that may be shown to a user.
type Error struct {
	Code Code
	// Reason is a stable word a screen can branch on, such as "window_closed". May be empty.
	Reason string
	// Field is the request field at fault, in its JSON spelling. May be empty.
	Field string
	// Message is a sentence for people: what happened and what to do.
	Message string
	// Lead is the lead that stands in the way, where the user may see it. May be empty.
	Lead LeadID
	// Newer is set with reason "stale_view": how many messages the user has not seen.
	Newer int
	// RetryAt is when trying again may help, where that is known.
	RetryAt time.Time
}

func (e *Error) Error() string {
	if e.Field != "" {
		return fmt.Sprintf("%s: %s: %s", e.Code, e.Field, e.Message)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Message)
}

// Reasons a screen branches on.
const (
	ReasonWindowClosed = "window_closed"
	ReasonStaleView    = "stale_view"
	ReasonKeyReused    = "client_id_reused"
	ReasonSlowDown     = "slow_down"
	// ReasonLeadChanged: somebody else changed the lead since it was read.
	ReasonLeadChanged = "lead_changed"
	// ReasonIdentifierTaken: another lead has the identifier.
	ReasonIdentifierTaken = "identifier_taken"
	// ReasonIdentifierStays: a conversation or an opt-out hangs on the identifier.
	ReasonIdentifierStays = "identifier_stays"
	// ReasonOptedOut: the lead asked to be left alone.
	ReasonOptedOut = "opted_out"
	// ReasonInvalidNumber: the number is kept as it came, and cannot be one.
	ReasonInvalidNumber = "invalid_number"
	// ReasonMasked: the field is hidden from the user.
	ReasonMasked = "masked"
	// ReasonOrigin: the page that asks is of a site that the org does not allow.
	ReasonOrigin = "origin_not_allowed"
	// ReasonLastAdministrator: nobody could manage the org any more.
	ReasonLastAdministrator = "last_administrator"
	// ReasonConfirm: the same again with "confirm" does it all the same.
	ReasonConfirm = "confirm"
)

// Invalidf says that a request field is wrong.
func Invalidf(field, format string, args ...any) *Error {
	return &Error{Code: CodeInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// NotFound says that a thing is not there, or not for this user's eyes; the two
// are one answer so that ids cannot be probed.
func NotFound(what string) *Error {
	return &Error{Code: CodeNotFound, Message: "There is no such " + what + "."}
}

// CodeOf returns the code of an *Error in err's chain, or "" for an internal error.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}
