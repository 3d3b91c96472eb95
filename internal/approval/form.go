package approval

import (
	"time"

	"converse/channels"
	"converse/internal/account"
	"converse/internal/chat"
	"converse/internal/store"
)

// outgoing is a template in the form adapters hand in.
func outgoing(t store.StoredTemplate) channels.Template {
	out := channels.Template{
		TemplateReview: channels.TemplateReview{Ref: t.Ref, Name: t.Name, Language: t.Language, Category: t.Category},
		Body:           t.Body, Footer: t.Footer, Named: t.Named,
	}
	if t.Header != nil {
		out.Header = &channels.TemplateHeader{Kind: t.Header.Kind, Text: t.Header.Text, Example: t.Header.Example}
	}
	for _, a := range t.Actions {
		out.Buttons = append(out.Buttons, channels.TemplateButton(a))
	}
	for _, v := range t.Variables {
		out.Variables = append(out.Variables, channels.TemplateVariable(v))
	}
	return out
}

// incoming is a template as a provider lists it, in the form that is kept.
func incoming(t channels.Template, open account.Open, at time.Time) store.StoredTemplate {
	out := store.StoredTemplate{
		Template: chat.Template{
			ID: chat.NewID[chat.TemplateID](), Channel: channelOf(open), Name: t.Name, Language: t.Language, Category: t.Category,
			Body: t.Body, Footer: t.Footer, Connector: open.Account.Connector, Status: string(t.Status), Reason: t.Reason, Quality: t.Quality, SyncedAt: at,
		},
		Named: t.Named, Ref: t.Ref,
	}
	if t.Header != nil {
		out.Header = &chat.TemplateHeader{Kind: t.Header.Kind, Text: t.Header.Text, Example: t.Header.Example}
	}
	for _, b := range t.Buttons {
		out.Actions = append(out.Actions, chat.TemplateAction(b))
		out.Buttons = append(out.Buttons, b.Text)
	}
	for _, v := range t.Variables {
		out.Variables = append(out.Variables, chat.TemplateVariable(v))
	}
	return out
}

// channelOf is the channel that a connector's templates are for: WhatsApp, where it has a
// number of it.
func channelOf(open account.Open) chat.Channel {
	channel := chat.ChannelWhatsApp
	for _, s := range open.Senders {
		if s.Channel == chat.ChannelWhatsApp {
			return s.Channel
		}
		channel = s.Channel
	}
	return channel
}
