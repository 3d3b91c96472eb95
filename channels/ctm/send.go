package ctm

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
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
	if refused := unsendable(account, message); refused != nil {
		return channels.Receipt{}, refused
	}
	if utf8.RuneCountInString(message.Text) > maxText {
		return channels.Receipt{}, &channels.Error{Reason: channels.ReasonTooLong, Text: fmt.Sprintf("The text is longer than %d characters.", maxText)}
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

func unsendable(account channels.Account, message channels.Outgoing) *channels.Error {
	switch {
	case recipient(account, message) == "":
		return &channels.Error{Reason: channels.ReasonInvalidRecipient, Text: "This is not a phone number that a text can be sent to."}
	case len(message.Media) > 0:
		return unsendableFile(account, message.Media)
	case message.Text == "":
		return &channels.Error{Reason: channels.ReasonRejected, Text: "The message is empty."}
	}
	return nil
}

// recipient is the lead's number in E.164, or "" of one that cannot be called. One
// without its country code is read as North American where our own number is, unless the
// account wants no guesses.
func recipient(account channels.Account, message channels.Outgoing) string {
	number := message.To.Value
	switch {
	case message.To.Kind != chat.IdentifierPhone:
		return ""
	case channels.IsPhone(number):
		return number
	case account.Settings[SettingCountryCode] == on:
		return ""
	}
	return full(number, message.From.Address)
}

// unsendableFile says what of a message's files does not go out.
func unsendableFile(account channels.Account, files []channels.OutgoingMedia) *channels.Error {
	known := slices.ContainsFunc(mediaRules, func(r channels.MediaRule) bool { return slices.Contains(r.Types, files[0].ContentType) })
	switch {
	case account.Settings[SettingFiles] != on:
		return &channels.Error{Reason: channels.ReasonUnsupported, Text: "This connector does not send files."}
	case len(files) > 1 || !known:
		return &channels.Error{Reason: channels.ReasonUnsupported, Text: "A text carries one picture or contact card."}
	case files[0].URL == "":
		return &channels.Error{Reason: channels.ReasonRejected, Text: "The file has no address that it can be fetched under."}
	}
	return nil
}

// newSend writes the call of the official Ruby client's message list. A file goes by its
// address, in a field that is not documented.
func newSend(ctx context.Context, account channels.Account, message channels.Outgoing) (*http.Request, error) {
	// The official example sends a tracking number's id; the number itself is not
	// documented and stands in only where the id is not known.
	from := message.From.Ref
	if from == "" {
		from = message.From.Address
	}
	form := url.Values{"from": {from}, "to": {recipient(account, message)}, "msg": {message.Text}}
	if len(message.Media) > 0 {
		form.Set("media_url", message.Media[0].URL)
	}
	request, err := newRequest(ctx, account, http.MethodPost, "/sms.json", form.Encode())
	if err != nil {
		return nil, err
	}
	if from == "" {
		return nil, channels.Misconfigured("The sender has neither a tracking number id nor a number.")
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
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
		Text:       cmp.Or(answer.Words(s.words(), secrets), a.Silence("CallTrackingMetrics", s.readable, "does not say that the text was taken")),
		RetryAfter: a.RetryAfter,
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
