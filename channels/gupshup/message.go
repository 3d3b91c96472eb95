package gupshup

import (
	"converse/channels"
	"converse/channels/jsonstrict"
	"converse/channels/whatsappcloud"
	"converse/internal/chat"
)

// message is the payload of a lead's message (docs.gupshup.io, "Types of payloads").
type message struct {
	// ID is a UUID in older traffic and WhatsApp's id in newer.
	ID      jsonstrict.Text `json:"id"`
	Source  jsonstrict.Text `json:"source"`
	Type    string          `json:"type"`
	Payload content         `json:"payload"`
	Sender  struct {
		Phone  jsonstrict.Text `json:"phone"`
		Name   string          `json:"name"`
		UserID jsonstrict.Text `json:"userId"`
	} `json:"sender"`
	Context quoted `json:"context"`
}

// quoted names a message by Gupshup's id, where it has one, and by WhatsApp's.
type quoted struct {
	ID   jsonstrict.Text `json:"id"`
	GsID jsonstrict.Text `json:"gsId"`
}

func (q quoted) id() string {
	if q.GsID != "" {
		return string(q.GsID)
	}
	return string(q.ID)
}

// content is what a message of any type says.
type content struct {
	quoted
	Type  string `json:"type"`
	Text  string `json:"text"`
	Title string `json:"title"`
	Reply string `json:"reply"`
	Emoji string `json:"emoji"`

	URL         string          `json:"url"`
	Caption     string          `json:"caption"`
	ContentType string          `json:"contentType"`
	Filename    string          `json:"filename"`
	Expiry      jsonstrict.Text `json:"urlExpiry"`

	// Name is a file's or a place's.
	Name      string                 `json:"name"`
	Latitude  jsonstrict.Text        `json:"latitude"`
	Longitude jsonstrict.Text        `json:"longitude"`
	Address   string                 `json:"address"`
	Contacts  whatsappcloud.Contacts `json:"contacts"`
}

func (c callback) message(e envelope[message]) []channels.Event {
	m := e.Payload.Value
	if m.ID == "" {
		return malformed("the message has no id")
	}
	from := party(m.Sender.Name, m.Sender.UserID, m.Sender.Phone, m.Source)
	if !known(from) {
		return malformed("the message does not say who wrote it")
	}
	to, ok := c.sender(e.Phone)
	if !ok {
		return malformed("the message does not say for which of the account's numbers it is")
	}
	received := channels.Received{
		ProviderID: string(m.ID), Sender: to.ID, From: from, ReplyTo: m.Context.id(), At: when(e.Timestamp),
	}
	m.fill(&received)
	return []channels.Event{received}
}

var fileKinds = map[string]chat.MessageKind{
	"image": chat.KindImage, "video": chat.KindVideo, "audio": chat.KindAudio, "voice": chat.KindAudio,
	"file": chat.KindDocument, "document": chat.KindDocument, "sticker": chat.KindSticker,
}

// fill adds what the message says. A type that is not known yet becomes a sentence,
// never a hole in the conversation.
func (m message) fill(r *channels.Received) {
	said := m.Payload
	if kind, ok := fileKinds[m.Type]; ok && said.URL != "" {
		r.Kind, r.Text, r.Media = kind, said.Caption, []channels.InboundMedia{said.file()}
		return
	}
	r.Kind = chat.KindUnsupported
	switch m.Type {
	case "text", "quick_reply", "button":
		// A tap on a template's button is documented in two shapes: as its own type, and
		// as a text whose inner type is "button".
		r.Kind, r.Text = chat.KindText, said.Text
		if m.Type != "text" || said.Type == "button" {
			r.Kind = chat.KindButton
		}
	case "button_reply", "list_reply":
		r.Kind, r.Text = chat.KindButton, oneOf(said.Title, said.Text, said.Reply)
	case "location":
		r.Kind, r.Text = chat.KindLocation, whatsappcloud.LocationText(whatsappcloud.Location{
			Latitude: said.Latitude, Longitude: said.Longitude, Name: said.Name, Address: said.Address,
		})
	case "contact", "contacts":
		r.Kind, r.Text = chat.KindContacts, whatsappcloud.ContactsText(said.Contacts)
	case "reaction":
		r.Kind, r.Text = chat.KindReaction, oneOf(said.Emoji, "Removed a reaction.")
		r.ReplyTo = oneOf(said.id(), r.ReplyTo)
	case "image", "video", "audio", "voice", "file", "document", "sticker":
		r.Text = "The lead sent a file that WhatsApp could not pass on."
	default:
		r.Text = "The lead sent a message of an unknown type, which cannot be shown here."
		if word := plain(m.Type); word != "" {
			r.Text = "The lead sent a message of type " + word + ", which cannot be shown here."
		}
	}
	if r.Text == "" {
		r.Kind, r.Text = chat.KindUnsupported, "The lead sent an empty message."
	}
}

func (c content) file() channels.InboundMedia {
	return channels.InboundMedia{
		Reference: c.URL, ContentType: c.ContentType, Name: oneOf(c.Filename, c.Name), ExpiresAt: when(c.Expiry),
	}
}

// oneOf is the first text that is not empty.
func oneOf[T ~string](texts ...T) T {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
