package inbox

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
)

// polledHeader marks a callback that is a page of a poll, so that a replay reads it so. A
// call from outside never brings it along.
const polledHeader = "X-Converse-Polled"

// TakePolled takes a page that a poll brought. What it tells anew goes through the same
// door as a webhook, with the page as its body; a page that tells nothing new leaves no
// trace. since is from when on the poll told: an event that has no id and is older was
// told before. An error means that the page is to be asked for again.
func (i *Inbox) TakePolled(ctx context.Context, open account.Open, body []byte, since time.Time) error {
	hook := &channels.Webhook{
		Method: http.MethodPost, Header: http.Header{polledHeader: {"1"}}, Body: body, ReceivedAt: i.options.Now(),
	}
	events, _, err := parse(open, hook)
	why := ""
	if err != nil {
		why = "cannot be read: " + err.Error()
	}
	news, err := i.news(ctx, open, events, since, why)
	if err != nil || !news {
		return err
	}
	callback := store.Callback{
		ID: chat.NewID[chat.CallbackID](), Connector: open.Account.Connector, ReceivedAt: hook.ReceivedAt,
		Headers: map[string]string{polledHeader: "1"}, Body: body,
	}
	end, _, err := i.process(ctx, open, hook, store.Arrival{Callback: callback})
	if err != nil {
		return fmt.Errorf("store what a poll brought: %w", err)
	}
	i.options.Metrics.Received(string(open.Adapter.Kind()), string(end.Result))
	return nil
}

// news reports whether a page tells anything that was not told before. why is set for a
// page that cannot be read.
func (i *Inbox) news(ctx context.Context, open account.Open, events []channels.Event, since time.Time, why string) (bool, error) {
	var told []store.Told
	var bad []string
	for _, event := range events {
		switch event := event.(type) {
		case channels.Received:
			told = append(told, store.Told{ProviderID: clean(event.ProviderID)})
		case channels.Echo:
			told = append(told, store.Told{ProviderID: clean(event.ProviderID)})
			if event.Status != "" { // of a message of ours it is a report
				told = append(told, store.Told{ProviderID: clean(event.ProviderID), Status: event.Status})
			}
		case channels.Report:
			told = append(told, store.Told{ProviderID: clean(event.ProviderID), Reference: event.Reference, Status: event.Status})
		case channels.Malformed:
			bad = append(bad, "cannot be read: "+event.Why)
		case channels.Ignored, channels.Changed:
		default:
			if at := timeOf(event); at.IsZero() || !at.Before(since) {
				return true, nil
			}
		}
	}
	known, err := i.store.Known(ctx, open.Org, open.Account.Connector, told)
	if err != nil || slices.Contains(known, false) {
		return err == nil, err
	}
	if why == "" {
		if len(bad) == 0 {
			return false, nil
		}
		why = bad[0]
	}
	parked, err := i.store.ParkedBefore(ctx, open.Org, open.Account.Connector, polledHeader, parked(why).Why)
	return err == nil && !parked, err
}

// timeOf is the provider's time of an event without an id, or zero.
func timeOf(event channels.Event) time.Time {
	switch event := event.(type) {
	case channels.Consent:
		return event.At
	case channels.Moved:
		return event.At
	case channels.TemplateChanged:
		return event.At
	case channels.Notice:
		return event.At
	}
	return time.Time{}
}

// parsePolled reads a page as a webhook is read.
func parsePolled(open account.Open, hook *channels.Webhook) ([]channels.Event, channels.Reply, error) {
	poller, ok := open.Adapter.(channels.Poller)
	if !ok {
		return nil, channels.Reply{}, fmt.Errorf("adapter %s does not poll", open.Adapter.Kind())
	}
	events, err := poller.ParsePolled(open.Account, hook.Body)
	return events, channels.Reply{}, err
}
