package gupshup

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

// sendAnswer is what Gupshup answers: the message's id, or why there is none. It is
// JSON although its content type may say otherwise.
type sendAnswer struct {
	Status    string                              `json:"status"`
	MessageID jsonstrict.Text                     `json:"messageId"`
	Message   jsonstrict.Element[jsonstrict.Text] `json:"message"`
}

// Send makes one call, of one of two kinds: a session message or a template
// (docs.gupshup.io, "Session message API", "Template message API").
func (a Adapter) Send(ctx context.Context, doer channels.Doer, account channels.Account, message channels.Outgoing) (channels.Receipt, error) {
	form, path, refused := compose(account, message)
	if refused != nil {
		return channels.Receipt{}, refused
	}
	request, err := newSend(ctx, account, path, form)
	if err != nil {
		return channels.Receipt{}, err
	}
	got, err := answer.Of(doer, request)
	if err != nil {
		return channels.Receipt{}, err
	}
	var said sendAnswer
	readable := got.Whole && !got.Empty() && jsonstrict.Unmarshal(got.Body, &said) == nil
	if got.OK() && readable && said.MessageID != "" && said.Status != "error" {
		return channels.Receipt{ProviderID: string(said.MessageID)}, nil
	}
	return channels.Receipt{}, refusal(got, said.Status, string(said.Message.Value), readable, a.Secrets(account))
}

// newSend makes a request of the self-serve API.
func newSend(ctx context.Context, account channels.Account, path string, form url.Values) (*http.Request, error) {
	key := account.Secrets[SecretAPIKey]
	if key == "" {
		return nil, channels.Misconfigured("The connector has no API key.")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, account.API(publicAPI)+"/wa/api/v1/"+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, channels.Misconfigured("The provider's address cannot be read.")
	}
	request.Header.Set("Apikey", key)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return request, nil
}

// compose writes a message in Gupshup's form and says which call takes it, or why it
// cannot be sent at all.
func compose(account channels.Account, message channels.Outgoing) (form url.Values, path string, refused *channels.Error) {
	app := account.Settings[SettingAppName]
	switch {
	case !namePattern.MatchString(app):
		return nil, "", channels.Misconfigured("The app's name is missing, or has strange characters.")
	case !channels.IsPhone(message.From.Address):
		return nil, "", channels.Misconfigured("The connector's number is not one.")
	case message.To.Kind != chat.IdentifierPhone || !channels.IsPhone(message.To.Value):
		return nil, "", &channels.Error{Reason: invalidRecipient, Text: "Gupshup sends to phone numbers only."}
	}
	form = url.Values{
		"channel": {"whatsapp"}, "source": {digits(message.From.Address)}, "destination": {digits(message.To.Value)}, "src.name": {app},
	}
	if message.Template != nil {
		return form, "template/msg", fillTemplate(form, *message.Template)
	}
	said, refused := sessionMessage(message)
	if refused != nil {
		return nil, "", refused
	}
	form.Set("message", encode(said))
	return form, "msg", nil
}

func digits(number string) string { return strings.TrimPrefix(number, "+") }
