package twilio

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"converse/channels"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// templatePage is how many templates are asked for at a time.
const templatePage = "50"

// contentPage is a page of Content templates with what WhatsApp thinks of them (Content
// API, "ContentAndApprovals").
type contentPage struct {
	Contents jsonstrict.List[content] `json:"contents"`
	Meta     struct {
		Next jsonstrict.Text `json:"next_page_url"`
	} `json:"meta"`
}

type content struct {
	SID       jsonstrict.Text                            `json:"sid"`
	Name      jsonstrict.Text                            `json:"friendly_name"`
	Language  jsonstrict.Text                            `json:"language"`
	Variables map[string]jsonstrict.Text                 `json:"variables"`
	Types     map[string]jsonstrict.Element[contentType] `json:"types"`
	Approval  struct {
		approval
		WhatsApp *approval `json:"whatsapp"`
	} `json:"approval_requests"`
}

// approval is where a template stands in WhatsApp's review.
type approval struct {
	Name     jsonstrict.Text `json:"name"`
	Category jsonstrict.Text `json:"category"`
	Status   jsonstrict.Text `json:"status"`
	Reason   jsonstrict.Text `json:"rejection_reason"`
}

// contentType is one form of a template: the fields of every type that is read.
type contentType struct {
	Body     jsonstrict.Text   `json:"body"`
	Title    jsonstrict.Text   `json:"title"`
	Subtitle jsonstrict.Text   `json:"subtitle"`
	Header   jsonstrict.Text   `json:"header_text"`
	Footer   jsonstrict.Text   `json:"footer"`
	Media    []jsonstrict.Text `json:"media"`
	Actions  []action          `json:"actions"`
}

type action struct {
	Type  jsonstrict.Text `json:"type"`
	Title jsonstrict.Text `json:"title"`
	URL   jsonstrict.Text `json:"url"`
	Phone jsonstrict.Text `json:"phone"`
	Code  jsonstrict.Text `json:"code"`
}

// The types that are read, the richest first. Lists, carousels, catalogs, flows and
// one-time passwords are left out: a template of such a type cannot be filled here.
const (
	typeWhatsAppCard = "whatsapp/card"
	typeCard         = "twilio/card"
	typeCallToAction = "twilio/call-to-action"
	typeQuickReply   = "twilio/quick-reply"
	typeMedia        = "twilio/media"
	typeText         = "twilio/text"
)

// ListTemplates asks for a page of the account's templates. A cursor is the query of the
// page to come.
func (a Adapter) ListTemplates(ctx context.Context, doer channels.Doer, account channels.Account, cursor string) (channels.TemplatePage, error) {
	query := url.Values{"PageSize": {templatePage}}.Encode()
	if cursor != "" {
		query = cursor
	}
	var p contentPage
	if err := a.ask(ctx, doer, account, account.API(publicContent)+"/v1/ContentAndApprovals?"+query, &p); err != nil {
		return channels.TemplatePage{}, err
	}
	var out channels.TemplatePage
	for c, err := range p.Contents.All() {
		if err != nil {
			continue // of a shape that cannot be filled
		}
		if template, ok := c.template(); ok {
			out.Templates = append(out.Templates, template)
		}
	}
	if next, err := url.Parse(string(p.Meta.Next)); err == nil {
		out.Cursor = next.RawQuery
	}
	return out, nil
}

// template reads a content; false for one of a type that cannot be filled here.
func (c content) template() (channels.Template, bool) {
	for _, name := range []string{typeWhatsAppCard, typeCard, typeCallToAction, typeQuickReply, typeMedia, typeText} {
		form, there := c.Types[name]
		if !there || form.Err != nil {
			continue
		}
		if name == typeCard {
			// WhatsApp shows a card's title as the text, and its subtitle as the footer.
			form.Value.Body, form.Value.Footer = form.Value.Title, form.Value.Subtitle
		}
		if form.Value.Body == "" || !contentPattern.MatchString(string(c.SID)) {
			continue
		}
		r := &reader{content: c}
		return r.read(form.Value), true
	}
	return channels.Template{}, false
}

// review is what WhatsApp thinks of the template.
func (c content) review() channels.TemplateReview {
	said := c.Approval.approval
	if c.Approval.WhatsApp != nil {
		said = *c.Approval.WhatsApp
	}
	review := said.review(string(c.SID), string(c.Name), string(c.Language))
	if said.Status == "" || said.Status == "unsubmitted" {
		review.Reason = "It was not handed in to WhatsApp: do that in Twilio's Content Template Builder."
	}
	return review
}

