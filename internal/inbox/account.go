package inbox

import (
	"context"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
)

// consented applies a lead's word, told by the provider, on being written to.
func (i *Inbox) consented(ctx context.Context, open account.Open, hook *channels.Webhook, a store.Arrival, c channels.Consent) (store.CallbackEnd, error) {
	stop := chat.StopOf(c.Channel)
	if c.Marketing && c.Channel == chat.ChannelWhatsApp {
		stop = chat.StopMarketing
	}
	return i.store.Consent(ctx, open.Org, a, store.Consent{
		Phone: clean(c.From.Phone), WhatsApp: clean(c.From.WhatsApp), Stop: stop, OptedOut: c.OptedOut, At: believable(c.At, hook.ReceivedAt),
	})
}

// movedText says it without the numbers, which not every user may see.
const movedText = "The lead is reached under another number from now on."

// moved tells of a lead's new identities where they were last written to, and keeps them.
func (i *Inbox) moved(ctx context.Context, open account.Open, hook *channels.Webhook, a store.Arrival, m channels.Moved) (store.CallbackEnd, error) {
	notice, err := incoming(open, hook, channels.Received{
		ProviderID: m.ProviderID, Sender: m.Sender, From: m.From, Kind: chat.KindNotice, Text: movedText, At: m.At,
	})
	if err != nil {
		return store.CallbackEnd{}, err
	}
	if phone := clean(m.To.Phone); phone != "" && phone != notice.Phone {
		notice.Moved = append(notice.Moved, chat.Identifier{Kind: chat.IdentifierPhone, Value: phone})
	}
	if id := clean(m.To.WhatsApp); id != "" && id != notice.WhatsApp {
		notice.Moved = append(notice.Moved, chat.Identifier{Kind: chat.IdentifierWhatsApp, Value: id})
	}
	if notice.ProviderID == "" {
		notice.ProviderID = "moved " + string(a.ID) // one notice for each callback
	}
	return i.store.Receive(ctx, open.Org, a, notice)
}

// reviewed applies what the provider thinks of a template.
func (i *Inbox) reviewed(ctx context.Context, open account.Open, a store.Arrival, t channels.TemplateChanged) (store.CallbackEnd, error) {
	return i.store.Review(ctx, open.Org, a, store.Review{
		Ref: t.Ref, Name: t.Name, Language: t.Language, Status: string(t.Status), Reason: chat.Clip(clean(t.Reason), longestWhy), Category: t.Category,
		Quality: t.Quality,
	})
}

// noticed keeps the provider's word about the account for its administrators. A notice
// that nothing goes out any more pauses the connector: messages wait instead of failing.
func (i *Inbox) noticed(ctx context.Context, open account.Open, hook *channels.Webhook, a store.Arrival, n channels.Notice) (store.CallbackEnd, error) {
	end, err := i.store.Notice(ctx, open.Org, a, store.Notice{
		Connector: open.Account.Connector, Sender: n.Sender, Kind: chat.Clip(clean(n.Kind), 100), Level: string(n.Level),
		Text: chat.Clip(clean(n.Text), longestWhy), Next: chat.Clip(clean(n.Next), longestWhy), At: believable(n.At, hook.ReceivedAt), ReceivedAt: hook.ReceivedAt,
	})
	if err != nil || n.Level != channels.NoticeStop || n.Sender != "" {
		return end, err
	}
	_, err = i.store.SetConnectorState(ctx, open.Org, open.Account.Connector, store.ConnectorPaused, chat.Clip(clean(n.Text), longestWhy))
	return end, err
}

// changed asks the provider what happened, soon.
func (i *Inbox) changed(ctx context.Context, open account.Open, a store.Arrival, c channels.Changed) (store.CallbackEnd, error) {
	return i.store.PollSoon(ctx, open.Org, a, chat.Clip(clean(c.Why), longestWhy))
}
