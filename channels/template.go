package channels

import (
	"context"

	"converse/internal/chat"
)

// TemplateLister is for providers that know templates.
type TemplateLister interface {
	// ListTemplates returns one page of the account's templates; cursor is that of the
	// page before, empty at first. An account that has no right to such calls is told so
	// by an *Error with ReasonUnsupported.
	ListTemplates(ctx context.Context, doer Doer, account Account, cursor string) (TemplatePage, error)
}

// TemplateSubmitter is for providers whose templates can be made by a call.
type TemplateSubmitter interface {
	// SubmitTemplate makes a template and hands it in for review. One with a Ref was
	// handed in before under this name and in this language: what stands there takes its
	// place, under the Ref that is returned. A template the provider refuses at once is an
	// *Error with ReasonRejected and its words. It may call the Doer more than once.
	SubmitTemplate(ctx context.Context, doer Doer, account Account, template Template) (TemplateReview, error)
}

// TemplateExampler is for providers whose reviewers look at an example of the file that
// stands over a template, and that are given that file's bytes.
type TemplateExampler interface {
	// ExampleFiles says which files can be such an example, one rule for each kind of
	// header. An account that lacks what handing one over needs is told so by an *Error
	// with ReasonUnsupported that names the field; it makes no call.
	ExampleFiles(Account) ([]MediaRule, error)
}

// TemplatePage is a part of an account's templates.
type TemplatePage struct {
	Templates []Template
	// Cursor is where to go on; empty after the last page.
	Cursor string
}

// Template is a template as the provider keeps it.
type Template struct {
	TemplateReview
	// Header is nil for a template without one.
	Header *TemplateHeader
	// Body holds {{name}} or {{1}} for each variable.
	Body    string
	Footer  string
	Buttons []TemplateButton
	// Variables are those of the body, in order.
	Variables []TemplateVariable
	// Named: the provider knows the variables by name, not by position.
	Named bool
}

// TemplateHeader is what stands over the body.
type TemplateHeader struct {
	// Kind is text, image, video, document or location.
	Kind chat.MessageKind
	// Text is that of a text header, with at most one variable.
	Text string
	// Example is a value of the variable, or a reference to an example file.
	Example string
	// File is the example file itself, for a TemplateExampler. It is set only when a
	// template is handed in, and SubmitTemplate then gives it to the provider first.
	File *OutgoingMedia
}

// TemplateButton is a button under a template.
type TemplateButton struct {
	// Kind is quick_reply, url, phone_number or copy_code.
	Kind string
	Text string
	// Value is the address, number or code; an address may end in {{1}}.
	Value string
	// Example is a value of the address's variable.
	Example string
}

// TemplateVariable is a place in a template's body.
type TemplateVariable struct{ Name, Example string }

// TemplateReview is what the provider thinks of a template.
type TemplateReview struct {
	// Ref is the provider's own id of the template. May be empty in events.
	Ref string
	// Name and Language identify it to people. May be empty in events with a Ref.
	Name     string
	Language string
	// Category is marketing, utility or authentication. Empty means unchanged.
	Category string
	// Status is empty when an event says nothing about it.
	Status TemplateStatus
	// Reason is why it was refused, paused or disabled, in the provider's words.
	Reason string
	// Quality is high, medium, low, or empty when not known.
	Quality string
}

// TemplateStatus is where a template stands in its provider's review.
type TemplateStatus string

// The states of a template. Only an approved one can be sent.
const (
	TemplatePending  TemplateStatus = "pending"
	TemplateApproved TemplateStatus = "approved"
	TemplateRejected TemplateStatus = "rejected"
	TemplatePaused   TemplateStatus = "paused"
	TemplateDisabled TemplateStatus = "disabled"
	TemplateDeleted  TemplateStatus = "deleted"
)
