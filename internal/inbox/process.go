package inbox

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
)

const (
	// WorkingThrough is why a callback with several elements is parked while they are
	// stored one by one. One that stays so was cut short and is run again.
	WorkingThrough = "being worked through"
	// longestText bounds what is shown of one message, in bytes. The callback keeps all.
	longestText = 64 << 10
	// longestWhy bounds the reason kept with a callback, in bytes.
	longestWhy = 500
)

// process stores what a callback says and how it ends. An error means that nothing
// was stored and the provider should send it again.
func (i *Inbox) process(ctx context.Context, open account.Open, hook *channels.Webhook, a store.Arrival) (store.CallbackEnd, channels.Reply, error) {
	events, reply, err := parse(open, hook)
	if err != nil {
		end := parked("cannot be read: " + err.Error())
		return end, reply, i.end(ctx, open.Org, a, end)
	}
	if len(events) != 1 {
		end, err := i.each(ctx, open, hook, a, events)
		return end, reply, err
	}
	end, err := i.one(ctx, open, hook, a, events[0])
	if err != nil && !away(err) {
		// The database is there and will not have it: keep the raw body for a replay.
		end = i.unstored(a, "could not be stored", err)
		err = i.end(ctx, open.Org, a, end)
	}
	return end, reply, err
}

// parse asks the adapter, and takes a panic for a body that cannot be read.
func parse(open account.Open, hook *channels.Webhook) (events []channels.Event, reply channels.Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			events, reply, err = nil, channels.Reply{}, fmt.Errorf("parser failed: %v", p)
		}
	}()
	if hook.Header.Get(polledHeader) != "" {
		return parsePolled(open, hook)
	}
	return open.Adapter.Parse(open.Account, hook)
}

// each stores a callback of several elements: the raw body first, then every
// element alone, so that a bad one costs only itself. What is cut short is run
// again; elements stored before are then ignored.
func (i *Inbox) each(ctx context.Context, open account.Open, hook *channels.Webhook, a store.Arrival, events []channels.Event) (store.CallbackEnd, error) {
	if len(events) == 0 {
		end := store.CallbackEnd{Result: store.ResultIgnored, Why: "says nothing"}
		return end, i.end(ctx, open.Org, a, end)
	}
	if !a.Stored {
		if err := i.store.EndNow(ctx, open.Org, a.Callback, parked(WorkingThrough)); err != nil {
			return store.CallbackEnd{}, err
		}
		a.Stored = true
	}
	var ends []store.CallbackEnd
	for n, event := range events {
		end, err := i.one(ctx, open, hook, a, event)
		if err != nil {
			if ctx.Err() != nil || away(err) {
				return parked(WorkingThrough), nil //nolint:nilerr // the body is safe; it is run again soon
			}
			end = i.unstored(a, fmt.Sprintf("element %d could not be stored", n+1), err)
		}
		ends = append(ends, end)
	}
	end := joinEnds(ends)
	if err := i.store.EndLater(ctx, open.Org, a.ID, end); err != nil {
		return parked(WorkingThrough), nil //nolint:nilerr // as above
	}
	return end, nil
}

// unstored parks what the database would not have. Its words are not for people, and
// may name what is none of theirs: they go to the log.
func (i *Inbox) unstored(a store.Arrival, what string, cause error) store.CallbackEnd {
	i.options.Log.Error("callback not stored", "callback_id", a.ID, "connector_id", a.Connector, "cause", cause)
	return parked(what + "; the log says why, by the callback's id")
}

// joinEnds is how a callback ends whose elements ended so: anything parked parks
// it, else anything shown shows it.
func joinEnds(ends []store.CallbackEnd) store.CallbackEnd {
	out := store.CallbackEnd{Result: store.ResultIgnored}
	var whys []string
	for _, end := range ends {
		switch {
		case end.Result == store.ResultParked:
			out.Result = store.ResultParked
			whys = append(whys, end.Why)
		case end.Result == store.ResultShown && out.Result == store.ResultIgnored:
			out.Result = store.ResultShown
		case end.Result == store.ResultIgnored:
			whys = append(whys, end.Why)
		}
	}
	if out.Result != store.ResultShown {
		out.Why = chat.Clip(strings.Join(whys, "; "), longestWhy)
	}
	return out
}

// one stores one element.
func (i *Inbox) one(ctx context.Context, open account.Open, hook *channels.Webhook, a store.Arrival, event channels.Event) (store.CallbackEnd, error) {
	switch event := event.(type) {
	case channels.Received:
		return i.received(ctx, open, hook, a, event)
	case channels.Echo:
		return i.echoed(ctx, open, hook, a, event)
	case channels.Report:
		return i.reported(ctx, open, hook, a, event)
	case channels.Consent:
		return i.consented(ctx, open, hook, a, event)
	case channels.Moved:
		return i.moved(ctx, open, hook, a, event)
	case channels.TemplateChanged:
		return i.reviewed(ctx, open, a, event)
	case channels.Notice:
		return i.noticed(ctx, open, hook, a, event)
	case channels.Changed:
		return i.changed(ctx, open, a, event)
	case channels.Ignored:
		end := store.CallbackEnd{Result: store.ResultIgnored, Why: chat.Clip(event.Why, longestWhy)}
		return end, i.endOne(ctx, open.Org, a, end)
	case channels.Malformed:
		end := parked("cannot be read: " + event.Why)
		return end, i.endOne(ctx, open.Org, a, end)
	}
	return store.CallbackEnd{}, fmt.Errorf("adapter %s returned an event of type %T", open.Adapter.Kind(), event)
}

// end stores how a callback ended as a whole.
func (i *Inbox) end(ctx context.Context, org chat.OrgID, a store.Arrival, end store.CallbackEnd) error {
	if a.Stored {
		return i.store.EndLater(ctx, org, a.ID, end)
	}
	return i.store.EndNow(ctx, org, a.Callback, end)
}

// endOne stores how a callback with one element ended; of one with several the
// caller joins the ends.
func (i *Inbox) endOne(ctx context.Context, org chat.OrgID, a store.Arrival, end store.CallbackEnd) error {
	if a.Stored {
		return nil
	}
	return i.store.EndNow(ctx, org, a.Callback, end)
}

func parked(why string) store.CallbackEnd {
	return store.CallbackEnd{Result: store.ResultParked, Why: chat.Clip(why, longestWhy)}
}

// away reports whether the database could not be asked, as opposed to refusing.
func away(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || store.IsAway(err)
}

// clean makes text storable: no NUL, valid UTF-8, bounded.
func clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
	return chat.Clip(text, longestText)
}
