package care

import (
	"context"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
)

const (
	// A subscription is looked after at half of its life, and at least once a day: a
	// provider may have stopped it without a word.
	leastLook = time.Minute
	mostLook  = 24 * time.Hour
)

// keep sees to it that a connector's subscription is alive.
func (s *Service) keep(ctx context.Context, open account.Open, care store.Care) error {
	subscriber, ok := open.Adapter.(channels.Subscriber)
	if !ok {
		return s.Store.Kept(ctx, care.Org, care.Connector, store.Kept{})
	}
	var kept channels.Subscription
	err := s.call(ctx, open, chat.PurposeSubscription, func(open account.Open, doer channels.Doer) error {
		var err error
		kept, err = subscriber.KeepSubscription(ctx, doer, open.Account, care.SubscriptionID)
		return err
	})
	if err != nil {
		s.done.WithLabelValues("subscription", "failed").Inc()
		trouble, err := s.troubleOf(ctx, open, care.KeepFailures, err)
		if err != nil {
			return err
		}
		return s.Store.Kept(ctx, care.Org, care.Connector, store.Kept{
			ID: care.SubscriptionID, State: "failed", Detail: trouble.words, Next: trouble.again, Failures: care.KeepFailures + 1,
		})
	}
	s.done.WithLabelValues("subscription", "active").Inc()
	next := mostLook
	if kept.Lifetime > 0 {
		next = min(max(kept.Lifetime/2, leastLook), mostLook)
	}
	_, polls := open.Adapter.(channels.Poller)
	return s.Store.Kept(ctx, care.Org, care.Connector, store.Kept{
		ID: kept.ID, State: "active", Detail: kept.Ended, Lifetime: kept.Lifetime, Next: next, Backfill: kept.New && polls,
	})
}
