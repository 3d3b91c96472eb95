package outbox

import (
	"context"

	"converse/channels"
	"converse/internal/chat"
)

// Capabilities says what can be sent in a conversation that the principal sees.
func (o *Outbox) Capabilities(ctx context.Context, p chat.Principal, id chat.ConversationID) (channels.Capabilities, chat.Conversation, error) {
	c, err := o.store.Conversation(ctx, p, id)
	if err != nil {
		return channels.Capabilities{}, c, err
	}
	open, err := o.accounts.ByID(ctx, p.Org, c.Sender.Connector)
	if err != nil {
		return channels.Capabilities{}, c, err
	}
	return open.Adapter.Capabilities(open.Account).On(c.Channel), c, nil
}
