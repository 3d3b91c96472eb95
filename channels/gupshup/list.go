package gupshup

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// listed is a template as Gupshup lists it (partner-docs.gupshup.io, "Get templates").
type listed struct {
	ID       jsonstrict.Text `json:"id"`
	Name     string          `json:"elementName"`
	Language string          `json:"languageCode"`
	Category string          `json:"category"`
	Type     string          `json:"templateType"`
	Status   string          `json:"status"`
	Reason   jsonstrict.Text `json:"reason"`
	Quality  string          `json:"quality"`
	// Data is the text with header, footer and buttons in it; Container is a JSON object
	// in a string with each of them apart.
	Data      string `json:"data"`
	Container string `json:"containerMeta"`
}

type container struct {
	Body    string                  `json:"data"`
	Header  string                  `json:"header"`
	Footer  string                  `json:"footer"`
	Buttons jsonstrict.List[button] `json:"buttons"`
	// Samples are the texts with examples in the places of the variables, and the handle
	// of the example file.
	SampleBody   string `json:"sampleText"`
	SampleHeader string `json:"sampleHeader"`
	SampleMedia  string `json:"sampleMedia"`
	MediaID      string `json:"mediaId"`
}

// button is one of a template's, in listings and when one is handed in.
type button struct {
	Type    string   `json:"type"`
	Text    string   `json:"text,omitempty"`
	URL     string   `json:"url,omitempty"`
	Phone   string   `json:"phone_number,omitempty"`
	Example []string `json:"example,omitempty"`
}

// headerKinds are the types of templates, by what stands over the text. Carousels and
// catalogues are none of them: nothing here can fill one.
var headerKinds = map[string]chat.MessageKind{
	"TEXT": chat.KindText, "IMAGE": chat.KindImage, "VIDEO": chat.KindVideo, "DOCUMENT": chat.KindDocument, "LOCATION": chat.KindLocation,
}

// ListTemplates returns all of the app's templates that can be filled, in one page. It
// is a partner call.
func (a Adapter) ListTemplates(ctx context.Context, doer channels.Doer, account channels.Account, _ string) (channels.TemplatePage, error) {
	request, err := newPartner(ctx, account, http.MethodGet, "/templates", nil)
	if err != nil {
		return channels.TemplatePage{}, err
	}
	found, err := partnerCall[struct {
		Templates jsonstrict.List[listed] `json:"templates"`
	}](doer, account, request)
	if err != nil {
		return channels.TemplatePage{}, err
	}
	var page channels.TemplatePage
	for template, err := range found.Templates.All() {
		kind, fillable := headerKinds[strings.ToUpper(oneOf(template.Type, "TEXT"))]
		if err == nil && fillable && template.ID != "" && template.Name != "" {
			page.Templates = append(page.Templates, template.read(kind, a.Secrets(account)))
		}
	}
	return page, nil
}

func (l listed) read(kind chat.MessageKind, secrets []string) channels.Template {
	var parts container
	if jsonstrict.Unmarshal([]byte(l.Container), &parts) != nil || parts.Body == "" {
		parts = container{Body: l.Data}
	}
	out := channels.Template{
		TemplateReview: channels.TemplateReview{
			Ref: string(l.ID), Name: l.Name, Language: l.Language, Category: strings.ToLower(l.Category),
			Status: stateOf(l.Status), Quality: qualityOf(l.Quality),
		},
		Body: parts.Body, Footer: parts.Footer, Variables: variables(parts.Body, parts.SampleBody),
	}
	if out.Status != channels.TemplateApproved {
		out.Reason = answer.Words(string(l.Reason), secrets)
	}
	switch {
	case kind != chat.KindText:
		out.Header = &channels.TemplateHeader{Kind: kind, Example: oneOf(parts.SampleMedia, parts.MediaID)}
	case parts.Header != "":
		out.Header = &channels.TemplateHeader{Kind: kind, Text: parts.Header}
		if named := variables(parts.Header, parts.SampleHeader); len(named) > 0 {
			out.Header.Example = named[0].Example
		}
	}
	for b, err := range parts.Buttons.All() {
		if err == nil {
			out.Buttons = append(out.Buttons, b.read())
		}
	}
	return out
}

func (b button) read() channels.TemplateButton {
	out := channels.TemplateButton{Kind: strings.ToLower(b.Type), Text: b.Text, Value: oneOf(b.URL, b.Phone)}
	if len(b.Example) > 0 {
		out.Example = b.Example[0]
	}
	return out
}

var variablePattern = regexp.MustCompile(`\{\{\s*([0-9A-Za-z_]+)\s*\}\}`)

// variables are those of a text, with the examples of its sample if each has one.
func variables(text, sample string) []channels.TemplateVariable {
	var out []channels.TemplateVariable
	examples := examplesIn(text, sample)
	for i, match := range variablePattern.FindAllStringSubmatch(text, -1) {
		if slices.ContainsFunc(out, func(v channels.TemplateVariable) bool { return v.Name == match[1] }) {
			continue
		}
		named := channels.TemplateVariable{Name: match[1]}
		if examples != nil {
			named.Example = examples[i]
		}
		out = append(out, named)
	}
	return out
}

// examplesIn reads what stands in a sample where a text has its variables, with or without
// square brackets around each. It is nil when the two do not match otherwise.
func examplesIn(text, sample string) []string {
	literals := variablePattern.Split(text, -1)
	last := len(literals) - 1
	rest, begins := strings.CutPrefix(sample, literals[0])
	rest, ends := strings.CutSuffix(rest, literals[last])
	if !begins || !ends || last == 0 || variablePattern.MatchString(sample) {
		return nil
	}
	var out []string
	for _, literal := range literals[1:last] {
		example, after, found := strings.Cut(rest, literal)
		if !found || literal == "" {
			return nil
		}
		out, rest = append(out, example), after
	}
	out = append(out, rest)
	for i, example := range out {
		if example == "" {
			return nil
		}
		if inner, ok := strings.CutPrefix(example, "["); ok && strings.HasSuffix(inner, "]") {
			out[i] = strings.TrimSuffix(inner, "]")
		}
	}
	return out
}
