package whatsappcloud

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"unicode/utf8"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// outgoing is the body of a send (Meta, "Messages API").
type outgoing struct {
	Product       string `json:"messaging_product"`
	RecipientType string `json:"recipient_type"`
	// To is a phone number with its plus sign; without the sign Meta may put the
	// business number's country code before it.
	To string `json:"to,omitempty"`
	// Recipient is a business-scoped user id, in place of To.
	Recipient string          `json:"recipient,omitempty"`
	Context   *replyContext   `json:"context,omitempty"`
	Type      string          `json:"type"`
	Text      *textObject     `json:"text,omitempty"`
	Template  *templateObject `json:"template,omitempty"`
	// Reference comes back in every status of the message.
	Reference string `json:"biz_opaque_callback_data,omitempty"`
}

type replyContext struct {
	MessageID string `json:"message_id"`
}

type textObject struct {
	PreviewURL bool   `json:"preview_url"`
	Body       string `json:"body"`
}

type templateObject struct {
	Name     string `json:"name"`
	Language struct {
		Code string `json:"code"`
	} `json:"language"`
	Components []component `json:"components,omitempty"`
}

type component struct {
	Type       string      `json:"type"`
	Parameters []parameter `json:"parameters"`
}

type parameter struct {
	Type string `json:"type"`
	Name string `json:"parameter_name,omitempty"`
	Text string `json:"text"`
}

// urlPattern finds a link that WhatsApp can show a preview of.
var urlPattern = regexp.MustCompile(`(?i)\bhttps?://[^\s]`)

// Send hands over one message. Meta takes no key against double sends.
func (a Adapter) Send(ctx context.Context, doer channels.Doer, account channels.Account, message channels.Outgoing) (channels.Receipt, error) {
	body, refused := compose(message)
	if refused != nil {
		return channels.Receipt{}, refused
	}
	request, err := newSend(ctx, account, message.From.Ref, body)
	if err != nil {
		return channels.Receipt{}, err
	}
	got, err := answer.Of(doer, request)
	if err != nil {
		return channels.Receipt{}, err
	}
	var said sendAnswer
	unreadable := !got.Empty() && (!got.Whole || jsonstrict.Unmarshal(got.Body, &said) != nil)
	if got.OK() && !unreadable && len(said.Messages) > 0 && said.Messages[0].ID != "" {
		return channels.Receipt{ProviderID: string(said.Messages[0].ID)}, nil
	}
	return channels.Receipt{}, refusal(got, said.Error, unreadable, a.Secrets(account))
}

func newSend(ctx context.Context, account channels.Account, numberID string, body outgoing) (*http.Request, error) {
	address, err := endpoint(account, numberID, "/messages")
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write the message as JSON: %w", err)
	}
	request, err := newRequest(ctx, account, http.MethodPost, address, data)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	return request, nil
}

// newRequest makes a request with the account's token.
func newRequest(ctx context.Context, account channels.Account, method, address string, body []byte) (*http.Request, error) {
	token := account.Secrets[SecretAccessToken]
	if token == "" {
		return nil, channels.Misconfigured("The connector has no access token.")
	}
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, channels.Misconfigured("The provider's address cannot be read.")
	}
	request.Header.Set("Authorization", "Bearer "+token)
	return request, nil
}

// compose writes a message in Meta's words, or says why it cannot be sent at all.
func compose(message channels.Outgoing) (outgoing, *channels.Error) {
	body := outgoing{Product: "whatsapp", RecipientType: "individual"}
	switch {
	case message.To.Kind == chat.IdentifierPhone && channels.IsPhone(message.To.Value):
		body.To = message.To.Value
	case message.To.Kind == chat.IdentifierWhatsApp && message.To.Value != "":
		body.Recipient = message.To.Value
	default:
		return body, &channels.Error{Reason: invalidRecipient, Text: "WhatsApp cannot be reached at this address."}
	}
	if message.ReplyTo != "" {
		body.Context = &replyContext{MessageID: message.ReplyTo}
	}
	if len(message.Reference) <= maxReference {
		body.Reference = string(message.Reference)
	}
	if message.Template != nil {
		body.Type = "template"
		body.Template = composeTemplate(*message.Template)
		return body, nil
	}
	if message.Text == "" {
		return body, &channels.Error{Reason: rejected, Text: "The message is empty."}
	}
	if utf8.RuneCountInString(message.Text) > maxText {
		return body, &channels.Error{Reason: tooLong, Text: fmt.Sprintf("The text is longer than %d characters.", maxText)}
	}
	body.Type = "text"
	body.Text = &textObject{PreviewURL: urlPattern.MatchString(message.Text), Body: message.Text}
	return body, nil
}

func composeTemplate(template channels.OutgoingTemplate) *templateObject {
	composed := &templateObject{Name: template.Name}
	composed.Language.Code = template.Language
	if len(template.Parameters) == 0 {
		return composed
	}
	body := component{Type: "body"}
	for _, value := range template.Parameters {
		filled := parameter{Type: "text", Text: value.Value}
		if template.Named {
			filled.Name = value.Name
		}
		body.Parameters = append(body.Parameters, filled)
	}
	composed.Components = []component{body}
	return composed
}
