package whatsappcloud

import (
	"fmt"
	"regexp"
	"unicode/utf8"

	"converse/channels"
	"converse/internal/chat"
)

// urlPattern finds a link that WhatsApp can show a preview of.
var urlPattern = regexp.MustCompile(`(?i)\bhttps?://[^\s]`)

// compose writes a message in Meta's words, or says why it cannot be sent at all.
func compose(message channels.Outgoing) (outgoing, *channels.Error) {
	body := outgoing{Product: "whatsapp", RecipientType: "individual"}
	switch {
	case message.To.Kind == chat.IdentifierPhone && channels.IsPhone(message.To.Value):
		body.To = message.To.Value
	case message.To.Kind == chat.IdentifierWhatsApp && message.To.Value != "":
		body.Recipient = message.To.Value
	default:
		return body, &channels.Error{Reason: invalidRecipient, Text: "WhatsApp cannot be reached at this address."}
	}
	if message.ReplyTo != "" {
		body.Context = &replyContext{MessageID: message.ReplyTo}
	}
	if len(message.Reference) <= maxReference {
		body.Reference = string(message.Reference)
	}
	switch {
	case message.Template != nil:
		filled, refused := composeTemplate(*message.Template)
		body.Type, body.Template = "template", filled
		return body, refused
	case len(message.Media) > 0:
		return body, body.attach(message)
	case message.Text == "":
		return body, &channels.Error{Reason: rejected, Text: "The message is empty."}
	case utf8.RuneCountInString(message.Text) > maxText:
		return body, &channels.Error{Reason: tooLong, Text: fmt.Sprintf("The text is longer than %d characters.", maxText)}
	}
	body.Type = "text"
	body.Text = &textObject{PreviewURL: urlPattern.MatchString(message.Text), Body: message.Text}
	return body, nil
}

// attach puts the message's one file into the object that is named like its kind.
func (o *outgoing) attach(message channels.Outgoing) *channels.Error {
	if len(message.Media) > 1 {
		return &channels.Error{Reason: unsupported, Text: "A WhatsApp message carries one file."}
	}
	file := message.Media[0]
	rule, refused := ruleOf(file)
	switch length := utf8.RuneCountInString(message.Text); {
	case refused != nil:
		return refused
	case file.Reference == "":
		return &channels.Error{Reason: rejected, Text: "The file was not uploaded to WhatsApp."}
	case length > 0 && rule.Caption == 0:
		return &channels.Error{Reason: unsupported, Text: "Only a picture or a film has a caption on WhatsApp."}
	case length > rule.Caption:
		return &channels.Error{Reason: tooLong, Text: fmt.Sprintf("The caption is longer than %d characters.", rule.Caption)}
	}
	object := &fileObject{ID: file.Reference, Caption: message.Text}
	o.Type = string(file.Kind)
	switch file.Kind {
	case chat.KindImage:
		o.Image = object
	case chat.KindVideo:
		o.Video = object
	case chat.KindAudio:
		o.Audio = object
	case chat.KindSticker:
		o.Sticker = object
	default:
		object.Filename = file.Name
		o.Document = object
	}
	return nil
}
