package channels

import (
	"errors"
	"net/http"
	"net/url"
	"time"
)

// ErrForged says that a webhook does not prove that it comes from the provider.
var ErrForged = errors.New("webhook is not signed by the provider")

// Webhook is one call of a provider, body read whole.
type Webhook struct {
	Method string
	Header http.Header
	Query  url.Values
	// RawQuery is what follows the question mark, as it came: some providers sign it.
	RawQuery   string
	Body       []byte
	ReceivedAt time.Time
}

// Reply is what a provider wants to hear. The zero Reply is 200 with no body.
type Reply struct {
	// Status is the HTTP status; 0 means 200.
	Status      int
	ContentType string
	// Header holds further headers, such as the echo of a handshake. May be nil.
	Header http.Header
	Body   []byte
}
