package whatsappcloud

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"time"

	"converse/channels"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// mediaLife is how long Meta keeps a file that a webhook announced (Meta, "Media").
const mediaLife = 7 * 24 * time.Hour

// message is an element of value.messages (Meta, "messages webhook reference").
// Type names the one of the fields below it that is set.
type message struct {
	From       jsonstrict.Text             `json:"from"`
	FromUserID jsonstrict.Text             `json:"from_user_id"`
	GroupID    jsonstrict.Text             `json:"group_id"`
	ID         jsonstrict.Text             `json:"id"`
	Timestamp  jsonstrict.Text             `json:"timestamp"`
	Type       string                      `json:"type"`
	Context    RelayIDs                    `json:"context"`
	Errors     jsonstrict.List[graphError] `json:"errors"`

	Text struct {
		Body string `json:"body"`
	} `json:"text"`
	Image       mediaObject           `json:"image"`
	Video       mediaObject           `json:"video"`
	Audio       mediaObject           `json:"audio"`
	Document    mediaObject           `json:"document"`
	Sticker     mediaObject           `json:"sticker"`
	Location    location              `json:"location"`
	Contacts    jsonstrict.List[card] `json:"contacts"`
	Reaction    reaction              `json:"reaction"`
	Button      button                `json:"button"`
	Interactive interactive           `json:"interactive"`
	Order       order                 `json:"order"`
	System      system                `json:"system"`
	Unsupported struct {
		Type string `json:"type"`
	} `json:"unsupported"`
}

func (p *parser) message(where string, sender channels.AccountSender, known people, m message) {
	if m.ID == "" {
		p.malformed(where, errors.New("it has no id"))
		return
	}
	if m.GroupID != "" {
		p.ignore("A message of a WhatsApp group is not shown.")
		return
	}
	from := known.writer(m)
	if m.Type == typeSystem {
		from = m.System.about(from)
	}
	switch {
	case from.Phone != "" || from.WhatsApp != "":
	case m.Type == typeSystem:
		p.ignore("A notice of WhatsApp about somebody whom it does not name by an earlier id.")
		return
	default:
		p.malformed(where, errors.New("it does not say who wrote it"))
		return
	}
	if to := m.System.now(); m.Type == typeSystem && m.System.changes() && (to.Phone != "" || to.WhatsApp != "") {
		p.events = append(p.events, channels.Moved{
			Sender: sender.ID, From: from, To: to, ProviderID: string(m.ID), At: m.Timestamp.Time(),
		})
		return
	}
	c := m.content()
	at := m.Timestamp.Time()
	received := channels.Received{
		ProviderID: string(m.ID),
		Sender:     sender.ID,
		From:       from,
		Kind:       c.kind,
		Text:       c.text,
		ReplyTo:    c.replyTo,
		At:         at,
	}
	if received.ReplyTo == "" {
		received.ReplyTo, _ = p.Name(m.Context)
	}
	if c.media != nil {
		if at.IsZero() {
			at = p.receivedAt
		}
		received.Media = []channels.InboundMedia{p.announce(*c.media, at)}
	}
	p.events = append(p.events, received)
}

// mediaObject is a file that a message announces.
type mediaObject struct {
	ID       jsonstrict.Text `json:"id"`
	URL      string          `json:"url"`
	MIMEType string          `json:"mime_type"`
	SHA256   string          `json:"sha256"`
	Caption  string          `json:"caption"`
	Filename string          `json:"filename"`
}

func (r Relay) announce(o mediaObject, at time.Time) channels.InboundMedia {
	media := channels.InboundMedia{
		Reference:   r.File(string(o.ID), o.URL),
		ContentType: o.MIMEType,
		Name:        o.Filename,
	}
	if digest, err := base64.StdEncoding.DecodeString(o.SHA256); err == nil && len(digest) == 32 {
		media.SHA256 = hex.EncodeToString(digest)
	}
	if !at.IsZero() {
		media.ExpiresAt = at.Add(mediaLife)
	}
	return media
}

// content is what a message says, apart from who, when and where.
type content struct {
	kind    chat.MessageKind
	text    string
	media   *mediaObject
	replyTo string
}
