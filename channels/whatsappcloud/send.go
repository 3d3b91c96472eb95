package whatsappcloud

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
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
	Image     *fileObject     `json:"image,omitempty"`
	Video     *fileObject     `json:"video,omitempty"`
	Audio     *fileObject     `json:"audio,omitempty"`
	Document  *fileObject     `json:"document,omitempty"`
	Sticker   *fileObject     `json:"sticker,omitempty"`
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

// fileObject is a file that was uploaded before.
type fileObject struct {
	ID       string `json:"id"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
}

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
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, channels.Misconfigured("The provider's address cannot be read.")
	}
	return request, authorize(request, account)
}

// authorize puts the account's token into a request.
func authorize(request *http.Request, account channels.Account) error {
	token := account.Secrets[SecretAccessToken]
	if token == "" {
		return channels.Misconfigured("The connector has no access token.")
	}
	request.Header.Set("Authorization", "Bearer "+token)
	return nil
}
