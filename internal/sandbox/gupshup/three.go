package gupshup

import (
	"strconv"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// envelope is a callback of version 3: Meta's, with the app's id beside it.
func envelope(account *stage.Account, sender *stage.Sender, field string, value object) []byte {
	value["messaging_product"] = "whatsapp"
	entry := object{"changes": []object{{"field": field, "value": value}}}
	if sender != nil {
		value["metadata"] = object{"display_phone_number": digits(sender.Address), "phone_number_id": sender.Ref}
		entry["id"] = "293928007134319"
	}
	return encode(object{"object": "whatsapp_business_account", "gs_app_id": account.AccountID, "entry": []object{entry}})
}

// statusThree is a receipt in version 3. Enqueued is Gupshup's own: it names no number
// and counts in milliseconds.
func statusThree(account *stage.Account, report stage.Report) []byte {
	m := report.Message
	status := object{
		"gs_id": m.ID, "id": whatsAppID(m.ID), "meta_msg_id": whatsAppID(m.ID), "status": string(report.Status),
		"timestamp": strconv.FormatInt(report.At.Unix(), 10), "recipient_id": digits(m.Party.Phone),
	}
	if m.Party.UserID != "" {
		status["recipient_user_id"] = m.Party.UserID
	}
	sender := &m.Sender
	switch report.Status { //nolint:exhaustive // the others say no more
	case chat.StatusQueued:
		status["status"], status["timestamp"] = "enqueued", report.At.UnixMilli()
		delete(status, "meta_msg_id")
		sender = nil
	case chat.StatusFailed:
		code, words := failed(report.Code)
		if code == 470 {
			code = 131047 // the number that Meta uses now
		}
		status["errors"] = []object{{"code": code, "title": words, "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"}}
	}
	return envelope(account, sender, "messages", object{"statuses": []object{status}})
}

// messageThree is a lead's message in version 3.
func messageThree(account *stage.Account, m *stage.Message, base string) []byte {
	contact := object{"profile": object{"name": m.Party.Name}}
	message := object{"id": m.ID, "timestamp": strconv.FormatInt(m.At.Unix(), 10)}
	if from := digits(m.Party.Phone); from != "" {
		contact["wa_id"], message["from"] = from, from
	}
	if m.Party.UserID != "" {
		contact["user_id"], message["from_user_id"] = m.Party.UserID, m.Party.UserID
	}
	more := m.More
	if more == nil {
		more = &stage.More{}
	}
	if more.ReplyTo != "" {
		message["context"] = object{"from": digits(m.Sender.Address), "id": whatsAppID(more.ReplyTo), "gs_id": more.ReplyTo, "meta_msg_id": whatsAppID(more.ReplyTo)}
	}
	kind := string(m.Kind)
	message["type"] = kind
	switch m.Kind {
	case chat.KindImage, chat.KindVideo, chat.KindAudio, chat.KindDocument, chat.KindSticker:
		file := object{}
		if m.Text != "" {
			file["caption"] = m.Text
		}
		for _, media := range more.Media {
			file["id"], file["mime_type"], file["url"] = media.ID, media.ContentType, link(base, account, media)
			if m.Kind == chat.KindDocument {
				file["filename"] = media.Name
			}
		}
		message[kind] = file
	case chat.KindLocation:
		message[kind] = more.Location
	case chat.KindContacts:
		message[kind] = cards(more.Contacts)
	case chat.KindReaction:
		message[kind] = object{"message_id": whatsAppID(more.Reaction.MessageID), "emoji": more.Reaction.Emoji}
	case chat.KindButton:
		message[kind] = object{"payload": more.Tapped.ID, "text": more.Tapped.Title}
	default:
		message["type"], message["text"] = "text", object{"body": m.Text}
	}
	return envelope(account, &m.Sender, "messages", object{"contacts": []object{contact}, "messages": []object{message}})
}
