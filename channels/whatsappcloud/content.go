package whatsappcloud

import (
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
	case "system":
		return content{kind: chat.KindNotice, text: systemText(m.System.Type)}
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
	for _, e := range m.Errors {
		if e.Code == tooLarge {
			return placeholder("The lead sent a file that WhatsApp could not pass on; it may be too large.")
		}
	}
	if word := plainWord(m.Unsupported.Type); word != "" {
		return placeholder("The lead sent a message of type " + word + ", which WhatsApp does not pass on.")
	}
	return placeholder("The lead sent a message that WhatsApp does not pass on.")
}

// systemText never repeats Meta's own sentence: it holds the lead's numbers, which
// not every user may see.
func systemText(kind string) string {
	switch kind {
	case "user_changed_number", "customer_changed_number":
		return "The lead changed their WhatsApp number."
	case "user_identity_changed", "customer_identity_changed":
		return "The lead's WhatsApp security code changed."
	}
	return "WhatsApp sent a notice about this lead."
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
	Phones []struct {
		Phone jsonstrict.Text `json:"phone"`
	} `json:"phones"`
	Emails []struct {
		Email string `json:"email"`
	} `json:"emails"`
}

func cardsText(cards []card) string {
	var people []string
	for _, c := range cards {
		name := c.Name.Formatted
		if name == "" {
			name = joined(" ", c.Name.First, c.Name.Last)
		}
		parts := []string{name}
		for _, phone := range c.Phones {
			parts = append(parts, string(phone.Phone))
		}
		for _, email := range c.Emails {
			parts = append(parts, email.Email)
		}
		if person := joined(", ", parts...); person != "" {
			people = append(people, person)
		}
	}
	switch len(people) {
	case 0:
		return "Contact"
	case 1:
		return "Contact: " + people[0]
	}
	return "Contacts: " + strings.Join(people, "; ")
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
