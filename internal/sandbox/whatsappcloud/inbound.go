package whatsappcloud

import (
	"encoding/base64"
	"strings"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// object is a JSON object that keeps to whatever fields its type has.
type object = map[string]any

// Inbound writes a webhook with one message of a user. One who hides the number
// is known by the business-scoped user id alone.
func (s *Side) Inbound(account *stage.Account, m *stage.Message, _ string) []byte {
	message := object{"id": m.ID, "timestamp": unix(m.At.Unix())}
	name(message, "from", "from_user_id", m.Party)
	more := m.More
	if more == nil {
		more = &stage.More{}
	}
	if more.ReplyTo != "" {
		message["context"] = object{"from": strings.TrimPrefix(m.Sender.Address, "+"), "id": more.ReplyTo}
	}
	s.fill(message, m, more)
	return wrap(account, m.Sender, value{Contacts: []contact{contactOf(m.Party)}, Messages: []any{message}})
}

// contactOf is what is known of a user, beside what they did.
func contactOf(who stage.Party) contact {
	out := contact{Profile: profile{Name: who.Name}, WaID: waID(who), UserID: who.UserID}
	if out.WaID == "" {
		out.Profile.Username = strings.ToLower(strings.ReplaceAll(who.Name, " ", ""))
	}
	return out
}

// fill adds the type and the object that is named like it.
func (s *Side) fill(message object, m *stage.Message, more *stage.More) {
	kind := string(m.Kind)
	message["type"] = kind
	switch m.Kind {
	case chat.KindText:
		message[kind] = object{"body": m.Text}
	case chat.KindImage, chat.KindVideo, chat.KindAudio, chat.KindDocument, chat.KindSticker:
		message[kind] = s.mediaObject(m, more)
	case chat.KindLocation:
		message[kind] = more.Location
	case chat.KindContacts:
		message[kind] = contactObjects(more.Contacts)
	case chat.KindReaction:
		reaction := object{"message_id": more.Reaction.MessageID}
		if more.Reaction.Emoji != "" { // an absent emoji takes the reaction away
			reaction["emoji"] = more.Reaction.Emoji
		}
		message[kind] = reaction
	case chat.KindButton:
		message[kind] = object{"payload": more.Tapped.ID, "text": more.Tapped.Title}
	case KindInteractive:
		reply := object{"id": more.Tapped.ID, "title": more.Tapped.Title}
		if more.Tapped.Description != "" {
			reply["description"] = more.Tapped.Description
		}
		message[kind] = object{"type": more.Tapped.Style, more.Tapped.Style: reply}
	default:
		message["type"] = "unsupported"
		message["unsupported"] = object{"type": more.Unsupported}
		message["errors"] = []hookError{{
			Code: 131051, Title: "Message type unknown", Message: "Message type unknown",
			Data: errorData{Details: "Message type is currently not supported."},
		}}
	}
}

func (s *Side) mediaObject(m *stage.Message, more *stage.More) object {
	out := object{}
	if m.Text != "" {
		out["caption"] = m.Text
	}
	if len(more.Media) == 0 {
		return out
	}
	media := more.Media[0]
	out["id"], out["mime_type"], out["url"] = media.ID, media.ContentType, s.link(media)
	out["sha256"] = base64.StdEncoding.EncodeToString(media.SHA256)
	switch m.Kind { //nolint:exhaustive // the others have no field of their own
	case chat.KindDocument:
		out["filename"] = media.Name
	case chat.KindAudio:
		out["voice"] = media.Voice
	case chat.KindSticker:
		out["animated"] = false
	}
	return out
}

func contactObjects(contacts []stage.Contact) []object {
	list := []object{}
	for _, c := range contacts {
		first, last, _ := strings.Cut(c.Name, " ")
		name := object{"formatted_name": c.Name, "first_name": first}
		if last != "" {
			name["last_name"] = last
		}
		phone := object{"phone": c.Phone, "type": "MOBILE"}
		if number, ok := stage.E164(c.Phone); ok {
			phone["wa_id"] = strings.TrimPrefix(number, "+")
		}
		list = append(list, object{"name": name, "phones": []object{phone}})
	}
	return list
}
