package ringcentral

import (
	"fmt"
	"mime"
	"net/url"
	"strconv"
	"strings"

	"converse/channels"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

const (
	// mostFiles is how many files of one text are read; RingCentral carries ten.
	mostFiles = 50
	// mostPeople is how many recipients of one text are looked at; a group has ten.
	mostPeople = 20
)

// message reads a record of the message store.
func (p *parser) message(where string, m message) {
	switch {
	case m.Type != "" && m.Type != "SMS":
		p.ignore("It is another kind of message than a text.")
	case m.ID == "":
		p.malformed(where, "it has no id")
	case m.Availability == "Purged":
		p.ignore("The text has been erased at RingCentral.")
	case m.Direction == "Inbound":
		p.received(where, m)
	case m.Direction == "Outbound":
		p.sent(where, m)
	default:
		p.malformed(where, "its direction is neither in nor out")
	}
}

func (p *parser) received(where string, m message) {
	own, found := p.cameTo(m)
	if !found {
		p.ignore("The text came to a number that is not one of the connector's.")
		return
	}
	from := full(m.From.Phone, own.Address)
	switch {
	case from == "" && m.From.Extension != "":
		p.ignore("The text came from another user of the RingCentral account.")
		return
	case from == "" && m.From.Phone != "" && len(m.From.Phone) <= 6:
		p.ignore("The text came from a short number, to which nobody can answer.")
		return
	case !channels.IsPhone(from):
		p.malformed(where, "the sender's number is missing or cannot be read")
		return
	}
	if _, ours := p.account.SenderByAddress(from); ours {
		p.ignore("It is a text between two of the connector's own numbers.")
		return
	}
	c := p.content(where, m)
	p.add(channels.Received{
		ProviderID: string(m.ID), Sender: own.ID, From: channels.Party{Phone: from},
		Kind: c.kind, Text: c.text, Media: c.media, At: when(m.Created),
	})
	p.events = append(p.events, c.bad...)
}

// cameTo finds our number among a text's recipients. In a group there are several of
// other people, and the one it came to is marked.
func (p *parser) cameTo(m message) (own channels.AccountSender, found bool) {
	seen := 0
	for to, err := range m.To.All() {
		if seen++; seen > mostPeople {
			break
		}
		if err != nil {
			continue
		}
		sender, ours := p.ours(to.Phone)
		if ours && to.Target {
			return sender, true
		}
		if ours && !found {
			own, found = sender, true
		}
	}
	return own, found
}

// ours finds the sender that has a number, however it is written.
func (p *parser) ours(number jsonstrict.Text) (channels.AccountSender, bool) {
	for _, sender := range p.account.Senders {
		if number != "" && full(number, sender.Address) == sender.Address {
			return sender, true
		}
	}
	return channels.AccountSender{}, false
}

// content is what a text says.
type content struct {
	kind  chat.MessageKind
	text  string
	media []channels.InboundMedia
	// bad are the files that could not be read.
	bad []channels.Event
}

func (p *parser) content(where string, m message) content {
	c := content{kind: chat.KindText, text: string(m.Subject)}
	if m.Attachments.Err() != nil {
		c.bad = append(c.bad, channels.Malformed{Why: where + ": its list of files cannot be read"})
	}
	number := 0
	for file, err := range m.Attachments.All() {
		if number++; number > mostFiles {
			c.bad = append(c.bad, channels.Malformed{Why: fmt.Sprintf("%s: it has more than %d files", where, mostFiles)})
			break
		}
		switch {
		case err != nil:
			c.bad = append(c.bad, channels.Malformed{Why: fmt.Sprintf("%s, file %d: %s", where, number, err)})
			continue
		case file.isText():
			continue
		case file.ID == "" && file.URI == "":
			c.bad = append(c.bad, channels.Malformed{Why: fmt.Sprintf("%s, file %d: it has no address", where, number)})
			continue
		}
		if len(c.media) == 0 {
			c.kind = file.kind()
		}
		c.media = append(c.media, file.announce(m.ID))
	}
	switch {
	case c.text != "" || len(c.media) > 0:
	case len(c.bad) > 0:
		c.kind, c.text = chat.KindUnsupported, "A file that could not be read."
	default:
		c.kind, c.text = chat.KindUnsupported, "An empty message."
	}
	return c
}

// isText: the text itself is listed among the files. Older records do not say its type.
func (a attachment) isText() bool {
	return a.Type == "Text" || a.Type == "" && strings.HasPrefix(a.ContentType, "text/plain")
}

// kind goes by the announced type. The file itself is looked at when it has been fetched.
func (a attachment) kind() chat.MessageKind {
	media, _, _ := mime.ParseMediaType(a.ContentType)
	group, _, _ := strings.Cut(media, "/")
	switch {
	case group == "image":
		return chat.KindImage
	case group == "video":
		return chat.KindVideo
	case group == "audio":
		return chat.KindAudio
	case media == "text/vcard" || media == "text/x-vcard":
		return chat.KindContacts
	}
	return chat.KindDocument
}

func (a attachment) announce(text jsonstrict.Text) channels.InboundMedia {
	reference := a.URI
	if reference == "" {
		reference = extension + "/message-store/" + url.PathEscape(string(text)) + "/content/" + url.PathEscape(string(a.ID))
	}
	size, _ := strconv.ParseInt(string(a.Size), 10, 64) // one that cannot be read is not known
	return channels.InboundMedia{Reference: reference, ContentType: a.ContentType, Name: a.Name, Size: max(size, 0)}
}
