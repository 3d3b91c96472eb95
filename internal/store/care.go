package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Care is what we do for a connector by ourselves, and how it went.
type Care struct {
	Org          chat.OrgID
	Connector    chat.ConnectorID
	Subscription CareState
	// SubscriptionID is the provider's id of it, SubscriptionUntil when it ends: zero for never.
	SubscriptionID    string
	SubscriptionUntil time.Time
	// KeepDue and PollDue: it is to be done now.
	KeepDue, PollDue bool
	KeepFailures     int
	Poll             CareState
	PollCursor       string
	PolledThrough    time.Time
	PollFailures     int
}

// CareState is how something went the last time.
type CareState struct {
	// State is active or failed; empty for what is not done at all.
	State, Detail string
	At            time.Time
}

func careOf(r db.ConnectorCare) Care {
	due := func(at *time.Time) bool { return at != nil && !time.Now().Before(*at) }
	return Care{
		Org: r.OrgID, Connector: r.ConnectorID,
		Subscription:   CareState{State: r.SubscriptionState, Detail: r.SubscriptionDetail, At: zero(r.SubscriptionAt)},
		SubscriptionID: r.SubscriptionID, SubscriptionUntil: zero(r.SubscriptionUntil), KeepDue: due(r.NextKeepAt), PollDue: due(r.NextPollAt),
		KeepFailures: r.KeepFailures, Poll: CareState{State: r.PollState, Detail: r.PollDetail, At: zero(r.PollAt)},
		PollCursor: r.PollCursor, PolledThrough: r.PolledThrough, PollFailures: r.PollFailures,
	}
}

// DueCare lists connectors of any org at which something is due.
func (s *Store) DueCare(ctx context.Context, most int) ([]Care, error) {
	rows, err := s.queries().DueCare(ctx, most)
	return convert(rows, careOf), err
}

// Care returns how a connector is cared for.
func (s *Store) Care(ctx context.Context, org chat.OrgID, id chat.ConnectorID) (Care, error) {
	var out Care
	err := s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.GetCare(ctx, db.GetCareParams{OrgID: org, ConnectorID: id})
		out = careOf(row)
		return notFound(err, "connector")
	})
	return out, err
}

// CareSoon has a connector's subscription and polls looked after at once: it was made or
// changed, or sends again.
func (s *Store) CareSoon(ctx context.Context, org chat.OrgID, id chat.ConnectorID) error {
	return s.inOrg(ctx, org, func(t *tx) error { return t.careSoon(ctx, id) })
}

// careSoon is CareSoon within a transaction.
func (t *tx) careSoon(ctx context.Context, id chat.ConnectorID) error {
	if err := t.CareSoon(ctx, db.CareSoonParams{OrgID: t.org, ConnectorID: id}); err != nil {
		return err
	}
	return t.care(ctx, id)
}

// WantPoll has a connector polled at once. However often it is called, one poll is made
// now, and at most one more after it.
func (s *Store) WantPoll(ctx context.Context, org chat.OrgID, id chat.ConnectorID) error {
	return s.inOrg(ctx, org, func(t *tx) error { return t.pollSoon(ctx, id) })
}

// pollSoon is WantPoll within a transaction.
func (t *tx) pollSoon(ctx context.Context, id chat.ConnectorID) error {
	if err := t.PollSoon(ctx, db.PollSoonParams{OrgID: t.org, ConnectorID: id}); err != nil {
		return err
	}
	return t.care(ctx, id)
}

func (t *tx) care(ctx context.Context, id chat.ConnectorID) error {
	within, err := t.pgx(ctx)
	if err != nil {
		return err
	}
	return t.options.Care(ctx, within, t.org, id)
}

// CareFunc adds the job that looks after a connector.
type CareFunc func(ctx context.Context, tx pgx.Tx, org chat.OrgID, id chat.ConnectorID) error

// Kept is how looking after a subscription went.
type Kept struct {
	ID, State, Detail string
	// Lifetime is how long it lasts; 0 for ever. Next is when to look again; 0 never.
	Lifetime, Next time.Duration
	Failures       int
	// Backfill: it is new, and what came before it was told to nobody.
	Backfill bool
}

// Kept records how looking after a subscription went.
func (s *Store) Kept(ctx context.Context, org chat.OrgID, id chat.ConnectorID, k Kept) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		err := t.Queries.Kept(ctx, db.KeptParams{
			OrgID: org, ConnectorID: id, SubscriptionID: k.ID, State: k.State, Detail: storable(k.Detail),
			Lifetime: orNull(k.Lifetime), Next: orNull(k.Next), Failures: k.Failures,
		})
		if err == nil && k.Backfill {
			err = t.pollSoon(ctx, id)
		}
		return err
	})
}

// SavePlace records how far a poll has come.
func (s *Store) SavePlace(ctx context.Context, org chat.OrgID, id chat.ConnectorID, cursor string) error {
	return s.inOrg(ctx, org, func(t *tx) error {
		return t.later.SavePlace(ctx, db.SavePlaceParams{OrgID: org, ConnectorID: id, Cursor: cursor})
	})
}

// Polled is how a poll went.
type Polled struct {
	State, Detail string
	// Begun is when it began, by PostgreSQL's clock.
	Begun time.Time
	// Through: everything before then was told; zero leaves it.
	Through time.Time
	// Next is when to poll again; 0 only when somebody asks.
	Next     time.Duration
	Failures int
}

// Polled records how a poll went. again: somebody asked for one meanwhile.
func (s *Store) Polled(ctx context.Context, org chat.OrgID, id chat.ConnectorID, p Polled) (again bool, err error) {
	err = s.inOrg(ctx, org, func(t *tx) error {
		again, err = t.Queries.Polled(ctx, db.PolledParams{
			OrgID: org, ConnectorID: id, State: p.State, Detail: storable(p.Detail), Begun: p.Begun, Through: orNull(p.Through),
			Next: orNull(p.Next), Failures: p.Failures,
		})
		return notFound(err, "connector")
	})
	return again, err
}

// Health is how a connector is beside its state.
type Health struct {
	Care
	HeldUntil time.Time
	HeldWhy   HoldReason
	Waiting   int
}

// Healths says of each of an org's connectors how it is.
func (s *Store) Healths(ctx context.Context, org chat.OrgID) (map[chat.ConnectorID]Health, error) {
	out := map[chat.ConnectorID]Health{}
	err := s.inOrg(ctx, org, func(t *tx) error {
		cares, err := t.ListCare(ctx, org)
		if err != nil {
			return err
		}
		for _, c := range cares {
			out[c.ConnectorID] = Health{Care: careOf(c)}
		}
		holds, err := t.ListHolds(ctx, org)
		if err != nil {
			return err
		}
		for _, h := range holds {
			if until := zero(h.Until); time.Now().Before(until) {
				health := out[h.ConnectorID]
				health.HeldUntil, health.HeldWhy = until, HoldReason(h.Why)
				out[h.ConnectorID] = health
			}
		}
		waiting, err := t.QueueDepth(ctx, org)
		for _, w := range waiting {
			health := out[w.ConnectorID]
			health.Waiting += w.Waiting
			out[w.ConnectorID] = health
		}
		return err
	})
	return out, err
}
