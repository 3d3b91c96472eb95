package outbox

import (
	"context"
	"errors"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/exchange"
	"converse/internal/store"
)

// authorize sees to it that the account has its access token. Without one no call is
// made and no attempt committed: the message waits like one that could not be sent, and
// what the provider said about it decides for how long.
func (o *Outbox) authorize(ctx context.Context, job store.Job, open account.Open) (account.Open, bool) {
	ctx, cancel := context.WithTimeout(ctx, o.options.Lease/2)
	defer cancel()
	authorized, err := o.accounts.Authorize(ctx, o.options.Exchanges.Doer(o.doer, open, exchange.About{Purpose: chat.PurposeToken}), open)
	if err == nil {
		return authorized, true
	}
	var refused *channels.Error
	if !errors.As(err, &refused) {
		refused = &channels.Error{Reason: channels.ReasonUnavailable, Text: err.Error()}
	}
	o.metrics.Waited("token")
	o.options.Log.Warn("no access token", "connector_id", job.Connector, "reason", refused.Reason)
	if err := o.wait(ctx, job, open, refused); err != nil {
		o.options.Log.Warn("put message back", "message_id", job.Message, "cause", err)
	}
	return open, false
}

// wait puts a message back that was not called because of what went wrong before.
func (o *Outbox) wait(ctx context.Context, job store.Job, open account.Open, why *channels.Error) error {
	if decisions[why.Reason] == pause {
		if err := o.pause(ctx, job.Org, job.Connector, failure(open.Adapter, why)); err != nil {
			return err
		}
		return o.store.PutBack(ctx, job, o.options.Node, 0, store.Hold{})
	}
	after := max(why.RetryAfter, backoff(job.Attempts+1))
	if !o.options.Now().Add(after).Before(job.GiveUpAt) {
		return o.giveUp(ctx, job, open, why)
	}
	hold := store.Hold{After: after, Why: store.HoldThrottled}
	if why.Reason == channels.ReasonUnavailable {
		hold.Why = store.HoldUnreachable
	}
	// Nobody else has a token either.
	return o.store.PutBack(ctx, job, o.options.Node, 0, hold)
}

// giveUp fails a message whose time has passed before it could be called.
func (o *Outbox) giveUp(ctx context.Context, job store.Job, open account.Open, why *channels.Error) error {
	_, _, err := o.store.StartCall(ctx, job, store.Start{
		Node: o.options.Node, Lease: o.options.Lease, Needed: o.options.callTimeout(), At: o.options.Now(),
		Refuse: func(store.Call) *chat.Failure { return failure(open.Adapter, why) },
	})
	if errors.Is(err, store.ErrLeaseLost) {
		return nil
	}
	return err
}

// pause stops a connector until an administrator acts.
func (o *Outbox) pause(ctx context.Context, org chat.OrgID, id chat.ConnectorID, why *chat.Failure) error {
	_, err := o.store.SetConnectorState(ctx, org, id, store.ConnectorPaused, why.Text)
	return err
}

// expired forgets the token that the provider does not take any more, and says whether
// the message may be tried again at once: not when the token before failed too.
func (o *Outbox) expired(ctx context.Context, open account.Open, call store.Call) (atOnce bool, err error) {
	if err := o.accounts.DropToken(ctx, open); err != nil {
		return false, err
	}
	before, err := o.store.LastReason(ctx, call)
	return before != string(channels.ReasonTokenExpired), err
}
