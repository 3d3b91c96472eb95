package inbox

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
)

// received stores a lead's message.
func (i *Inbox) received(ctx context.Context, open account.Open, hook *channels.Webhook, a store.Arrival, r channels.Received) (store.CallbackEnd, error) {
	to, ok := senderOf(open, r.Sender)
	if !ok {
		return store.CallbackEnd{}, fmt.Errorf("adapter %s received for a sender that is not the account's", open.Adapter.Kind())
	}
	m := store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: to, ProviderID: clean(r.ProviderID),
		Phone: clean(r.From.Phone), WhatsApp: clean(r.From.WhatsApp), Name: clip(clean(r.From.Name), 200), Kind: r.Kind,
		Text: clean(r.Text), ReplyTo: clean(r.ReplyTo), ProviderAt: believable(r.At, hook.ReceivedAt), ReceivedAt: hook.ReceivedAt,
	}
	for _, file := range r.Media {
		m.Media = append(m.Media, store.NewMedia{
			Media: chat.Media{
				ID: chat.NewID[chat.MediaID](), State: chat.MediaLoading, ContentType: clean(file.ContentType),
				Name: clip(clean(file.Name), 200), Size: max(file.Size, 0),
			},
			Reference: clean(file.Reference), SHA256: clean(file.SHA256), ExpiresAt: file.ExpiresAt,
		})
	}
	end, err := i.store.Receive(ctx, open.Org, a, m)
	if err == nil && end.Result == store.ResultShown {
		i.options.Metrics.Message(chat.DirectionInbound, to.Channel, chat.StatusReceived)
	}
	return end, err
}

// reported applies a provider's word on a message of ours.
func (i *Inbox) reported(ctx context.Context, open account.Open, hook *channels.Webhook, a store.Arrival, r channels.Report) (store.CallbackEnd, error) {
	report := store.Report{
		Connector: open.Account.Connector, ProviderID: clean(r.ProviderID), Reference: ourReference(r.Reference), Status: r.Status,
		ProviderAt: believable(r.At, hook.ReceivedAt), ReceivedAt: hook.ReceivedAt,
	}
	if report.ProviderID == "" && report.Reference == "" {
		end := parked("a report that names no message")
		return end, i.endOne(ctx, open.Org, a, end)
	}
	if r.Error != nil {
		text, next := channels.Words(open.Adapter, r.Error)
		report.Failure = &chat.Failure{Code: clip(clean(r.Error.Code), 100), Text: text, Next: next}
	}
	if r.Match != nil {
		report.Match = &store.Match{Sender: r.Match.Sender, Phone: r.Match.To, Text: clean(r.Match.Text), At: believable(r.Match.At, hook.ReceivedAt)}
	}
	reported, err := i.store.Report(ctx, open.Org, a, report)
	if err == nil && reported.Raised {
		i.options.Metrics.Message(chat.DirectionOutbound, reported.Channel, r.Status)
	}
	return reported.End, err
}

// ourReference is the message id in a reference, or "" for what another program put
// there.
func ourReference(reference chat.MessageID) chat.MessageID {
	if parsed, err := uuid.Parse(string(reference)); err != nil || parsed.String() != string(reference) {
		return ""
	}
	return reference
}

// believable is a provider's time, unless it lies in our future: no clock of theirs
// may keep a window open or put a message after ones to come.
func believable(at, received time.Time) time.Time {
	if at.After(received) {
		return received
	}
	return at
}

func senderOf(open account.Open, id chat.SenderID) (chat.Sender, bool) {
	for _, s := range open.Senders {
		if s.ID == id {
			return s, true
		}
	}
	return chat.Sender{}, false
}
