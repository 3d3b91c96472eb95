package chat

import (
	"strings"
	"time"
)

// TemplateVariable is a place in a template that is filled when sending.
type TemplateVariable struct {
	// Name is "1", "2" … for positional templates, else the parameter's name.
	Name    string
	Example string
}

// Template is a message text approved in advance.
type Template struct {
	ID       TemplateID
	Channel  Channel
	Name     string
	Language string
	Category string
	// Body holds {{name}} for each variable.
	Body      string
	Footer    string
	Buttons   []string
	Variables []TemplateVariable
	// Connector is the one whose provider keeps the template; empty for one that can leave
	// by any connector of its channel.
	Connector ConnectorID
	// Status is draft, pending, approved, rejected, paused, disabled or deleted. Only an approved
	// one can be sent.
	Status string
	// Reason is why it cannot, in the provider's words. May be empty.
	Reason string
	// Quality is high, medium, low, or empty when not known.
	Quality string
	// Header is nil for a template without one.
	Header *TemplateHeader
	// Actions say what the buttons do, in their order; none where it is not known.
	Actions []TemplateAction
	// SyncedAt is when the provider was last asked about it; zero for never.
	SyncedAt time.Time
}

// What a template's status is before and after its review. Only an approved one can be
// sent; no provider knows of a draft.
const (
	TemplateDraft    = "draft"
	TemplateApproved = "approved"
	TemplateRejected = "rejected"
)

// TemplateHeader is what stands over a template's body.
type TemplateHeader struct {
	// Kind is text, image, video, document or location.
	Kind MessageKind
	// Text is that of a text header, with at most one variable.
	Text    string
	Example string
	// File is the example of a picture, film or document, where it was uploaded here; nil
	// otherwise.
	File *Media
}

// TemplateAction is what a button under a template does.
type TemplateAction struct {
	// Kind is quick_reply, url, phone_number or copy_code.
	Kind string
	Text string
	// Value is the address, number or code; an address may end in {{1}}.
	Value   string
	Example string
}

// Varies reports whether the button needs a value with each message.
func (a TemplateAction) Varies() bool {
	return a.Kind == "copy_code" || a.Kind == "url" && strings.HasSuffix(a.Value, "{{1}}")
}
