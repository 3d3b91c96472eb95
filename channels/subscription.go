package channels

import (
	"context"
	"time"
)

// Subscriber is for providers at which we order the webhooks by a call, and keep the
// order alive.
type Subscriber interface {
	// KeepSubscription sees to it that events go to Account.WebhookURL: it makes the
	// subscription, renews it, or puts a new one in the place of one that the provider
	// has stopped. id is the subscription that the last call returned, empty at first.
	// It may call the Doer more than once. The zero Subscription means that this
	// account's webhooks are ordered by hand, in the provider's portal.
	KeepSubscription(ctx context.Context, doer Doer, account Account, id string) (Subscription, error)
}

// Subscription is an order of webhooks that is active.
type Subscription struct {
	ID string
	// Lifetime is how long it lasts from now on unless it is renewed; 0 means for ever.
	Lifetime time.Duration
	// New: it has just been made, so events from before it may have been missed.
	New bool
	// Ended says in words why the one before ended. May be empty.
	Ended string
}