var reviewStates = map[string]channels.TemplateStatus{
	"approved": channels.TemplateApproved, "rejected": channels.TemplateRejected, "paused": channels.TemplatePaused,
	"disabled": channels.TemplateDisabled, "deleted": channels.TemplateDeleted,
}

func (s approval) review(sid, name, language string) channels.TemplateReview {
	review := channels.TemplateReview{
		Ref: sid, Name: name, Language: language, Category: strings.ToLower(string(s.Category)),
		Status: channels.TemplatePending, Reason: string(s.Reason),
	}
	if s.Name != "" {
		review.Name = string(s.Name)
	}
	// unsubmitted, received, pending, and whatever comes to be: not to be sent yet.
	if known, ok := reviewStates[strings.ToLower(string(s.Status))]; ok {
		review.Status = known
	}
	return review
}

var variable = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_]{1,40})\s*\}\}`)

// reader turns one content into a template. Twilio numbers the variables of body, header
// and buttons in one row, while those here belong to their part: so they can be filled
// only where the body's come first, then the header's, then the buttons'.
type reader struct {
	content
	// next is the number of the next variable that is not the body's.
	next int
	// odd says why the template cannot be filled here. Empty: it can.
	odd string
}

func (r *reader) read(form contentType) channels.Template {
	t := channels.Template{TemplateReview: r.review(), Body: string(form.Body), Footer: string(form.Footer)}
	seen := map[string]bool{}
	for _, found := range variable.FindAllStringSubmatch(t.Body, -1) {
		if name := found[1]; !seen[name] {
			seen[name] = true
			t.Variables = append(t.Variables, channels.TemplateVariable{Name: name, Example: string(r.Variables[name])})
			t.Named = t.Named || name != strconv.Itoa(len(t.Variables))
		}
	}
	r.next = len(t.Variables)
	t.Header = r.header(form)
	for _, a := range form.Actions {
		t.Buttons = append(t.Buttons, r.button(a))
	}
	if r.odd != "" && t.Status == channels.TemplateApproved {
		t.Status, t.Reason = channels.TemplateDisabled, r.odd
	}
	return t
}

func (r *reader) header(form contentType) *channels.TemplateHeader {
	if len(form.Media) == 0 && form.Header == "" {
		return nil
	}
	if len(form.Media) == 0 {
		text, example := r.take(string(form.Header))
		return &channels.TemplateHeader{Kind: chat.KindText, Text: text, Example: example}
	}
	address := string(form.Media[0])
	if !variable.MatchString(address) {
		return &channels.TemplateHeader{Kind: kindOfAddress(address), Example: address}
	}
	if variable.FindString(address) != address {
		r.odd = "Only a part of its file's address is a variable, which cannot be filled here."
	}
	_, example := r.take(address)
	return &channels.TemplateHeader{Kind: kindOfAddress(example), Example: example}
}

func (r *reader) button(a action) channels.TemplateButton {
	b := channels.TemplateButton{Kind: "quick_reply", Text: string(a.Title)}
	switch {
	case a.URL != "":
		b.Kind = "url"
		b.Value, b.Example = r.take(string(a.URL))
	case a.Phone != "":
		b.Kind, b.Value = "phone_number", string(a.Phone)
	case a.Code != "":
		b.Kind = "copy_code"
		b.Value, b.Example = r.take(string(a.Code))
	}
	return b
}

// take numbers the variable of a header or a button anew, for its own part, and finds
// its example.
func (r *reader) take(text string) (renamed, example string) {
	all := variable.FindAllStringSubmatch(text, -1)
	if len(all) == 0 {
		return text, ""
	}
	if r.next++; len(all) > 1 || all[0][1] != strconv.Itoa(r.next) {
		r.odd = fmt.Sprintf("Its variables are numbered in another order than text, header, buttons: {{%s}} cannot be filled here.", all[0][1])
	}
	return variable.ReplaceAllString(text, "{{1}}"), string(r.Variables[all[0][1]])
}

// kindOfAddress is what a header's file is, by the end of its address.
func kindOfAddress(address string) chat.MessageKind {
	path, _, _ := strings.Cut(address, "?")
	switch strings.ToLower(path[strings.LastIndex(path, ".")+1:]) {
	case "mp4", "3gp":
		return chat.KindVideo
	case "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx":
		return chat.KindDocument
	}
	return chat.KindImage
}
