package gupshup

import (
	"strconv"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// object is a JSON object that keeps to whatever fields its type has.
type object = map[string]any

// event is a callback of version 2. The envelope's time is in milliseconds.
func event(account *stage.Account, kind string, at time.Time, payload object) []byte {
	return encode(object{"app": account.Name, "timestamp": at.UnixMilli(), "version": 2, "type": kind, "payload": payload})
}

// reasons are the words of the failures played here; texts vary in real life.
var reasons = map[string]string{
	"470":    "Message failed to send because more than 24 hours have passed since the customer last replied to this number",
	"1002":   "Number Does Not Exist On WhatsApp",
	"1003":   "Unable To Send Message | Check your wallet balance",
	"1010":   "Invalid Media Url",
	"1011":   "Invalid Media Size",
	"1012":   "Message Sending failed as the phone number is opted out.",
	"131026": "Message undeliverable, (#131026) Message Undeliverable.",
	"132000": "(#132000) Number of parameters does not match the expected number of params",
	"132001": "(#132001) Template name does not exist in the translation",
}

// Receipt writes a callback on a message of the business. "Queued" stands for enqueued,
// which names the message by Gupshup's id and tells WhatsApp's; so does a failure that
// WhatsApp never heard of, without telling one.
func (s *Side) Receipt(account *stage.Account, report stage.Report) []byte {
	made, _ := s.active(account)
	if made.Version == 3 {
		return statusThree(account, report)
	}
	m := report.Message
	payload := object{
		"id": whatsAppID(m.ID), "gsId": m.ID, "type": string(report.Status), "destination": digits(m.Party.Phone),
		"payload": object{"ts": report.At.Unix()},
	}
	if m.Party.UserID != "" {
		payload["userId"] = m.Party.UserID
	}
	switch report.Status { //nolint:exhaustive // the others carry a time alone
	case chat.StatusQueued:
		kind := "session"
		if m.Kind == chat.KindTemplate {
			kind = "template"
		}
		payload["id"], payload["type"] = m.ID, "enqueued"
		payload["payload"] = object{"whatsappMessageId": whatsAppID(m.ID), "type": kind}
		delete(payload, "gsId")
	case chat.StatusSent:
		payload["conversation"] = object{"id": strings.ReplaceAll(uuid(m.Sender.Address+m.Party.Address()), "-", ""), "expiresAt": m.At.Add(stage.Window).Unix(), "type": "service"}
		payload["pricing"] = object{"policy": "PMP", "category": "service"}
	case chat.StatusFailed:
		code, words := failed(report.Code)
		payload["payload"] = object{"code": code, "reason": words}
		if code < 1100 && code > 1000 {
			payload["id"] = m.ID
			delete(payload, "gsId")
		}
	}
	return event(account, "message-event", report.At, payload)
}

// failed is a failure's code and words.
func failed(code string) (int, string) {
	number, err := strconv.Atoi(code)
	if err != nil {
		number = 4002
	}
	words := reasons[code]
	if words == "" {
		words = "Invalid Response From WhatsApp"
	}
	return number, words
}

// Inbound writes a callback with a lead's message.
func (s *Side) Inbound(account *stage.Account, m *stage.Message, base string) []byte {
	made, _ := s.active(account)
	if made.Version == 3 {
		return messageThree(account, m, base)
	}
	from := digits(m.Party.Phone)
	sender := object{"phone": from, "name": m.Party.Name, "country_code": from[:min(2, len(from))], "dial_code": from[min(2, len(from)):]}
	if m.Party.UserID != "" {
		sender["userId"] = m.Party.UserID
	}
	kind, said := saidTwo(account, m, base)
	payload := object{"id": m.ID, "source": from, "type": kind, "payload": said, "sender": sender}
	if more := m.More; more != nil && more.ReplyTo != "" {
		payload["context"] = object{"id": whatsAppID(more.ReplyTo), "gsId": more.ReplyTo}
	}
	return event(account, "message", m.At, payload)
}

// saidTwo is what a message says, in version 2.
func saidTwo(account *stage.Account, m *stage.Message, base string) (kind string, said object) {
	more := m.More
	if more == nil {
		more = &stage.More{}
	}
	switch m.Kind {
	case chat.KindImage, chat.KindVideo, chat.KindAudio, chat.KindDocument, chat.KindSticker:
		kind, said = string(m.Kind), object{}
		if m.Kind == chat.KindDocument {
			kind = "file"
		}
		if m.Text != "" {
			said["caption"] = m.Text
		}
		for _, media := range more.Media {
			said["url"], said["contentType"], said["urlExpiry"] = link(base, account, media), media.ContentType, m.At.Add(7*24*time.Hour).UnixMilli()
			if kind == "file" {
				said["name"] = media.Name
			}
		}
		return kind, said
	case chat.KindLocation:
		place := more.Location
		return "location", object{
			"longitude": strconv.FormatFloat(place.Longitude, 'f', -1, 64), "latitude": strconv.FormatFloat(place.Latitude, 'f', -1, 64),
			"name": place.Name, "address": place.Address,
		}
	case chat.KindContacts:
		return "contact", object{"contacts": cards(more.Contacts)}
	case chat.KindReaction:
		return "reaction", object{"emoji": more.Reaction.Emoji, "id": whatsAppID(more.Reaction.MessageID), "gsId": more.Reaction.MessageID}
	case chat.KindButton:
		return "quick_reply", object{"text": more.Tapped.Title, "type": "button", "postbackText": more.Tapped.ID}
	default:
		return "text", object{"text": m.Text}
	}
}

func cards(contacts []stage.Contact) []object {
	list := []object{}
	for _, c := range contacts {
		first, last, _ := strings.Cut(c.Name, " ")
		list = append(list, object{
			"name":   object{"formatted_name": c.Name, "first_name": first, "last_name": last},
			"phones": []object{{"phone": c.Phone, "type": "CELL"}},
		})
	}
	return list
}

func digits(number string) string { return strings.TrimPrefix(number, "+") }
