package whatsappcloud

import (
	"iter"
	"regexp"
	"strings"

	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// tooLarge is the code of an inbound file that Meta could not take; it comes in
// place of the file, for instance above 100 MB.
const tooLarge = "131052"

// content reads the one field that the message's type names. A type that is not
// known yet becomes a sentence, never a hole in the conversation.
func (m message) content() content {
	switch m.Type {
	case "text":
		return orEmpty(chat.KindText, m.Text.Body)
	case "image":
		return m.file(chat.KindImage, m.Image)
	case "video":
		return m.file(chat.KindVideo, m.Video)
	case "audio", "voice":
		return m.file(chat.KindAudio, m.Audio)
	case "document":
		return m.file(chat.KindDocument, m.Document)
	case "sticker":
		return m.file(chat.KindSticker, m.Sticker)
	case "location":
		return content{kind: chat.KindLocation, text: m.Location.text()}
	case "contacts":
		return content{kind: chat.KindContacts, text: cardsText(m.Contacts)}
	case "reaction":
		return m.Reaction.content()
	case "button":
		return orEmpty(chat.KindButton, m.Button.Text)
	case "interactive":
		return m.Interactive.content()
	case "order":
		return placeholder(m.Order.text())
	case typeSystem:
		return content{kind: chat.KindNotice, text: m.System.text()}
	case "request_welcome":
		return content{kind: chat.KindNotice, text: "The lead opened this chat for the first time."}
	case "unsupported":
		return m.unsupported()
	}
	if word := plainWord(m.Type); word != "" {
		return placeholder("The lead sent a message of type " + word + ", which cannot be shown here.")
	}
	return placeholder("The lead sent a message of an unknown type, which cannot be shown here.")
}

func placeholder(text string) content {
	return content{kind: chat.KindUnsupported, text: text}
}

func orEmpty(kind chat.MessageKind, text string) content {
	if text == "" {
		return placeholder("The lead sent an empty message.")
	}
	return content{kind: kind, text: text}
}

func (m message) file(kind chat.MessageKind, media mediaObject) content {
	if media.ID == "" {
		return m.unsupported()
	}
	return content{kind: kind, text: media.Caption, media: &media}
}

// unsupported is a message that Meta announces but does not pass on.
func (m message) unsupported() content {
	for e := range readable(m.Errors) {
		if e.Code == tooLarge {
			return placeholder("The lead sent a file that WhatsApp could not pass on; it may be too large.")
		}
	}
	if word := plainWord(m.Unsupported.Type); word != "" {
		return placeholder("The lead sent a message of type " + word + ", which WhatsApp does not pass on.")
	}
	return placeholder("The lead sent a message that WhatsApp does not pass on.")
}

type location struct {
	Latitude  jsonstrict.Text `json:"latitude"`
	Longitude jsonstrict.Text `json:"longitude"`
	Name      string          `json:"name"`
	Address   string          `json:"address"`
}

func (l location) text() string {
	named := joined(", ", l.Name, l.Address)
	point := joined(", ", string(l.Latitude), string(l.Longitude))
	switch {
	case named == "" && point == "":
		return "Location"
	case named == "":
		return "Location: " + point
	case point == "":
		return "Location: " + named
	}
	return "Location: " + named + " (" + point + ")"
}

// card is one shared contact; such a person need not be a lead.
type card struct {
	Name struct {
		Formatted string `json:"formatted_name"`
		First     string `json:"first_name"`
		Last      string `json:"last_name"`
	} `json:"name"`
	Phones jsonstrict.List[cardPhone] `json:"phones"`
	Emails jsonstrict.List[cardEmail] `json:"emails"`
}

type (
	cardPhone struct {
		Phone jsonstrict.Text `json:"phone"`
	}
	cardEmail struct {
		Email string `json:"email"`
	}
)

func (c card) text() string {
	name := c.Name.Formatted
	if name == "" {
		name = joined(" ", c.Name.First, c.Name.Last)
	}
	parts := []string{name}
	for phone := range readable(c.Phones) {
		parts = append(parts, string(phone.Phone))
	}
	for email := range readable(c.Emails) {
		parts = append(parts, email.Email)
	}
	return joined(", ", parts...)
}

func cardsText(cards jsonstrict.List[card]) string {
	people := shown(cards, card.text)
	switch len(people) {
	case 0:
		return "Contact"
	case 1:
		return "Contact: " + people[0]
	}
	return "Contacts: " + strings.Join(people, "; ")
}

// mostShown is how many cards, cart items and the like of one message are looked at.
const mostShown = 100

// readable walks the elements of a list that can be read.
func readable[T any](list jsonstrict.List[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		seen := 0
		for element, err := range list.All() {
			if seen++; seen > mostShown || err == nil && !yield(element) {
				return
			}
		}
	}
}

// shown puts the elements of a list into words.
func shown[T any](list jsonstrict.List[T], words func(T) string) []string {
	var out []string
	seen := 0
	for element, err := range list.All() {
		if seen++; seen > mostShown {
			break
		}
		if err != nil {
			out = append(out, "one that cannot be read")
		} else if text := words(element); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// wordPattern is what names of Meta's types and fields look like.
var wordPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_]{0,39}$`)

// plainWord makes a name of Meta's readable, or "" of anything that is no name.
func plainWord(name string) string {
	if !wordPattern.MatchString(name) {
		return ""
	}
	return strings.ReplaceAll(name, "_", " ")
}

// joined joins the parts that are not empty.
func joined(separator string, parts ...string) string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, separator)
}
