package twilio

import (
	"errors"
	"fmt"
	"strings"

	"converse/channels"
	"converse/internal/chat"
)

// reply is what Twilio wants to hear: TwiML that does nothing. A <Message> in it would
// be sent to the lead.
var reply = channels.Reply{ContentType: "text/xml", Body: []byte("<Response/>")}

// Parse reads one message of a lead, or one status of a message of ours. Both come to
// the same address as forms; only a status has MessageStatus (Twilio, "Twilio's request
// to your incoming message webhook URL" and "Track outbound message status").
func (a Adapter) Parse(account channels.Account, webhook *channels.Webhook) ([]channels.Event, channels.Reply, error) {
	form, err := readForm(webhook.Body)
	if err != nil {
		return nil, channels.Reply{}, fmt.Errorf("read the webhook: %w", err)
	}
	if form.first("AccountSid", "MessageSid", "SmsSid", "MessageStatus", "SmsStatus") == "" {
		return nil, channels.Reply{}, errors.New("read the webhook: it is not a form of Twilio's")
	}
	switch status := form.first("MessageStatus", "SmsStatus"); {
	case form.first("MessageSid", "SmsSid") == "" && status == "":
		return ignored("It is about something else than a message."), reply, nil
	case status == "received", status == "receiving", status == "":
		return received(account, form, webhook.ReceivedAt), reply, nil
	default:
		return reported(account, form, webhook.Query, a.Secrets(account)), reply, nil
	}
}

// end is one side of a message: a channel and an address on it.
type end struct {
	channel chat.Channel
	address string
}

// readEnd reads "+12025550123" or "whatsapp:+12025550123". The channel of anything else,
// such as "messenger:…" or "rcs:…", is empty.
func readEnd(text string) end {
	if address, ok := strings.CutPrefix(text, whatsAppPrefix); ok {
		return end{chat.ChannelWhatsApp, address}
	}
	if strings.Contains(text, ":") {
		return end{address: text}
	}
	return end{chat.ChannelSMS, text}
}

// write is the end as Twilio spells it.
func (e end) write() string {
	if e.channel == chat.ChannelWhatsApp {
		return whatsAppPrefix + e.address
	}
	return e.address
}

// party is the person at an end, or false when no lead writes from there: a short code,
// a name, or nothing at all.
func (e end) party() (channels.Party, bool) {
	switch {
	case channels.IsPhone(e.address):
		return channels.Party{Phone: e.address}, true
	case e.channel == chat.ChannelWhatsApp && userPattern.MatchString(e.address):
		return channels.Party{WhatsApp: e.address}, true
	}
	return channels.Party{}, false
}

func ignored(why string) []channels.Event {
	return []channels.Event{channels.Ignored{Why: why}}
}

func malformed(why string) []channels.Event {
	return []channels.Event{channels.Malformed{Why: why}}
}
