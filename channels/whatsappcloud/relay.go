package whatsappcloud

import (
	"errors"
	"fmt"

	"converse/channels"
	"converse/channels/jsonstrict"
)

// Relay is a provider that passes Meta's webhooks on in Meta's own envelope, and what
// it does in its own way. Meta itself is one too.
type Relay struct {
	Account channels.Account
	// Sender finds the number of ours that a change is about, by Meta's id of it and by
	// the number itself in E.164. Either may be empty.
	Sender func(id, number string) (channels.AccountSender, bool)
	// WABA is the WhatsApp Business Account whose templates and state are the account's;
	// empty means that the provider passes on nothing of others.
	WABA string
	// Alone: the account has one number, and a change need not name it.
	Alone bool
	// Name says by which id the provider speaks of a message of ours, and by which
	// other one it may from now on. The alias may be empty.
	Name func(RelayIDs) (id, alias string)
	// Taken is the status that says no more than that the provider has the message:
	// it only tells an alias. Empty means that there is none.
	Taken string
	// File is what FetchMedia is to be given for a file.
	File func(id, link string) string
	// Lookup sorts the code of a failure; false means that it is not known.
	Lookup func(code string) (channels.Reason, bool)
	// Secrets must not show in what is kept of a failure.
	Secrets []string
}

// RelayIDs are the ids that one of our messages has where Meta's webhooks come by
// another provider: ID in Meta's place, and the two that Gupshup adds.
type RelayIDs struct {
	ID        jsonstrict.Text `json:"id"`
	GupshupID jsonstrict.Text `json:"gs_id"`
	MetaID    jsonstrict.Text `json:"meta_msg_id"`
}

// direct is the relay that Meta itself is.
func direct(account channels.Account) Relay {
	return Relay{
		Account: account,
		WABA:    account.Settings[SettingWABA],
		Sender: func(id, number string) (channels.AccountSender, bool) {
			if id == "" {
				return account.SenderByAddress(number)
			}
			return account.SenderByRef(id)
		},
		Name:    func(ids RelayIDs) (id, alias string) { return string(ids.ID), "" },
		File:    func(id, _ string) string { return id },
		Lookup:  Lookup,
		Secrets: Adapter{}.Secrets(account),
	}
}

// Parse reads a webhook in Meta's envelope, as Adapter.Parse does. An error means that
// the body as a whole cannot be read.
func (r Relay) Parse(webhook *channels.Webhook) ([]channels.Event, error) {
	var body payload
	if err := jsonstrict.Unmarshal(webhook.Body, &body); err != nil {
		return nil, fmt.Errorf("read the webhook: %w", err)
	}
	if body.Object == "" {
		return nil, errors.New("read the webhook: it does not say that it is about WhatsApp")
	}
	p := parser{Relay: r, receivedAt: webhook.ReceivedAt}
	p.body(body)
	return p.events, nil
}

// Lookup says what one of Meta's error codes means for a message.
func Lookup(code string) (channels.Reason, bool) {
	known, ok := lookup(code)
	return known.reason, ok
}
