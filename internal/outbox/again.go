package outbox

import (
	"context"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
)

// again puts back a message that was certainly not taken, and with it holds back what
// would meet the same: the whole connector while the provider asks us to wait, or while
// it cannot be reached.
func (o *Outbox) again(ctx context.Context, open account.Open, call store.Call, outcome store.Outcome, failed *channels.Error) (chat.Status, error) {
	after := max(failed.RetryAfter, backoff(call.Number))
	switch failed.Reason {
	case channels.ReasonTokenExpired:
		atOnce, err := o.expired(ctx, open, call)
		if err != nil {
			return "", err
		}
		if atOnce {
			after = 0
		}
	case channels.ReasonThrottled:
		hold := store.Hold{After: failed.RetryAfter, Why: store.HoldThrottled}
		if hold.After == 0 {
			hold.After = shortHold
		}
		o.metrics.Waited(string(store.HoldThrottled))
		if err := o.store.HoldConnector(ctx, call.Org, call.Connector, hold); err != nil {
			return "", err
		}
	case channels.ReasonUnavailable:
		held, err := o.store.Unreachable(ctx, call.Org, call.Connector)
		if err != nil {
			return "", err
		}
		if held > 0 {
			o.metrics.Waited(string(store.HoldUnreachable))
		}
		after = max(after, held)
	default: // nothing else is worth another try sooner or later
	}
	if !outcome.At.Add(after).Before(call.GiveUpAt) {
		return chat.StatusFailed, o.store.Refused(ctx, call, outcome)
	}
	return "", o.store.NotSent(ctx, call, outcome, after)
}

// shortHold is how long a connector waits whose provider took too much at once and does
// not say for how long.
const shortHold = time.Second
