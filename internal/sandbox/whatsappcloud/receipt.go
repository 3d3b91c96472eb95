package whatsappcloud

import (
	"strconv"
	"strings"
	"time"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// status is a receipt.
type status struct {
	ID           string        `json:"id"`
	Status       string        `json:"status"`
	Timestamp    string        `json:"timestamp"`
	RecipientID  string        `json:"recipient_id,omitempty"`
	RecipientUID string        `json:"recipient_user_id,omitempty"`
	Opaque       string        `json:"biz_opaque_callback_data,omitempty"`
	Conversation *conversation `json:"conversation,omitempty"`
	Pricing      *pricing      `json:"pricing,omitempty"`
	Errors       []hookError   `json:"errors,omitempty"`
}

type conversation struct {
	ID      string `json:"id"`
	Expires string `json:"expiration_timestamp,omitempty"`
	Origin  struct {
		Type string `json:"type"`
	} `json:"origin"`
}

type pricing struct {
	Billable bool   `json:"billable"`
	Model    string `json:"pricing_model"`
	Type     string `json:"type"`
	Category string `json:"category"`
}

// noteOf is kept with a message for its receipts: the price category, and whether the
// API version still tells of conversations.
func (s *Side) noteOf(version string, account *stage.Account, req request) string {
	category := "service"
	if req.Template != nil && req.Template.Language != nil {
		template, _ := s.template(account, req.Template.Name, req.Template.Language.Code)
		category = strings.ToLower(template.Category)
		if category == "" {
			category = "utility"
		}
	}
	if major, err := strconv.Atoi(strings.Split(strings.TrimPrefix(version, "v"), ".")[0]); err == nil && major < 24 {
		return category + " conversation"
	}
	return category
}

// Receipt writes a webhook with one status.
func (s *Side) Receipt(account *stage.Account, report stage.Report) []byte {
	m := report.Message
	out := status{
		ID: m.ID, Status: string(report.Status), Timestamp: unix(report.At.Unix()),
		RecipientID: waID(m.Party), RecipientUID: m.Party.UserID,
	}
	if m.Reference != m.ID { // the stage has filled it in for a hub that sent none
		out.Opaque = m.Reference
	}
	category, rest := "service", ""
	if m.More != nil && m.More.Note != "" {
		category, rest, _ = strings.Cut(m.More.Note, " ")
	}
	if rest != "" && (report.Status == chat.StatusSent || report.Status == chat.StatusDelivered) {
		out.Conversation = conversationOf(m, category)
	}
	switch report.Status { //nolint:exhaustive // the others carry nothing more
	case chat.StatusSent, chat.StatusDelivered:
		out.Pricing = &pricing{Billable: category != "service", Model: "PMP", Type: "regular", Category: category}
		if category == "service" {
			out.Pricing.Type = "free_customer_service"
		}
	case chat.StatusFailed:
		out.Errors = []hookError{asyncError(report.Code)}
	}
	return wrap(account, m.Sender, value{Statuses: []status{out}})
}

func conversationOf(m *stage.Message, category string) *conversation {
	c := &conversation{
		ID:      strconv.FormatUint(hash(m.Sender.Ref+m.Party.Address()+category), 16),
		Expires: unix(m.At.Add(24 * time.Hour).Unix()),
	}
	c.Origin.Type = category
	return c
}

// hookError is an error in a webhook.
type hookError struct {
	Code    int       `json:"code"`
	Title   string    `json:"title"`
	Message string    `json:"message"`
	Data    errorData `json:"error_data"`
	Href    string    `json:"href,omitempty"`
}

type errorData struct {
	Details string `json:"details"`
}

// asyncError is the error that a failed message is reported with.
func asyncError(code string) hookError {
	title, details := "Something went wrong", "Message failed to send because of an unknown error."
	switch code {
	case "":
		code = "131000"
	case "131026":
		title, details = "Message undeliverable", "Message Undeliverable."
	case "131047":
		title = "Re-engagement message"
		details = "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
	case "131049":
		title = "This message was not delivered to maintain healthy ecosystem engagement."
		details = "In order to maintain a healthy ecosystem engagement, the message failed to be delivered."
	case "131050":
		title, details = "User opted out of marketing messages", "The recipient has chosen to stop receiving marketing messages from your business."
	case "131053":
		title, details = "Media upload error", "Unable to upload the media used in the message."
	case "130472":
		title, details = "User's number is part of an experiment", "Message failed because this user's phone number is part of an experiment."
	}
	number, err := strconv.Atoi(code)
	if err != nil {
		number = 131000
	}
	return hookError{
		Code: number, Title: title, Message: title, Data: errorData{Details: details},
		Href: "/documentation/business-messaging/whatsapp/support/error-codes",
	}
}
