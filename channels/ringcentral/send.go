package ringcentral

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"unicode/utf16"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/channels/parts"
	"converse/internal/chat"
)

// outgoing is the body of a send (guide, "Sending SMS"). RingCentral's own templates are
// filled before; it takes the finished text.
type outgoing struct {
	From address   `json:"from"`
	To   []address `json:"to"`
	Text string    `json:"text,omitempty"`
}

type address struct {
	Phone string `json:"phoneNumber"`
}

// Send hands over one text, with its files as an MMS. RingCentral takes no key against
// double sends.
func (a Adapter) Send(ctx context.Context, doer channels.Doer, account channels.Account, message channels.Outgoing) (channels.Receipt, error) {
	if refused := a.check(account, message); refused != nil {
		return channels.Receipt{}, refused
	}
	request, err := newSend(ctx, account, message)
	if err != nil {
		return channels.Receipt{}, err
	}
	got, err := answer.Of(doer, request)
	if err != nil {
		return channels.Receipt{}, err
	}
	var said struct {
		ID jsonstrict.Text `json:"id"`
	}
	if got.OK() && got.Whole && jsonstrict.Unmarshal(got.Body, &said) == nil && said.ID != "" {
		// It may have failed already: the message store will say so, by the same id.
		return channels.Receipt{ProviderID: string(said.ID)}, nil
	}
	return channels.Receipt{}, refusal(got, a.known(account))
}

// check says why a message cannot be sent at all.
func (a Adapter) check(account channels.Account, message channels.Outgoing) *channels.Error {
	refuse := func(reason channels.Reason, format string, values ...any) *channels.Error {
		return &channels.Error{Reason: reason, Text: fmt.Sprintf(format, values...)}
	}
	size := int64(0)
	for _, file := range message.Media {
		size += file.Size
		if !a.takes(account, file.ContentType) {
			return refuse(channels.ReasonUnsupported, "RingCentral is not given files of this type.")
		}
	}
	switch {
	case message.To.Kind != chat.IdentifierPhone || !channels.IsPhone(message.To.Value):
		return refuse(channels.ReasonInvalidRecipient, "A text needs a phone number.")
	case !channels.IsPhone(message.From.Address):
		return channels.Misconfigured("The number to text from is not one in E.164.")
	case message.Text == "" && len(message.Media) == 0:
		return refuse(channels.ReasonRejected, "The message is empty.")
	case len(utf16.Encode([]rune(message.Text))) > maxText:
		return refuse(channels.ReasonTooLong, "The text is longer than %d characters; an emoji counts as two.", maxText)
	case len(message.Media) > maxFiles:
		return refuse(channels.ReasonUnsupported, "The message has more than %d files.", maxFiles)
	case size > maxBytes:
		return refuse(channels.ReasonTooLong, "The files are larger than 1.5 MB together.")
	}
	return nil
}

func (a Adapter) takes(account channels.Account, contentType string) bool {
	return slices.ContainsFunc(a.Capabilities(account).Media, func(rule channels.MediaRule) bool {
		return slices.Contains(rule.Types, contentType)
	})
}

func newSend(ctx context.Context, account channels.Account, message channels.Outgoing) (*http.Request, error) {
	body, err := json.Marshal(outgoing{
		From: address{message.From.Address}, To: []address{{message.To.Value}}, Text: message.Text,
	})
	if err != nil {
		return nil, fmt.Errorf("write the message as JSON: %w", err)
	}
	const path = extension + "/sms"
	if len(message.Media) == 0 {
		return newRequest(ctx, account, http.MethodPost, path, body)
	}
	all := []parts.Part{{Name: "json", ContentType: "application/json", Text: string(body)}}
	for i := range message.Media {
		all = append(all, parts.Part{Name: "attachment", File: &message.Media[i]})
	}
	request, err := parts.NewRequest(ctx, account.API(publicBaseURL)+path, "form-data", all)
	if err != nil {
		return nil, err
	}
	return request, authorize(request, account)
}
