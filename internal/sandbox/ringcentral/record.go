package ringcentral

import (
	"encoding/json"
	"hash/fnv"
	"io"
	"strconv"
	"strings"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// record writes a text as the message store has it, ids as numbers.
func (s *Side) record(account *stage.Account, a stage.Activity) object {
	m := a.Message
	own, other := party(m.Sender.Address), party(m.Party.Phone)
	own["name"] = "Sandbox User"
	out := object{
		"uri": s.path(account, m.ID), "id": number(m.ID), "type": "SMS", "priority": "Normal", "availability": "Alive",
		"creationTime": stamp(m.At), "lastModifiedTime": stamp(a.ChangedAt), "subject": m.Text,
		"attachments": s.attachments(account, m, func(id string) any { return number(id) }),
	}
	thread := conversation(m)
	out["conversationId"], out["conversation"] = json.Number(thread), object{"id": thread, "uri": s.stage.Base() + "/restapi/v1.0/conversation/" + thread}
	if m.Direction == chat.DirectionInbound {
		own["target"] = true
		out["direction"], out["readStatus"], out["messageStatus"] = "Inbound", "Unread", "Received"
		out["from"], out["to"] = other, []object{own}
		return out
	}
	out["direction"], out["readStatus"], out["smsSendingAttemptsCount"] = "Outbound", "Read", 1
	out["from"], out["to"], out["messageStatus"] = own, []object{other}, state(a.Status, a.Code)
	if a.Status == chat.StatusFailed {
		out["deliveryErrorCode"] = a.Code
	}
	if a.Status == chat.StatusDelivered {
		out["smsDeliveryTime"] = stamp(a.ChangedAt)
	}
	return out
}

// state is how far an outbound text is, in RingCentral's words. What it finds out itself
// fails before it is sent.
func state(status chat.Status, code string) string {
	switch status { //nolint:exhaustive // texts are not read
	case chat.StatusSent:
		return "Sent"
	case chat.StatusDelivered:
		return "Delivered"
	case chat.StatusFailed:
		if strings.HasPrefix(code, "SMS-RC-") {
			return "SendingFailed"
		}
		return "DeliveryFailed"
	}
	return "Queued"
}

func party(phone string) object { return object{"phoneNumber": phone, "location": "Washington, DC"} }

// path is the address of a record, or, with more of it, of something below.
func (s *Side) path(account *stage.Account, id string, more ...string) string {
	return s.stage.Base() + "/restapi/v1.0/account/" + account.AccountID + "/extension/" + account.AccountID +
		"/message-store/" + strings.Join(append([]string{id}, more...), "/")
}

// attachments lists a text's files, the text itself first.
func (s *Side) attachments(account *stage.Account, m *stage.Message, id func(string) any) []object {
	list := []object{}
	if m.Text != "" {
		list = append(list, object{"id": id(m.ID), "uri": s.path(account, m.ID, "content", m.ID), "type": "Text", "contentType": "text/plain"})
	}
	if m.More == nil {
		return list
	}
	for _, file := range m.More.Media {
		one := object{
			"id": id(file.ID), "uri": s.path(account, m.ID, "content", file.ID), "type": "MmsAttachment",
			"contentType": file.ContentType, "size": file.Size,
		}
		if file.Name != "" {
			one["fileName"] = file.Name
		}
		list = append(list, one)
	}
	return list
}

// conversation is the id of a thread: larger than any float holds exactly.
func conversation(m *stage.Message) string {
	h := fnv.New64a()
	_, _ = io.WriteString(h, m.Sender.Address+" "+m.Party.Phone) // a hash never fails
	return strconv.FormatUint(1e18+h.Sum64()%8e18|1, 10)
}
