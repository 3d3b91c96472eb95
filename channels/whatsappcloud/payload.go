package whatsappcloud

import (
	"encoding/json"
	"strings"

	"converse/channels"
	"converse/channels/jsonstrict"
)

// payload is a webhook's body (Meta, "Webhooks reference"). Fields that we do not
// use are left out.
type payload struct {
	Object string                 `json:"object"`
	Entry  jsonstrict.List[entry] `json:"entry"`
}

type entry struct {
	// ID is the WhatsApp Business Account that the changes are of.
	ID jsonstrict.Text `json:"id"`
	// Time is when the webhook was made; changes of the account have no other.
	Time    jsonstrict.Text         `json:"time"`
	Changes jsonstrict.List[change] `json:"changes"`
}

type change struct {
	Field string `json:"field"`
	// Value is of a type of its own for each field.
	Value json.RawMessage `json:"value"`
}

// value is that of the field "messages", and of those about messages and people.
type value struct {
	metadata
	Messages jsonstrict.List[message]    `json:"messages"`
	Statuses jsonstrict.List[status]     `json:"statuses"`
	Errors   jsonstrict.List[graphError] `json:"errors"`
}

// metadata is what values about messages and people begin with.
type metadata struct {
	Metadata struct {
		PhoneNumberID      jsonstrict.Text `json:"phone_number_id"`
		DisplayPhoneNumber jsonstrict.Text `json:"display_phone_number"`
	} `json:"metadata"`
	Contacts jsonstrict.List[contact] `json:"contacts"`
}

// graphError is an error as Graph answers it and as webhooks carry it.
type graphError struct {
	Code    jsonstrict.Text `json:"code"`
	Subcode jsonstrict.Text `json:"error_subcode"`
	Title   string          `json:"title"`
	Message string          `json:"message"`
	// UserMessage is for whoever made a template that is refused.
	UserMessage string `json:"error_user_msg"`
	// Data is a plain string in errors of older parts of Graph.
	Data jsonstrict.Element[struct {
		Details string `json:"details"`
	}] `json:"error_data"`
}

// code is what decides: for a template that is refused the finer one, which stands
// beside the general code 100.
func (e graphError) code() string {
	if _, known := meanings[string(e.Subcode)]; known && e.Code == "100" && len(e.Subcode) == len("2388040") {
		return string(e.Subcode)
	}
	return string(e.Code)
}

// words is the error in Meta's own words.
func (e graphError) words() string {
	if e.UserMessage != "" {
		return e.UserMessage
	}
	message := e.Message
	if message == "" {
		message = e.Title
	}
	details := e.Data.Value.Details
	switch {
	case details == "" || strings.Contains(message, details):
		return message
	case message == "":
		return details
	}
	return strings.TrimRight(message, ". ") + ": " + details
}

// phone turns a wa_id such as "12025550123" into E.164, or "" if it is none.
func phone(id jsonstrict.Text) string {
	number := "+" + strings.TrimPrefix(string(id), "+")
	if !channels.IsPhone(number) {
		return ""
	}
	return number
}
