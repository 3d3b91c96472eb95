package twilio

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"unicode/utf8"

	"converse/channels"
	"converse/channels/answer"
	"converse/internal/chat"
)

// Send hands over one message (Messages API, "Create a Message"). Twilio takes no key
// against double sends, and cannot answer to a message of the lead's: ReplyTo is left out.
func (a Adapter) Send(ctx context.Context, doer channels.Doer, account channels.Account, message channels.Outgoing) (channels.Receipt, error) {
	form, refused := compose(account, message)
	if refused != nil {
		return channels.Receipt{}, refused
	}
	address, err := resource(account, "/Messages.json")
	if err != nil {
		return channels.Receipt{}, err
	}
	request, err := newRequest(ctx, account, http.MethodPost, address, form.Encode())
	if err != nil {
		return channels.Receipt{}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := answer.Of(doer, request)
	if err != nil {
		return channels.Receipt{}, err
	}
	secrets := a.Secrets(account)
	s, readable := readSaid(got)
	switch {
	case !got.OK() || s.SID == "":
		return channels.Receipt{}, refusal(got, s, readable, secrets)
	case ladder[string(s.Status)] == chat.StatusFailed:
		// No callback comes for the state in which a message begins.
		return channels.Receipt{}, failure(string(s.Status), string(s.ErrorCode), string(s.ErrorMessage), secrets)
	}
	return channels.Receipt{ProviderID: string(s.SID)}, nil
}

// compose writes a message as Twilio's form, or says why it cannot be sent at all.
func compose(account channels.Account, message channels.Outgoing) (url.Values, *channels.Error) {
	to, ok := recipient(message)
	if !ok {
		return nil, &channels.Error{Reason: invalidRecipient, Text: "Nobody can be reached at this address from this number."}
	}
	if !channels.IsPhone(message.From.Address) {
		return nil, channels.Misconfigured("The sender is not a number in E.164.")
	}
	form := url.Values{"To": {to.write()}}
	// Through a service with the sender named, Twilio takes that one of the service's
	// numbers, so that the lead's answer comes back to the same conversation.
	form.Set("From", end{message.From.Channel, message.From.Address}.write())
	if service := serviceOf(account, message.From); service != "" {
		form.Set("MessagingServiceSid", service)
	}
	if account.WebhookURL != "" {
		form.Set("StatusCallback", account.WebhookURL+"?"+url.Values{referenceParameter: {string(message.Reference)}}.Encode())
	}
	if message.Template != nil && !isText(message) {
		return form, fillTemplate(form, *message.Template)
	}
	return form, fillBody(form, message)
}

// recipient is where a message goes to: a number, or on WhatsApp a business-scoped user id.
func recipient(message channels.Outgoing) (end, bool) {
	to := end{message.From.Channel, message.To.Value}
	switch message.To.Kind { //nolint:exhaustive // nobody is reached by mail here
	case chat.IdentifierPhone:
		return to, channels.IsPhone(message.To.Value)
	case chat.IdentifierWhatsApp:
		return to, message.From.Channel == chat.ChannelWhatsApp && userPattern.MatchString(message.To.Value)
	}
	return to, false
}

// serviceOf is the Messaging Service that a number sends through. The account's is one
// of SMS numbers; a WhatsApp number has to name its own.
func serviceOf(account channels.Account, from channels.AccountSender) string {
	if from.Ref != "" || from.Channel != chat.ChannelSMS {
		return from.Ref
	}
	return account.Settings[SettingService]
}

func fillBody(form url.Values, message channels.Outgoing) *channels.Error {
	switch {
	case message.Text == "" && len(message.Media) == 0:
		return &channels.Error{Reason: rejected, Text: "The message is empty."}
	case utf8.RuneCountInString(message.Text) > maxText:
		return &channels.Error{Reason: tooLong, Text: fmt.Sprintf("The text is longer than %d characters.", maxText)}
	case message.Text != "":
		form.Set("Body", message.Text)
	}
	return attach(form, message)
}

// isText reports whether a template goes as the text that the lead will read: one of SMS
// that Twilio does not keep.
func isText(message channels.Outgoing) bool {
	return message.From.Channel == chat.ChannelSMS && !contentPattern.MatchString(message.Template.Ref)
}

// fillTemplate names a Content template and its values. Body, header and buttons share
// one row of variables: those of the body come first, see SubmitTemplate and ListTemplates.
func fillTemplate(form url.Values, template channels.OutgoingTemplate) *channels.Error {
	if !contentPattern.MatchString(template.Ref) {
		return &channels.Error{Reason: rejected, Text: "Twilio does not know this template: it has no Content SID."}
	}
	values := map[string]string{}
	for i, parameter := range template.Parameters {
		name := parameter.Name
		if name == "" {
			name = strconv.Itoa(i + 1)
		}
		values[name] = parameter.Value
	}
	next := len(template.Parameters)
	add := func(value string) { next++; values[strconv.Itoa(next)] = value }
	if header := template.Header; header != nil {
		switch {
		case header.Place != nil:
			return &channels.Error{Reason: unsupported, Text: "Twilio has no templates with a location in their header."}
		case header.File == nil:
			add(header.Text)
		case header.File.URL == "":
			return noLink()
		default:
			add(header.File.URL)
		}
	}
	for _, button := range template.Buttons {
		add(button.Value)
	}
	form.Set("ContentSid", template.Ref)
	if len(values) > 0 {
		encoded, err := json.Marshal(values)
		if err != nil {
			return &channels.Error{Reason: rejected, Text: "The template's values cannot be written."}
		}
		form.Set("ContentVariables", string(encoded))
	}
	return nil
}
