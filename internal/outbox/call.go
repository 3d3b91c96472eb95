package outbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/crash"
	"converse/internal/exchange"
	"converse/internal/safehttp"
	"converse/internal/store"
)

const (
	// longestCall bounds one call, from the first byte to the last of the answer,
	// however long the lease is.
	longestCall = 30 * time.Second
	// queryTimeout bounds one transaction around a call.
	queryTimeout = 10 * time.Second
)

// The spans around one call are shares of the lease, so that a call always ends
// well before somebody else may give it up. Of a lease of 60 s they are 30, 20 and 50.

// callTimeout bounds one call.
func (o *Options) callTimeout() time.Duration { return min(longestCall, o.Lease/2) }

// startPatience is how long to try to commit an attempt.
func (o *Options) startPatience() time.Duration { return o.Lease / 3 }

// recordPatience is how long to try to record an outcome while the database is
// away. After that the lease runs out and the message is rescued as unsure.
func (o *Options) recordPatience() time.Duration { return o.Lease / 6 * 5 }

// run makes the call of one claimed job and records how it ended.
func (o *Outbox) run(ctx context.Context, job store.Job) {
	open, err := o.accounts.ByID(ctx, job.Org, job.Connector)
	if err != nil {
		// Not started: the lease runs out and the job is claimed again.
		o.options.Log.Warn("open account for sending", "message_id", job.Message, "cause", err)
		return
	}
	open, ok := o.authorize(ctx, job, open)
	if !ok || !o.mayCall(ctx, job, open) {
		return
	}
	refusal, done := o.handedOver(ctx, job, open, o.handOver(ctx, job, open))
	if done {
		return
	}
	begun := o.options.Now()
	call, started, err := o.start(ctx, job, open, refusal)
	switch {
	case errors.Is(err, store.ErrLeaseLost):
		return
	case err != nil:
		// No byte has left. The lease runs out: an attempt that was committed after all
		// ends unsure, any other is made by whoever claims the job next.
		o.options.Log.Warn("start call", "message_id", job.Message, "cause", err)
		return
	case !started:
		o.metrics.Message(chat.DirectionOutbound, call.Conversation.Channel, chat.StatusFailed)
		return
	}
	crash.At(crash.CallStarted)
	receipt, err := o.send(ctx, open, call, begun)
	crash.At(crash.CallAnswered)
	o.record(ctx, open, call, receipt, err)
	crash.At(crash.CallRecorded)
}

// start commits the attempt. While the database is away it goes on trying: nothing
// has left yet, so there is nothing to be unsure of. refusal is why the message is not to
// be sent after all; nil lets its conversation decide.
func (o *Outbox) start(ctx context.Context, job store.Job, open account.Open, refusal *chat.Failure) (call store.Call, started bool, err error) {
	begin := store.Start{
		Node: o.options.Node, Lease: o.options.Lease, Needed: o.options.callTimeout(), At: o.options.Now(),
		Refuse: func(c store.Call) *chat.Failure {
			if refusal != nil {
				return refusal
			}
			return o.refuse(c, open)
		},
	}
	lost := false
	err = persist(ctx, o.options.startPatience(), func(ctx context.Context) error {
		var err error
		call, started, err = o.store.StartCall(ctx, job, begin)
		if lost = errors.Is(err, store.ErrLeaseLost); lost {
			return nil
		}
		return err
	})
	if lost {
		return call, false, store.ErrLeaseLost
	}
	return call, started, err
}

// persist runs a transaction until it succeeds or patience runs out.
func persist(ctx context.Context, patience time.Duration, transaction func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		tryCtx, cancelTry := context.WithTimeout(ctx, queryTimeout)
		err := transaction(tryCtx)
		cancelTry()
		if err == nil {
			return nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
	}
}

// refuse is the last look before a message leaves (I9). Nil lets it go.
func (o *Outbox) refuse(c store.Call, open account.Open) *chat.Failure {
	category := ""
	if c.Template != nil {
		category = c.Template.Category
	}
	switch i := c.Conversation.Identifier; {
	case open.State == store.ConnectorArchived:
		return &chat.Failure{Code: "connector_deleted", Text: "Not sent: the account of this number was deleted.", Next: "Send it from another number."}
	case c.LeadDeleted:
		return &chat.Failure{Code: "lead_deleted", Text: "Not sent: this lead was deleted.", Next: "Restore the lead, then send again."}
	case i.Invalid:
		return failure(open.Adapter, &channels.Error{Reason: channels.ReasonInvalidRecipient})
	case i.LeavesAlone(c.Conversation.Channel, category):
		return failure(open.Adapter, &channels.Error{Reason: channels.ReasonOptedOut})
	}
	can := open.Adapter.Capabilities(open.Account).On(c.Conversation.Channel)
	if can.Window && c.Kind != chat.KindTemplate && !c.Conversation.WindowOpen(o.options.Now()) {
		return failure(open.Adapter, &channels.Error{Reason: channels.ReasonWindowClosed})
	}
	return checkOwner(c.Conversation, open, can)
}

