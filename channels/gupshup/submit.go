package gupshup

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"converse/channels"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// The longest parts of a template, in characters (partner-docs.gupshup.io, "Apply for
// templates").
const (
	maxName   = 180
	maxBody   = 1024
	maxHeader = 60
	maxFooter = 60
)

// SubmitTemplate makes a template by a partner call, or edits the one whose id Ref is,
// which keeps its name and language (partner-docs.gupshup.io, "Edit template"). Its
// variables are numbered. What
// stands over the text, if it is a file, needs an example: Header.File, which goes to
// Gupshup first, or else one that Gupshup has, of which Header.Example is the handle.
func (Adapter) SubmitTemplate(ctx context.Context, doer channels.Doer, account channels.Account, template channels.Template) (channels.TemplateReview, error) {
	if refused := check(template); refused != nil {
		return channels.TemplateReview{}, refused
	}
	if header := template.Header; header != nil && header.File != nil {
		handle, err := handOver(ctx, doer, account, *header.File)
		if err != nil {
			return channels.TemplateReview{}, err
		}
		template.Header = &channels.TemplateHeader{Kind: header.Kind, Example: handle}
	}
	method, path, form := http.MethodPost, "/templates", submission(template)
	if template.Ref != "" {
		method, path = http.MethodPut, path+"/"+url.PathEscape(template.Ref)
		for _, fixed := range []string{"elementName", "languageCode", "vertical"} {
			form.Del(fixed)
		}
	}
	request, err := newPartner(ctx, account, method, path, form)
	if err != nil {
		return channels.TemplateReview{}, err
	}
	made, err := partnerCall[struct {
		Template struct {
			ID       jsonstrict.Text `json:"id"`
			Category string          `json:"category"`
			Status   string          `json:"status"`
		} `json:"template"`
	}](doer, account, request)
	if err != nil {
		return channels.TemplateReview{}, err
	}
	return channels.TemplateReview{
		Ref: oneOf(string(made.Template.ID), template.Ref), Name: template.Name, Language: template.Language,
		Category: strings.ToLower(made.Template.Category), Status: stateOf(made.Template.Status),
	}, nil
}

// submission is a template in Gupshup's form.
func submission(t channels.Template) url.Values {
	form := url.Values{
		"elementName": {t.Name}, "languageCode": {oneOf(t.Language, "en_US")}, "category": {strings.ToUpper(t.Category)},
		"templateType": {"TEXT"}, "vertical": {t.Name}, "content": {t.Body}, "example": {sample(t.Body, t.Variables)}, "enableSample": {"true"},
	}
	if t.Footer != "" {
		form.Set("footer", t.Footer)
	}
	switch header := t.Header; {
	case header == nil:
	case header.Kind == chat.KindText:
		form.Set("header", header.Text)
		form.Set("exampleHeader", variablePattern.ReplaceAllLiteralString(header.Text, header.Example))
	default:
		form.Set("templateType", strings.ToUpper(string(header.Kind)))
		if header.Example != "" {
			form.Set("exampleMedia", header.Example)
		}
	}
	var buttons []button
	for _, b := range t.Buttons {
		buttons = append(buttons, submitted(b))
	}
	if len(buttons) > 0 {
		form.Set("buttons", encode(buttons))
	}
	return form
}

func submitted(b channels.TemplateButton) button {
	made, example := button{Type: strings.ToUpper(b.Kind), Text: b.Text}, b.Example
	switch b.Kind {
	case "url":
		made.URL = b.Value
	case "phone_number":
		made.Phone = b.Value
	case "copy_code":
		example = oneOf(example, b.Value)
	}
	if example != "" {
		made.Example = []string{example}
	}
	return made
}

// check says what of a template Gupshup would not take.
func check(t channels.Template) *channels.Error {
	header := ""
	if t.Header != nil {
		header = t.Header.Text
	}
	for _, part := range []struct {
		name, text string
		most       int
	}{{"name", t.Name, maxName}, {"text", t.Body, maxBody}, {"header", header, maxHeader}, {"footer", t.Footer, maxFooter}} {
		if utf8.RuneCountInString(part.text) > part.most {
			return &channels.Error{Reason: rejected, Text: fmt.Sprintf("The template's %s is longer than %d characters.", part.name, part.most)}
		}
	}
	switch {
	case t.Name == "" || t.Body == "":
		return &channels.Error{Reason: rejected, Text: "The template has no name or no text."}
	case t.Named:
		return &channels.Error{Reason: rejected, Text: "Gupshup's templates number their variables: {{1}}, {{2}}."}
	}
	return nil
}

// sample is a text with an example in the place of each variable.
func sample(text string, variables []channels.TemplateVariable) string {
	examples := map[string]string{}
	for _, v := range variables {
		examples[v.Name] = v.Example
	}
	return variablePattern.ReplaceAllStringFunc(text, func(found string) string {
		return examples[variablePattern.FindStringSubmatch(found)[1]]
	})
}
