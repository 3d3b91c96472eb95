package whatsappcloud

import (
	"errors"

	"converse/channels"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// echoed is what the business wrote in the WhatsApp Business app on a phone (Meta,
// "smb_message_echoes webhook reference").
type echoed struct {
	metadata
	Messages jsonstrict.List[echo] `json:"message_echoes"`
}

type echo struct {
	message
	To       jsonstrict.Text `json:"to"`
	ToUserID jsonstrict.Text `json:"to_user_id"`
}

func (p *parser) echoes(where string, v echoed) {
	sender, ok := p.number(where, v.metadata)
	if !ok {
		return
	}
	if v.Messages.Err() == nil && v.Messages.Len() == 0 {
		p.ignore("The change holds no messages.")
	}
	known := p.people(where, v.Contacts)
	each(p, where+", message", v.Messages, func(where string, e echo) { p.echo(where, sender, known, e) })
}

func (p *parser) echo(where string, sender channels.AccountSender, known people, e echo) {
	if e.ID == "" {
		p.malformed(where, errors.New("it has no id"))
		return
	}
	to := known.named(channels.Party{Phone: phone(e.To), WhatsApp: string(e.ToUserID)})
	if to.Phone == "" && to.WhatsApp == "" {
		p.malformed(where, errors.New("it does not say whom it was for"))
		return
	}
	c := e.content()
	if c.kind == chat.KindUnsupported || c.kind == chat.KindNotice {
		c = placeholder("Something was done in the WhatsApp Business app that cannot be shown here.")
	}
	at := e.Timestamp.Time()
	sent := channels.Echo{
		ProviderID: string(e.ID), Sender: sender.ID, To: to, Kind: c.kind, Text: c.text, Status: chat.StatusSent, At: at,
	}
	if c.media != nil {
		if at.IsZero() {
			at = p.receivedAt
		}
		sent.Media = []channels.InboundMedia{p.announce(*c.media, at)}
	}
	p.events = append(p.events, sent)
}
