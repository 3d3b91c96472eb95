package whatsappcloud

import (
	"net/url"
	"unicode/utf8"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// Lengths in characters (Meta, "Messages").
const (
	maxText    = 4096
	maxCaption = 1024
)

// content reads the part of the request that its type names.
func (s *Side) content(attempt *stage.Attempt, req request) *graphError {
	switch req.Type {
	case "", "text":
		attempt.Kind = chat.KindText
		return readText(attempt, req.Text)
	case "image":
		return s.readMedia(attempt, chat.KindImage, req.Image)
	case "video":
		return s.readMedia(attempt, chat.KindVideo, req.Video)
	case "audio":
		return s.readMedia(attempt, chat.KindAudio, req.Audio)
	case "document":
		return s.readMedia(attempt, chat.KindDocument, req.Document)
	case "sticker":
		return s.readMedia(attempt, chat.KindSticker, req.Sticker)
	case "location":
		return readLocation(attempt, req.Location)
	case "contacts":
		return readContacts(attempt, req.Contacts)
	case "reaction":
		return readReaction(attempt, req.Reaction)
	case "interactive":
		return readInteractive(attempt, req.Interactive)
	case "template":
		return s.readTemplate(attempt, req.Template)
	}
	return errParameter("Param type must be one of {AUDIO, CONTACTS, DOCUMENT, IMAGE, INTERACTIVE, LOCATION, "+
		"REACTION, STICKER, TEMPLATE, TEXT, VIDEO} - got %q.", req.Type)
}

func readText(attempt *stage.Attempt, text *textPart) *graphError {
	switch {
	case text == nil || text.Body == "":
		return errParameter("The parameter text['body'] is required.")
	case utf8.RuneCountInString(text.Body) > maxText:
		return errParameter("Param text['body'] must be at most %d characters long.", maxText)
	}
	attempt.Text = text.Body
	return nil
}

func (s *Side) readMedia(attempt *stage.Attempt, kind chat.MessageKind, part *mediaPart) *graphError {
	attempt.Kind = kind
	switch {
	case part == nil:
		return errParameter("The parameter %s is required.", kind)
	case (part.ID == "") == (part.Link == ""):
		return errParameter("Param %s must have exactly one of id and link.", kind)
	case utf8.RuneCountInString(part.Caption) > maxCaption:
		return errParameter("Param %s['caption'] must be at most %d characters long.", kind, maxCaption)
	case part.Caption != "" && (kind == chat.KindAudio || kind == chat.KindSticker):
		return errParameter("Unexpected key \"caption\" on param %q.", kind)
	}
	attempt.Text = part.Caption
	media, problem := s.resolve(kind, part)
	attempt.More.Media = []stage.Media{media}
	if problem == nil && media.ID != "" && classOf(media.ContentType).kind != kind {
		attempt.Fails = "131053" // taken, and found out when it is looked at
	}
	return problem
}

// resolve finds the file of a message. A link is not fetched: the handset shows
// it as an address.
func (s *Side) resolve(kind chat.MessageKind, part *mediaPart) (stage.Media, *graphError) {
	if part.Link != "" {
		link, err := url.Parse(part.Link)
		if err != nil || link.Host == "" || (link.Scheme != "http" && link.Scheme != "https") {
			return stage.Media{}, errParameter("Param %s['link'] must be a valid URL.", kind)
		}
		return stage.Media{Link: part.Link, Name: part.Filename, Voice: part.Voice}, nil
	}
	media, found := s.stage.Library().Get(part.ID)
	if !found {
		return stage.Media{}, errParameter("Param %s['id'] is not a valid whatsapp business account media attachment ID.", kind)
	}
	if part.Filename != "" {
		media.Name = part.Filename
	}
	media.Voice = part.Voice
	return media, nil
}

func readLocation(attempt *stage.Attempt, part *locationPart) *graphError {
	attempt.Kind = chat.KindLocation
	return readPlace(attempt, part)
}

// readPlace reads a place, that of a message or that over a template's text.
func readPlace(attempt *stage.Attempt, part *locationPart) *graphError {
	if part == nil || part.Latitude == nil || part.Longitude == nil {
		return errMissing("The parameters location['latitude'] and location['longitude'] are required.")
	}
	if *part.Latitude < -90 || *part.Latitude > 90 || *part.Longitude < -180 || *part.Longitude > 180 {
		return errValue("Param location must be a place on earth.")
	}
	attempt.More.Location = &stage.Location{
		Latitude: float64(*part.Latitude), Longitude: float64(*part.Longitude), Name: part.Name, Address: part.Address,
	}
	return nil
}

func readContacts(attempt *stage.Attempt, parts []contactPart) *graphError {
	attempt.Kind = chat.KindContacts
	if len(parts) == 0 {
		return errMissing("The parameter contacts is required.")
	}
	for i, part := range parts {
		if part.Name.Formatted == "" {
			return errMissing("The parameter contacts[%d]['name']['formatted_name'] is required.", i)
		}
		contact := stage.Contact{Name: part.Name.Formatted}
		if len(part.Phones) > 0 {
			contact.Phone = part.Phones[0].Phone
		}
		attempt.More.Contacts = append(attempt.More.Contacts, contact)
	}
	return nil
}

func readReaction(attempt *stage.Attempt, part *reactionPart) *graphError {
	attempt.Kind = chat.KindReaction
	if part == nil || part.MessageID == "" {
		return errMissing("The parameter reaction['message_id'] is required.")
	}
	attempt.Text = part.Emoji
	attempt.More.Reaction = &stage.Reaction{MessageID: part.MessageID, Emoji: part.Emoji}
	return nil
}
