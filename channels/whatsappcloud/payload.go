package whatsappcloud

import (
	"strconv"
	"strings"
	"time"

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
		PhoneNumberID jsonstrict.Text `json:"phone_number_id"`
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

// latest is the last second of the year 9999, beyond which no time can be stored.
const latest = 253402300799

// unixTime reads Meta's seconds since 1970. A time that is missing or that no
// calendar holds is zero: the element is still worth showing.
func unixTime(text jsonstrict.Text) time.Time {
	seconds, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || seconds <= 0 || seconds > latest {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// phone turns a wa_id such as "12025550123" into E.164, or "" if it is none.
func phone(id jsonstrict.Text) string {
	digits := strings.TrimPrefix(string(id), "+")
	if len(digits) < 6 || len(digits) > 15 || digits[0] == '0' {
		return ""
	}
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return ""
		}
	}
	return "+" + digits
}
