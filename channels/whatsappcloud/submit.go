package whatsappcloud

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// submission is the body of a call that makes a template (Meta, "Template management,
// Create a template"), or edits one: an edit has the category and the components only
// (Meta, "Template management, Edit templates").
type submission struct {
	Name       string       `json:"name,omitempty"`
	Language   string       `json:"language,omitempty"`
	Category   string       `json:"category"`
	Format     string       `json:"parameter_format,omitempty"`
	Components []definition `json:"components"`
}

// The longest parts of a template, in characters, and the most buttons.
const (
	maxTemplateName   = 512
	maxTemplateBody   = 1024
	maxTemplateLine   = 60
	maxTemplateButton = 25
	mostButtons       = 10
)

var templateName = regexp.MustCompile(`^[a-z0-9_]+$`)

// SubmitTemplate makes a template and hands it in. One with a Ref is edited at Meta, where
// its name is taken: Meta allows that of a template that is approved, rejected or paused
// (developers.facebook.com, "Template management, Edit templates"), keeps the id, and
// reviews it again. A header with a file needs an example:
// Header.File, which goes to Meta first, or else one that Meta has already, of which
// Header.Example is the handle.
func (a Adapter) SubmitTemplate(ctx context.Context, doer channels.Doer, account channels.Account, template channels.Template) (channels.TemplateReview, error) {
	if refused := checkTemplate(template); refused != nil {
		return channels.TemplateReview{}, refused
	}
	if header := template.Header; header != nil && header.File != nil {
		handle, err := a.handOver(ctx, doer, account, *header.File)
		if err != nil {
			return channels.TemplateReview{}, err
		}
		template.Header = &channels.TemplateHeader{Kind: header.Kind, Example: handle}
	}
	made, id, rest := define(template), account.Settings[SettingWABA], "/message_templates"
	if template.Ref != "" {
		made, id, rest = submission{Category: made.Category, Components: made.Components}, template.Ref, ""
	}
	data, err := json.Marshal(made)
	if err != nil {
		return channels.TemplateReview{}, fmt.Errorf("write the template as JSON: %w", err)
	}
	address, err := endpoint(account, id, rest)
	if err != nil {
		return channels.TemplateReview{}, err
	}
	request, err := newRequest(ctx, account, http.MethodPost, address, data)
	if err != nil {
		return channels.TemplateReview{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	got, err := answer.Of(doer, request)
	if err != nil {
		return channels.TemplateReview{}, err
	}
	var said struct {
		orError
		ID       jsonstrict.Text `json:"id"`
		Edited   bool            `json:"success"`
		Status   string          `json:"status"`
		Category string          `json:"category"`
	}
	unreadable := !got.Empty() && (!got.Whole || jsonstrict.Unmarshal(got.Body, &said) != nil)
	ref := string(said.ID)
	if ref == "" && said.Edited {
		ref = template.Ref
	}
	if !got.OK() || unreadable || ref == "" {
		return channels.TemplateReview{}, withoutRight(refusal(got, said.Error, unreadable, a.Secrets(account)))
	}
	return channels.TemplateReview{
		Ref: ref, Name: template.Name, Language: template.Language,
		Category: category(said.Category), Status: stateOf(said.Status),
	}, nil
}

// define writes a template in Meta's words.
func define(t channels.Template) submission {
	body := submission{Name: t.Name, Language: t.Language, Category: strings.ToUpper(t.Category), Format: "POSITIONAL"}
	if t.Named {
		body.Format = "NAMED"
	}
	if t.Header != nil {
		body.Components = append(body.Components, defineHeader(*t.Header, t.Named))
	}
	body.Components = append(body.Components, defineBody(t))
	if t.Footer != "" {
		body.Components = append(body.Components, definition{Type: "FOOTER", Text: t.Footer})
	}
	var buttons []buttonDefinition
	for _, b := range t.Buttons {
		buttons = append(buttons, defineButton(b))
	}
	if len(buttons) > 0 {
		body.Components = append(body.Components, definition{Type: "BUTTONS", Buttons: buttons})
	}
	return body
}

func defineHeader(h channels.TemplateHeader, named bool) definition {
	part := definition{Type: "HEADER", Format: strings.ToUpper(string(h.Kind)), Text: h.Text}
	variable := variablePattern.FindStringSubmatch(h.Text)
	switch {
	case h.Kind != chat.KindText && h.Example != "":
		part.Example = &examples{HeaderHandle: []string{h.Example}}
	case variable != nil && named:
		part.Example = &examples{HeaderNamed: []namedExample{{Name: variable[1], Value: h.Example}}}
	case variable != nil:
		part.Example = &examples{Header: []string{h.Example}}
	}
	return part
}

func defineBody(t channels.Template) definition {
	part := definition{Type: "BODY", Text: t.Body}
	var values []string
	var named []namedExample
	for _, v := range t.Variables {
		values, named = append(values, v.Example), append(named, namedExample{Name: v.Name, Value: v.Example})
	}
	switch {
	case len(values) == 0:
	case t.Named:
		part.Example = &examples{BodyNamed: named}
	default:
		part.Example = &examples{Body: [][]string{values}}
	}
	return part
}

func defineButton(b channels.TemplateButton) buttonDefinition {
	made := buttonDefinition{Type: strings.ToUpper(b.Kind), Text: b.Text}
	switch b.Kind {
	case "url":
		made.URL = b.Value
		if b.Example != "" {
			made.Example = texts{b.Example}
		}
	case "phone_number":
		made.Phone = b.Value
	case "copy_code":
		made.Text, made.Example = "", texts{cmp.Or(b.Value, b.Example)} // WhatsApp writes its own word on it
	}
	return made
}

// checkTemplate says what of a template Meta would not take.
func checkTemplate(t channels.Template) *channels.Error {
	refuse := func(format string, args ...any) *channels.Error {
		return &channels.Error{Reason: rejected, Text: fmt.Sprintf(format, args...)}
	}
	header := channels.TemplateHeader{Kind: chat.KindText}
	if t.Header != nil {
		header = *t.Header
	}
	for _, part := range []struct {
		name, text string
		most       int
	}{
		{"name", t.Name, maxTemplateName},
		{"text", t.Body, maxTemplateBody},
		{"header", header.Text, maxTemplateLine},
		{"footer", t.Footer, maxTemplateLine},
	} {
		if utf8.RuneCountInString(part.text) > part.most {
			return refuse("The template's %s is longer than %d characters.", part.name, part.most)
		}
	}
	switch {
	case !templateName.MatchString(t.Name):
		return refuse("A template's name is made of small letters, digits and underscores.")
	case t.Body == "" || t.Language == "":
		return refuse("The template has no text or no language.")
	case header.Kind == chat.KindImage || header.Kind == chat.KindVideo || header.Kind == chat.KindDocument:
		if header.Example == "" && header.File == nil {
			return &channels.Error{Reason: unsupported, Text: "A template with a file over it needs an example of that file. Attach one."}
		}
	case header.Kind != chat.KindText && header.Kind != chat.KindLocation:
		return &channels.Error{Reason: unsupported, Text: "A template's header is a text, a picture, a film, a document or a place."}
	case len(t.Buttons) > mostButtons:
		return refuse("A template has at most %d buttons.", mostButtons)
	}
	for _, b := range t.Buttons {
		if utf8.RuneCountInString(b.Text) > maxTemplateButton {
			return refuse("A button's text is longer than %d characters.", maxTemplateButton)
		}
	}
	return nil
}
