package store

import (
	"context"
	"errors"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// HoldReason says why a connector sends nothing for a while.
type HoldReason string

// The reasons.
const (
	// HoldThrottled: the provider asked us to wait.
	HoldThrottled HoldReason = "throttled"
	// HoldRate: more than our own rate for it wanted to be sent.
	HoldRate HoldReason = "rate"
	// HoldUnreachable: calls in a row did not reach the provider.
	HoldUnreachable HoldReason = "unreachable"
)

const (
	// A breaker opens when so many calls within a minute did not reach the provider and
	// none did.
	tripAfter  = 5
	tripWithin = time.Minute
	// It holds for a second at first, then for twice as long each time, up to a minute.
	firstTrip   = time.Second
	longestTrip = time.Minute
)

// Hold is what holds a connector's messages back.
type Hold struct {
	// After is for how long, from now on.
	After time.Duration
	// Bulk: only the bulk lane is held.
	Bulk bool
	Why  HoldReason
}

// HoldConnector lets nobody send over a connector for a while. What holds for longer
// stays.
func (s *Store) HoldConnector(ctx context.Context, org chat.OrgID, id chat.ConnectorID, h Hold) error {
	return s.inOrg(ctx, org, func(t *tx) error { return t.hold(ctx, id, h) })
}

func (t *tx) hold(ctx context.Context, id chat.ConnectorID, h Hold) error {
	if h.Bulk {
		return t.later.HoldBulk(ctx, db.HoldBulkParams{OrgID: t.org, ConnectorID: id, After: h.After})
	}
	return t.later.HoldConnector(ctx, db.HoldConnectorParams{OrgID: t.org, ConnectorID: id, After: h.After, Why: string(h.Why)})
}

// PutBack gives a claimed job back that was not called, to be due after a while; 0 keeps
// its place. A hold with a time is set in the same transaction.
func (s *Store) PutBack(ctx context.Context, job Job, node string, after time.Duration, h Hold) error {
	return s.inOrg(ctx, job.Org, func(t *tx) error {
		var held error
		if h.After > 0 {
			held = t.hold(ctx, job.Connector, h)
		}
		return errors.Join(held, t.later.ReleaseJob(ctx, db.ReleaseJobParams{
			OrgID: t.org, MessageID: job.Message, Node: node, Claims: job.Claims, After: after,
		}))
	})
}

// Unreachable counts a call that did not reach the provider, and opens the connector's
// breaker when there were many. It returns how long nothing is sent; 0 while it is shut.
func (s *Store) Unreachable(ctx context.Context, org chat.OrgID, id chat.ConnectorID) (time.Duration, error) {
	var held time.Duration
	err := s.inOrg(ctx, org, func(t *tx) error {
		if err := t.EnsureHold(ctx, db.EnsureHoldParams{OrgID: org, ConnectorID: id}); err != nil {
			return missing(err, "connector")
		}
		row, err := t.LockHold(ctx, db.LockHoldParams{OrgID: org, ConnectorID: id})
		if err != nil {
			return err
		}
		was := row.Trips
		row = tripped(row)
		if held = 0; row.Trips > 0 {
			held = zero(row.Until).Sub(row.Now)
		}
		if was == 0 && row.Trips > 0 {
			if err := t.connectorChanged(id, connectorHeld); err != nil {
				return err
			}
		}
		return t.later.SetTrouble(ctx, db.SetTroubleParams{
			OrgID: org, ConnectorID: id, Failures: row.Failures, FailingSince: row.FailingSince, Trips: row.Trips, Until: row.Until, Why: row.Why,
		})
	})
	return held, err
}

// tripped is what one more failure makes of a connector's hold. What was under way when
// the breaker opened fails too, and does not count as another try.
func tripped(row db.LockHoldRow) db.LockHoldRow {
	if row.Trips == 0 && (row.FailingSince == nil || row.Now.Sub(*row.FailingSince) > tripWithin) {
		row.Failures, row.FailingSince = 0, &row.Now
	}
	row.Failures++
	if row.Trips == 0 && row.Failures < tripAfter || row.Trips > 0 && row.Now.Before(zero(row.Until)) {
		return row
	}
	until := row.Now.Add(min(firstTrip<<min(row.Trips, 10), longestTrip))
	row.Trips++
	if until.After(zero(row.Until)) {
		row.Until, row.Why = &until, string(HoldUnreachable)
	}
	return row
}

// answered ends the counting of failures: the provider answered.
func (t *tx) answered(ctx context.Context, call Call) error {
	if !call.Troubled {
		return nil
	}
	ended, err := t.EndTrouble(ctx, db.EndTroubleParams{OrgID: t.org, ConnectorID: call.Connector})
	if err != nil || ended == 0 {
		return err
	}
	return t.connectorChanged(call.Connector, string(ConnectorActive))
}

// HeldConnectors counts connectors of all orgs that send nothing, by why: paused, or a
// reason of a hold.
func (s *Store) HeldConnectors(ctx context.Context) (map[string]int, error) {
	rows, err := s.queries().HeldConnectors(ctx)
	out := map[string]int{}
	for _, r := range rows {
		out[r.Why]++
	}
	return out, err
}
