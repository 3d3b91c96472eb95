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
	m, err := incoming(open, hook, r)
	if err != nil {
		return store.CallbackEnd{}, err
	}
	m.Wish = wishOf(r)
	end, err := i.store.Receive(ctx, open.Org, a, m)
	if err == nil && end.Result == store.ResultShown {
		i.options.Metrics.Message(chat.DirectionInbound, m.Sender.Channel, chat.StatusReceived)
	}
	return end, err
}

// incoming is a message as it is stored.
func incoming(open account.Open, hook *channels.Webhook, r channels.Received) (store.Received, error) {
	to, ok := senderOf(open, r.Sender)
	if !ok {
		return store.Received{}, fmt.Errorf("adapter %s received for a sender that is not the account's", open.Adapter.Kind())
	}
	m := store.Received{
		ID: chat.NewID[chat.MessageID](), Sender: to, ProviderID: clean(r.ProviderID),
		Phone: clean(r.From.Phone), WhatsApp: clean(r.From.WhatsApp), Name: chat.Clip(clean(r.From.Name), 200), Kind: r.Kind,
		Text: clean(r.Text), ReplyTo: clean(r.ReplyTo), ProviderAt: believable(r.At, hook.ReceivedAt), ReceivedAt: hook.ReceivedAt,
	}
	for _, file := range r.Media {
		m.Media = append(m.Media, store.NewMedia{
			Media: chat.Media{
				ID: chat.NewID[chat.MediaID](), State: chat.MediaLoading, ContentType: clean(file.ContentType),
				Name: chat.Clip(clean(file.Name), 200), Size: max(file.Size, 0),
			},
			Reference: clean(file.Reference), SHA256: clean(file.SHA256), ExpiresAt: file.ExpiresAt,
		})
	}
	return m, nil
}

// wishOf reads a message that the lead wrote as text, or by pressing a button with one.
func wishOf(r channels.Received) chat.Wish {
	if r.Kind == chat.KindText || r.Kind == chat.KindButton {
		return chat.WishOf(r.Text)
	}
	return chat.WishNone
}

// echoed stores a message that left by other means than ours.
func (i *Inbox) echoed(ctx context.Context, open account.Open, hook *channels.Webhook, a store.Arrival, e channels.Echo) (store.CallbackEnd, error) {
	m, err := incoming(open, hook, channels.Received{
		ProviderID: e.ProviderID, Sender: e.Sender, From: e.To, Kind: e.Kind, Text: e.Text, Media: e.Media, At: e.At,
	})
	if err != nil {
		return store.CallbackEnd{}, err
	}
	m.Echo = chat.StatusSent
	if e.Status.Rank() > m.Echo.Rank() && e.Status != chat.StatusFailed {
		m.Echo = e.Status
	}
	return i.store.Echo(ctx, open.Org, a, m)
}

// reported applies a provider's word on a message of ours.
func (i *Inbox) reported(ctx context.Context, open account.Open, hook *channels.Webhook, a store.Arrival, r channels.Report) (store.CallbackEnd, error) {
	report := store.Report{
		Connector: open.Account.Connector, ProviderID: clean(r.ProviderID), Alias: clean(r.Alias), Reference: ourReference(r.Reference), Status: r.Status,
		ProviderAt: believable(r.At, hook.ReceivedAt), ReceivedAt: hook.ReceivedAt,
	}
	if report.ProviderID == "" && report.Reference == "" {
		end := parked("a report that names no message")
		return end, i.endOne(ctx, open.Org, a, end)
	}
	if r.Error != nil {
		text, next := channels.Words(open.Adapter, r.Error)
		report.Failure = &chat.Failure{Code: chat.Clip(clean(r.Error.Code), 100), Text: text, Next: next}
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
