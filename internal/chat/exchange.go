package chat

import "time"

// ExchangePurpose says what a call to a provider was for.
type ExchangePurpose string

// The purposes.
const (
	PurposeSend         ExchangePurpose = "send"
	PurposeUpload       ExchangePurpose = "upload"
	PurposeMedia        ExchangePurpose = "media"
	PurposeToken        ExchangePurpose = "token"
	PurposeSubscription ExchangePurpose = "subscription"
	PurposePoll         ExchangePurpose = "poll"
	PurposeCheck        ExchangePurpose = "check"
	PurposeTemplate     ExchangePurpose = "template"
)

// Exchange is one call of ours to a provider and its answer, without secrets. Heads and
// bodies may be cut short.
type Exchange struct {
	ID        ExchangeID
	Org       OrgID
	Connector ConnectorID
	// Message is the one that was sent; empty for any other purpose.
	Message MessageID
	Purpose ExchangePurpose
	At      time.Time
	// Took is from the call to the end of the answer.
	Took        time.Duration
	Method, URL string
	// RequestHead and AnswerHead are lines of "Name: value".
	RequestHead, RequestBody string
	AnswerHead, AnswerBody   string
	// RequestSize and AnswerSize are those of the whole bodies, in bytes; 0 when not known.
	RequestSize, AnswerSize int64
	// Status is 0 when no answer came.
	Status int
	// Error says why there is none.
	Error string
}
