package whatsappcloud

import (
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
	Changes jsonstrict.List[change] `json:"changes"`
}

type change struct {
	Field string `json:"field"`
	// Value fits only for the field "messages".
	Value jsonstrict.Element[value] `json:"value"`
}

type value struct {
	Metadata struct {
		PhoneNumberID      jsonstrict.Text `json:"phone_number_id"`
		DisplayPhoneNumber jsonstrict.Text `json:"display_phone_number"`
	} `json:"metadata"`
	Contacts jsonstrict.List[contact]    `json:"contacts"`
	Messages jsonstrict.List[message]    `json:"messages"`
	Statuses jsonstrict.List[status]     `json:"statuses"`
	Errors   jsonstrict.List[graphError] `json:"errors"`
}

// graphError is an error as Graph answers it and as webhooks carry it.
type graphError struct {
	Code    jsonstrict.Text `json:"code"`
	Title   string          `json:"title"`
	Message string          `json:"message"`
	// Data is a plain string in errors of older parts of Graph.
	Data jsonstrict.Element[struct {
		Details string `json:"details"`
	}] `json:"error_data"`
}

// words is the error in Meta's own words.
func (e graphError) words() string {
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
