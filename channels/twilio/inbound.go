package twilio

import (
	"regexp"
	"strings"
	"time"

	"converse/channels"
	"converse/internal/chat"
)

// userPattern is what a business-scoped user id looks like: a country, a point, an id.
var userPattern = regexp.MustCompile(`^[A-Z]{2}\.[A-Za-z0-9.]{1,136}$`)

// received reads a message of a lead. Twilio says nothing of its time, and posts it at
// once or within seconds again: it counts from when it came in, and so does the window
// that it opens.
func received(account channels.Account, form fields, at time.Time) []channels.Event {
	to := readEnd(form.get("To"))
	sender, ok := senderOf(account, to.channel, to.address)
	if !ok {
		return ignored("It is for a number that is not one of the connector's.")
	}
	from, ok := writer(form)
	switch id := form.first("MessageSid", "SmsMessageSid", "SmsSid"); {
	case form.get("From") == "":
		return malformed("it does not say who wrote it")
	case !ok:
		return ignored("It comes from a short code or a name, which no lead writes from.")
	case id == "":
		return malformed("the message has no id")
	default:
		message := channels.Received{
			ProviderID: id, Sender: sender.ID, From: from, ReplyTo: form.get("OriginalRepliedMessageSid"),
			At: at.UTC(),
		}
		bad := fill(&message, form)
		return append(append([]channels.Event{message}, consents(sender, from, form)...), bad...)
	}
}

// writer is who wrote: by number, by a business-scoped user id, or by both. A user who
// hides the number has only the id.
func writer(form fields) (channels.Party, bool) {
	from := readEnd(form.get("From"))
	party, ok := from.party()
	if from.channel != chat.ChannelWhatsApp {
		return party, ok
	}
	if user := readEnd(form.get("ExternalUserId")); party.WhatsApp == "" && userPattern.MatchString(user.address) {
		party.WhatsApp, ok = user.address, true
	}
	if number := "+" + form.get("WaId"); party.Phone == "" && channels.IsPhone(number) {
		party.Phone, ok = number, true
	}
	party.Name = form.get("ProfileName")
	return party, ok
}

// consents is what Twilio made of a word like STOP. It says so only for numbers of a
// Messaging Service with Advanced Opt-Out (Twilio, "How to track opt-out messages using
// the OptOutType parameter"); the plain words are known without it.
func consents(sender channels.AccountSender, from channels.Party, form fields) []channels.Event {
	kind := strings.ToUpper(form.get("OptOutType"))
	if kind != "STOP" && kind != "START" {
		return nil
	}
	return []channels.Event{channels.Consent{Sender: sender.ID, Channel: sender.Channel, From: from, OptedOut: kind == "STOP"}}
}
