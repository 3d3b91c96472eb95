package twilio

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// accountAnswer is what Twilio says of the account itself.
type accountAnswer struct {
	Name   jsonstrict.Text `json:"friendly_name"`
	Status jsonstrict.Text `json:"status"`
	Type   jsonstrict.Text `json:"type"`
}

type numbersAnswer struct {
	Numbers jsonstrict.List[numberAnswer] `json:"incoming_phone_numbers"`
}

type numberAnswer struct {
	Number       jsonstrict.Text `json:"phone_number"`
	Label        jsonstrict.Text `json:"friendly_name"`
	Webhook      jsonstrict.Text `json:"sms_url"`
	Capabilities struct {
		SMS bool `json:"sms"`
		MMS bool `json:"mms"`
	} `json:"capabilities"`
}

type sendersAnswer struct {
	Senders jsonstrict.List[senderAnswer] `json:"senders"`
}

type senderAnswer struct {
	ID      jsonstrict.Text `json:"sender_id"`
	Status  jsonstrict.Text `json:"status"`
	Webhook struct {
		Address jsonstrict.Text `json:"callback_url"`
	} `json:"webhook"`
	Profile struct {
		Name jsonstrict.Text `json:"name"`
	} `json:"profile"`
}

// mostNumbers is how many numbers of each channel are listed.
const mostNumbers = "1000"

// Check asks for the account with its auth token, which is also what webhooks are
// verified with; then, with the credentials of sends, for its SMS numbers and its
// WhatsApp senders, and whether their messages come to our address.
func (a Adapter) Check(ctx context.Context, doer channels.Doer, account channels.Account) (channels.Checked, error) {
	var found channels.Checked
	direct := account
	direct.Settings = map[string]string{SettingAccount: account.Settings[SettingAccount]}
	address, err := resource(account, ".json")
	if err != nil {
		return found, err
	}
	var itself accountAnswer
	if err := a.ask(ctx, doer, direct, address, &itself); err != nil {
		return found, err
	}
	found.Name = string(itself.Name)
	found.Warnings = itself.warnings(account)

	address, err = resource(account, "/IncomingPhoneNumbers.json?PageSize="+mostNumbers)
	if err != nil {
		return found, err
	}
	var numbers numbersAnswer
	if err := a.ask(ctx, doer, account, address, &numbers); err != nil {
		return found, err
	}
	for number, err := range numbers.Numbers.All() {
		if err == nil && channels.IsPhone(string(number.Number)) {
			found.Senders = append(found.Senders, number.found(account))
		}
	}

	var senders sendersAnswer
	address = account.API(publicMessaging) + "/v2/Channels/Senders?" + url.Values{"Channel": {"whatsapp"}, "PageSize": {mostNumbers}}.Encode()
	if err := a.ask(ctx, doer, account, address, &senders); err != nil {
		found.Warnings = append(found.Warnings, "Twilio did not list the account's WhatsApp numbers, so they could not be checked.")
	}
	for sender, err := range senders.Senders.All() {
		if number := readEnd(string(sender.ID)); err == nil && number.channel == chat.ChannelWhatsApp && channels.IsPhone(number.address) {
			found.Senders = append(found.Senders, sender.found(account, number.address))
		}
	}
	found.Warnings = append(found.Warnings, missing(account, found.Senders)...)
	return found, nil
}

// ask makes a call that only reads, and reads its answer.
func (a Adapter) ask(ctx context.Context, doer channels.Doer, account channels.Account, address string, into any) error {
	request, err := newRequest(ctx, account, http.MethodGet, address, "")
	if err != nil {
		return err
	}
	got, err := answer.Of(doer, request)
	if err != nil {
		return err
	}
	if !got.OK() || !got.Whole || jsonstrict.Unmarshal(got.Body, into) != nil {
		return asked(got, a.Secrets(account))
	}
	return nil
}

func (i accountAnswer) warnings(account channels.Account) []string {
	var warnings []string
	switch i.Status {
	case "suspended":
		warnings = append(warnings, "The Twilio account is suspended: nothing is sent until Twilio lifts that.")
	case "closed":
		warnings = append(warnings, "The Twilio account is closed.")
	}
	if i.Type == "Trial" {
		warnings = append(warnings, "This is a trial account: it sends only to numbers that were verified in the Twilio console.")
	}
	if hook, err := url.Parse(account.WebhookURL); err == nil && strings.Contains(hook.Hostname(), "_") {
		warnings = append(warnings, "Twilio calls no address whose host has an underscore: give this installation another public address.")
	}
	return warnings
}

func (n numberAnswer) found(account channels.Account) channels.FoundSender {
	found := channels.FoundSender{Channel: chat.ChannelSMS, Address: string(n.Number), Label: string(n.Label)}
	sender, ours := senderOf(account, chat.ChannelSMS, found.Address)
	through := account.Settings[SettingService] != "" || sender.Ref != ""
	switch {
	case !n.Capabilities.SMS:
		found.Note = "This number cannot send or receive messages."
	case ours && !through && string(n.Webhook) != account.WebhookURL:
		found.Note = "Its incoming messages do not come here: set the webhook address at the number, under Messaging."
	case !n.Capabilities.MMS:
		found.Note = "This number cannot send files."
	}
	return found
}

func (s senderAnswer) found(account channels.Account, address string) channels.FoundSender {
	found := channels.FoundSender{Channel: chat.ChannelWhatsApp, Address: address, Label: string(s.Profile.Name)}
	_, ours := senderOf(account, chat.ChannelWhatsApp, address)
	switch {
	case !strings.HasPrefix(string(s.Status), "ONLINE"):
		found.Note = "This number is not online on WhatsApp: see WhatsApp senders in the Twilio console."
	case ours && string(s.Webhook.Address) != account.WebhookURL:
		found.Note = "Its incoming messages do not come here: set the webhook address at the WhatsApp sender."
	}
	return found
}

// missing warns of numbers of the connector that the account does not have.
func missing(account channels.Account, found []channels.FoundSender) []string {
	var warnings []string
	there := map[end]bool{}
	listed := map[chat.Channel]bool{}
	for _, sender := range found {
		there[end{sender.Channel, sender.Address}] = true
		listed[sender.Channel] = true
	}
	for _, sender := range account.Senders {
		if !there[end{sender.Channel, sender.Address}] && (listed[sender.Channel] || sender.Channel == chat.ChannelSMS) {
			warnings = append(warnings, "The number "+sender.Address+" ("+string(sender.Channel)+") is not one of the Twilio account's.")
		}
	}
	return warnings
}
