package channels

import (
	"context"
	"time"
)

// Poller is for providers that can be asked what happened, as a net under their
// webhooks.
type Poller interface {
	// Poll asks for one page of what happened. It does not judge what of it is known
	// already: everything is told again rather than missed.
	Poll(ctx context.Context, doer Doer, account Account, q PollQuery) (Polled, error)
	// ParsePolled reads the body of a page as Parse reads a webhook.
	ParsePolled(account Account, body []byte) ([]Event, error)
	// PollEvery is how often to ask while nothing is known to have changed; 0 means
	// only after a Changed event.
	PollEvery(account Account) time.Duration
}

// PollQuery says where to go on.
type PollQuery struct {
	// Cursor is that of the page before; empty at first, and when a place was lost.
	Cursor string
	// Since is from when to tell without a cursor.
	Since time.Time
	// Now is the time of asking.
	Now time.Time
}

// Polled is one page.
type Polled struct {
	// Body is kept like a webhook's, and read by ParsePolled.
	Body []byte
	// Cursor is where to go on, once the page has been stored.
	Cursor string
	// More: the next page is there already.
	More bool
}