// send makes the one call. A panic in an adapter is a failure like any other. A node
// that slept since it began, perhaps past its lease, calls nobody: the message may
// have been given up as unsure, and sent again by hand.
func (o *Outbox) send(ctx context.Context, open account.Open, call store.Call, begun time.Time) (receipt channels.Receipt, err error) {
	if o.options.Now().Sub(begun) > o.options.Lease-o.options.callTimeout() {
		return receipt, &channels.Error{Reason: channels.ReasonUnavailable, Text: "this node was stopped for too long before the call"}
	}
	ctx, cancel := context.WithTimeout(ctx, o.options.callTimeout())
	defer cancel()
	doer := &watchedDoer{doer: o.options.Exchanges.Doer(o.doer, open, exchange.About{Purpose: chat.PurposeSend, Message: call.Message})}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("adapter panicked: %v", p)
		}
		err = classify(err, doer.used)
	}()
	message := outgoing(open, call)
	files, err := o.attachments(call.Org, call.Files)
	if err != nil {
		return receipt, err
	}
	if call.Template == nil {
		message.Media = files
	} else if message.Template != nil && len(files) == 1 {
		message.Template.Header = &channels.TemplateFill{File: &files[0]}
	}
	return open.Adapter.Send(ctx, doer, open.Account, message)
}

func outgoing(open account.Open, call store.Call) channels.Outgoing {
	out := channels.Outgoing{
		Reference: call.Message, To: call.Conversation.Identifier, Text: call.Text, ReplyTo: call.ReplyTo,
		From: channels.AccountSender{
			ID: call.Conversation.Sender.ID, Channel: call.Conversation.Channel, Address: call.Conversation.Sender.Address, Ref: call.SenderRef,
		},
	}
	if call.Template != nil && open.Adapter.Capabilities(open.Account).Templates {
		out.Template = &channels.OutgoingTemplate{Name: call.Template.Name, Language: call.Template.Language, Named: call.Template.Named, Ref: call.Template.Ref}
		place(out.Template, call.Template.Parameters)
	}
	return out
}

// watchedDoer notes whether the adapter made a call at all.
type watchedDoer struct {
	doer channels.Doer
	used bool
}

func (d *watchedDoer) Do(r *http.Request) (*http.Response, error) {
	d.used = true
	return d.doer.Do(r)
}

// classify turns any error of a call into one with a reason. An error that nothing
// is known about is ambiguous as soon as a request was made.
func classify(err error, called bool) error {
	var known *channels.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	var transport *safehttp.Error
	switch isTransport := errors.As(err, &transport); {
	case !called:
		return &channels.Error{Reason: channels.ReasonRejected, Text: err.Error()}
	case isTransport && !transport.Heard:
		return &channels.Error{Reason: channels.ReasonUnavailable, Text: transport.Words()}
	case isTransport:
		return &channels.Error{Reason: channels.ReasonAmbiguous, Text: transport.Words()}
	}
	return &channels.Error{Reason: channels.ReasonAmbiguous, Text: err.Error()}
}

// record commits how the call ended, trying for as long as the lease holds.
func (o *Outbox) record(ctx context.Context, open account.Open, call store.Call, receipt channels.Receipt, callErr error) {
	var failed *channels.Error
	errors.As(callErr, &failed)
	if failed == nil && receipt.ProviderID == "" && !open.Adapter.Capabilities(open.Account).AnswersWithoutID {
		failed = &channels.Error{Reason: channels.ReasonAmbiguous, Text: "the provider's answer carries no message id"}
	}
	var status chat.Status
	err := persist(ctx, o.options.recordPatience(), func(ctx context.Context) error {
		var err error
		status, err = o.commit(ctx, open, call, receipt, failed)
		return err
	})
	if err != nil {
		o.options.Log.Error("record the outcome of a call", "message_id", call.Message, "cause", err)
		return
	}
	if status != "" {
		o.metrics.Message(chat.DirectionOutbound, call.Conversation.Channel, status)
	}
	if failed != nil {
		o.options.Log.Info("message not accepted", "message_id", call.Message, "reason", failed.Reason, "code", failed.Code)
	}
}

// commit writes one outcome and returns the status it gave the message, or "".
// Writing the same outcome twice changes nothing.
func (o *Outbox) commit(ctx context.Context, open account.Open, call store.Call, receipt channels.Receipt, failed *channels.Error) (chat.Status, error) {
	now := o.options.Now()
	if failed == nil {
		return chat.StatusSent, o.store.Accepted(ctx, call, receipt.ProviderID, now)
	}
	outcome := store.Outcome{
		Reason: string(failed.Reason), Code: failed.Code, Detail: failed.Text, Failure: failure(open.Adapter, failed), At: now,
	}
	switch decisions[failed.Reason] {
	case retry:
		return o.again(ctx, open, call, outcome, failed)
	case pause:
		if err := o.pause(ctx, call.Org, call.Connector, outcome.Failure); err != nil {
			return "", err
		}
		return "", o.store.NotSent(ctx, call, outcome, 0)
	case unsure:
		return chat.StatusUnsure, o.store.Unsure(ctx, call, outcome)
	case fail:
	}
	return chat.StatusFailed, o.store.Refused(ctx, call, outcome)
}
