package twilio

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what the provider signs with
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// WebhookAddress is the message's status callback for one of the business; for a lead's
// it is the address of the number.
func (s *Side) WebhookAddress(account *stage.Account, message *stage.Message) string {
	if message.Direction == chat.DirectionOutbound && message.More != nil && message.More.Note != "" {
		return message.More.Note
	}
	return account.WebhookURL
}

// Header signs a webhook to the account's address.
func (s *Side) Header(account *stage.Account, body []byte, at time.Time) http.Header {
	return s.HeaderAt(account, account.WebhookURL, body, at)
}

// HeaderAt signs a webhook: base64(HMAC-SHA1(auth token, address + every field's name
// and value, in order of the names)).
func (s *Side) HeaderAt(account *stage.Account, address string, body []byte, _ time.Time) http.Header {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		panic(err) // written here
	}
	mac := hmac.New(sha1.New, []byte(account.SigningSecret))
	mac.Write([]byte(address))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		mac.Write([]byte(name + form.Get(name)))
	}
	return http.Header{
		"Content-Type":               {"application/x-www-form-urlencoded; charset=UTF-8"},
		"User-Agent":                 {"TwilioProxy/1.1"},
		"I-Twilio-Idempotency-Token": {token(address, body)},
		"X-Twilio-Signature":         {base64.StdEncoding.EncodeToString(mac.Sum(nil))},
	}
}

// token is the same for every attempt to post a webhook.
func token(address string, body []byte) string { return stamp(address + "\n" + string(body)) }

// states are the words of a status callback.
var states = map[chat.Status]string{
	chat.StatusSent: "sent", chat.StatusDelivered: "delivered", chat.StatusRead: "read", chat.StatusFailed: "undelivered",
}

// Receipt writes a status callback.
func (s *Side) Receipt(account *stage.Account, report stage.Report) []byte {
	m := report.Message
	state := states[report.Status]
	form := url.Values{
		"AccountSid": {account.AccountID}, "ApiVersion": {"2010-04-01"}, "MessageSid": {m.ID}, "SmsSid": {m.ID},
		"MessageStatus": {state}, "SmsStatus": {state},
		"From": {spell(m.Sender, m.Sender.Address)}, "To": {spell(m.Sender, m.Party.Address())},
	}
	if report.Status == chat.StatusFailed {
		form.Set("ErrorCode", report.Code)
	}
	switch onWhatsApp := m.Sender.Channel == chat.ChannelWhatsApp; {
	case onWhatsApp:
		form.Set("ChannelPrefix", "whatsapp")
		form.Set("ChannelInstallSid", "XE"+strings.Repeat("0", 32))
		form.Set("ChannelToAddress", masked(m.Party.Address()))
		form.Set("StructuredMessage", "false")
		if event := map[chat.Status]string{
			chat.StatusDelivered: "DELIVERED", chat.StatusRead: "READ", chat.StatusFailed: "UNDELIVERED",
		}[report.Status]; event != "" {
			form.Set("EventType", event)
		}
	case report.Status == chat.StatusDelivered:
		form.Set("RawDlrDoneDate", report.At.UTC().Format("0601021504"))
	}
	return []byte(form.Encode())
}

// masked hides the end of an address.
func masked(address string) string {
	return address[:max(0, len(address)-4)] + "XXXX"
}

// Inbound writes the webhook of a lead's message.
func (s *Side) Inbound(account *stage.Account, m *stage.Message, base string) []byte {
	form := url.Values{
		"AccountSid": {account.AccountID}, "ApiVersion": {"2010-04-01"},
		"MessageSid": {m.ID}, "SmsSid": {m.ID}, "SmsMessageSid": {m.ID}, "SmsStatus": {"received"}, "NumSegments": {"1"},
		"From": {spell(m.Sender, m.Party.Address())}, "To": {spell(m.Sender, m.Sender.Address)},
		"Body": {m.Text}, "NumMedia": {"0"},
	}
	more := m.More
	if more == nil {
		more = &stage.More{}
	}
	form.Set("NumMedia", strconv.Itoa(len(more.Media)))
	for i, file := range more.Media {
		form.Set("MediaContentType"+strconv.Itoa(i), file.ContentType)
		form.Set("MediaUrl"+strconv.Itoa(i), base+"/2010-04-01/Accounts/"+account.AccountID+"/Messages/"+m.ID+"/Media/"+mediaSID(file))
	}
	if m.Sender.Channel == chat.ChannelWhatsApp {
		onWhatsApp(form, m, more)
	} else {
		for _, side := range []string{"From", "To"} {
			for _, part := range []string{"City", "State", "Zip"} {
				form.Set(side+part, "")
			}
			form.Set(side+"Country", "US")
		}
	}
	return []byte(form.Encode())
}

// onWhatsApp adds what only WhatsApp has.
func onWhatsApp(form url.Values, m *stage.Message, more *stage.More) {
	form.Set("ProfileName", m.Party.Name)
	form.Set("MessageType", string(m.Kind))
	form.Set("ReferralNumMedia", "0")
	form.Set("Forwarded", "false")
	if m.Party.Phone != "" {
		form.Set("WaId", strings.TrimPrefix(m.Party.Phone, "+"))
	}
	if m.Party.UserID != "" {
		form.Set("ExternalUserId", whatsApp+m.Party.UserID)
	}
	if more.ReplyTo != "" {
		form.Set("OriginalRepliedMessageSid", more.ReplyTo)
		form.Set("OriginalRepliedMessageSender", whatsApp+m.Sender.Address)
	}
	if place := more.Location; place != nil {
		form.Set("MessageType", "location")
		form.Set("Latitude", strconv.FormatFloat(place.Latitude, 'f', -1, 64))
		form.Set("Longitude", strconv.FormatFloat(place.Longitude, 'f', -1, 64))
		for name, value := range map[string]string{"Label": place.Name, "Address": place.Address} {
			if value != "" {
				form.Set(name, value)
			}
		}
	}
	if button := more.Tapped; button != nil {
		form.Set("MessageType", "interactive")
		if button.Style == stage.QuickReply {
			form.Set("MessageType", "button")
		}
		form.Set("Body", button.Title)
		form.Set("ButtonText", button.Title)
		form.Set("ButtonPayload", button.ID)
	}
}
