package outbox

import (
	"context"
	"strconv"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/bus"
	"converse/internal/store"
)

// Rates count the calls of all nodes.
type Rates interface {
	// Take takes n calls of a rate, or says how long to wait until it is worth asking again.
	Take(ctx context.Context, r bus.Rate, n int) time.Duration
}

// crowdedHold is for how long a connector is left alone when one of its numbers has sent
// all it may: the others go on, and its queue is not gone through in vain all the time.
const crowdedHold = 250 * time.Millisecond

// rateOf is how fast an account may be called.
func rateOf(open account.Open) channels.Rate {
	rate := open.Adapter.Capabilities(open.Account).Rate
	if own, err := strconv.Atoi(open.Account.Settings[channels.RateSetting]); err == nil && own > 0 {
		rate.Calls, rate.Per = own, time.Minute
	}
	return rate
}

// mayCall takes the message's share of the rate. A message that has to wait goes back
// without an attempt, and keeps its place.
func (o *Outbox) mayCall(ctx context.Context, job store.Job, open account.Open) bool {
	rate := rateOf(open)
	if o.options.Rates == nil || rate.Calls <= 0 || rate.Per <= 0 {
		return true
	}
	key, crowded := string(job.Connector), rate.Each && len(open.Account.Senders) > 1
	if crowded {
		sender, err := o.store.SenderOf(ctx, job)
		if err != nil {
			o.options.Log.Warn("find the number of a message", "message_id", job.Message, "cause", err)
			return false // the lease runs out, and it is claimed again
		}
		key += " " + string(sender)
	}
	bulk := job.Lane == store.LaneBulk
	wait := o.options.Rates.Take(ctx, bus.Rate{Key: key, Calls: rate.Calls, Per: rate.Per, Bulk: bulk}, 1)
	if wait <= 0 {
		return true
	}
	o.metrics.Waited(string(store.HoldRate))
	hold, after := store.Hold{After: wait, Bulk: bulk, Why: store.HoldRate}, time.Duration(0)
	if crowded {
		hold.After, after = min(wait, crowdedHold), wait
	}
	if err := o.store.PutBack(ctx, job, o.options.Node, after, hold); err != nil {
		o.options.Log.Warn("put message back", "message_id", job.Message, "cause", err)
	}
	time.AfterFunc(hold.After, o.Wake)
	return false
}
