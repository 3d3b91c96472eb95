package ctm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// Send hands over one text. A template goes as the text that the lead will read.
// There is no key against double sends, and no field that would come back.
func (a Adapter) Send(ctx context.Context, doer channels.Doer, account channels.Account, message channels.Outgoing) (channels.Receipt, error) {
	if refused := unsendable(message); refused != nil {
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
	said := readSaid(got)
	if got.OK() && said.taken() {
		return channels.Receipt{ProviderID: said.id()}, nil
	}
	return channels.Receipt{}, refusal(got, said, a.Secrets(account))
}

func unsendable(message channels.Outgoing) *channels.Error {
	switch {
	case message.To.Kind != chat.IdentifierPhone || !channels.IsPhone(message.To.Value):
		return &channels.Error{Reason: channels.ReasonInvalidRecipient, Text: "This is not a phone number that a text can be sent to."}
	case message.Text == "":
		return &channels.Error{Reason: channels.ReasonRejected, Text: "The message is empty."}
	case utf8.RuneCountInString(message.Text) > maxText:
		return &channels.Error{Reason: channels.ReasonTooLong, Text: fmt.Sprintf("The text is longer than %d characters.", maxText)}
	}
	return nil
}

// newSend writes the call of the official Ruby client's message list.
func newSend(ctx context.Context, account channels.Account, message channels.Outgoing) (*http.Request, error) {
	id := account.Settings[SettingAccountID]
	if !accountPattern.MatchString(id) {
		return nil, channels.Misconfigured("The connector has no account number, or one with strange characters.")
	}
	access, secret := account.Secrets[SecretAccessKey], account.Secrets[SecretKey]
	if access == "" || secret == "" {
		return nil, channels.Misconfigured("The connector has no access key and secret key.")
	}
	// The official example sends a tracking number's id; the number itself is not
	// documented and stands in only where the id is not known.
	from := message.From.Ref
	if from == "" {
		from = message.From.Address
	}
	if from == "" {
		return nil, channels.Misconfigured("The sender has neither a tracking number id nor a number.")
	}
	form := url.Values{"from": {from}, "to": {message.To.Value}, "msg": {message.Text}}
	address := account.API(publicBaseURL) + "/api/v1/accounts/" + id + "/sms.json"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, channels.Misconfigured("The provider's address cannot be read.")
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(access, secret)
	return request, nil
}

// said is the answer to a send.
type said struct {
	Status    jsonstrict.Text `json:"status"`
	ID        jsonstrict.Text `json:"id"`
	MessageID jsonstrict.Text `json:"message_id"`
	Reason    jsonstrict.Text `json:"reason"`
	Error     jsonstrict.Text `json:"error"`
	// readable is false for anything but a JSON object of this shape.
	readable bool
	fields   []jsonstrict.Field
}

func readSaid(a answer.Answer) said {
	var s said
	if !a.Whole || jsonstrict.Unmarshal(a.Body, &s) != nil {
		return said{}
	}
	fields, err := jsonstrict.Fields(a.Body)
	s.readable, s.fields = err == nil, fields
	return s
}

// taken: the documented answer is {"status":"processing"}. An id is not promised,
// but where there is one, the text exists.
func (s said) taken() bool {
	return s.readable && s.Status != "error" && (s.Status == "processing" || s.id() != "")
}

func (s said) id() string {
	if s.MessageID != "" {
		return string(s.MessageID)
	}
	return string(s.ID)
}

// words is the reason, or for a refused form (HTTP 406) what is said per field.
func (s said) words() string {
	if s.Reason != "" {
		return string(s.Reason)
	}
	if s.Error != "" {
		return string(s.Error)
	}
	var parts []string
	for _, field := range s.fields {
		var messages []string
		if json.Unmarshal([]byte(field.Value), &messages) == nil {
			parts = append(parts, field.Name+" "+strings.Join(messages, ", "))
		}
	}
	return strings.Join(parts, "; ")
}

// refusal sorts an answer that does not take the text. One that was not understood
// may stand for a text that went out.
func refusal(a answer.Answer, s said, secrets []string) *channels.Error {
	refused := &channels.Error{
		Reason:     reason(a, s),
		Text:       answer.Words(s.words(), secrets),
		RetryAfter: a.RetryAfter,
	}
	switch {
	case refused.Text != "":
	case !a.Whole:
		refused.Text = fmt.Sprintf("The answer broke off (HTTP %d).", a.Status)
	case !s.readable && !a.Empty():
		refused.Text = fmt.Sprintf("The answer was not understood (HTTP %d).", a.Status)
	case a.OK() && s.Status != "error":
		refused.Text = fmt.Sprintf("The answer does not say that the text was taken (HTTP %d).", a.Status)
	default:
		refused.Text = fmt.Sprintf("CallTrackingMetrics answered HTTP %d without a reason.", a.Status)
	}
	return refused
}

func reason(a answer.Answer, s said) channels.Reason {
	refused := a.Status >= 400 && a.Status <= 499
	switch {
	case a.Status == http.StatusTooManyRequests:
		return channels.ReasonThrottled
	case a.Status == http.StatusUnauthorized, a.Status == http.StatusForbidden:
		return channels.ReasonBadCredentials
	case !a.Whole, a.Status == http.StatusRequestTimeout:
		return channels.ReasonAmbiguous
	case s.readable && (refused || a.OK() && s.Status == "error"):
		return channels.ReasonRejected
	case refused, a.OK() && !s.readable && !a.Empty():
		return channels.ReasonMalformed
	}
	return channels.ReasonAmbiguous
}
