package whatsappcloud

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// templateAnswer is a template as Meta lists it (Meta, "Template management").
type templateAnswer struct {
	ID         jsonstrict.Text             `json:"id"`
	Name       string                      `json:"name"`
	Language   string                      `json:"language"`
	Category   string                      `json:"category"`
	Status     string                      `json:"status"`
	Rejected   string                      `json:"rejected_reason"`
	Format     string                      `json:"parameter_format"`
	Components jsonstrict.List[definition] `json:"components"`
	Quality    struct {
		Score string `json:"score"`
	} `json:"quality_score"`
}

// definition is a part of a template, in listings and when one is handed in.
type definition struct {
	Type    string             `json:"type"`
	Format  string             `json:"format,omitempty"`
	Text    string             `json:"text,omitempty"`
	Example *examples          `json:"example,omitempty"`
	Buttons []buttonDefinition `json:"buttons,omitempty"`
}

// examples are values for the variables of a header or of the body.
type examples struct {
	Header       []string       `json:"header_text,omitempty"`
	HeaderNamed  []namedExample `json:"header_text_named_params,omitempty"`
	HeaderHandle []string       `json:"header_handle,omitempty"`
	Body         [][]string     `json:"body_text,omitempty"`
	BodyNamed    []namedExample `json:"body_text_named_params,omitempty"`
}

type namedExample struct {
	Name  string `json:"param_name"`
	Value string `json:"example"`
}

type buttonDefinition struct {
	Type    string `json:"type"`
	Text    string `json:"text,omitempty"`
	URL     string `json:"url,omitempty"`
	Phone   string `json:"phone_number,omitempty"`
	Example texts  `json:"example,omitempty"`
}

// texts is a list of texts, or one text alone.
type texts []string

// UnmarshalJSON takes both forms.
func (t *texts) UnmarshalJSON(data []byte) error {
	var one jsonstrict.Text
	if one.UnmarshalJSON(data) == nil {
		*t = texts{string(one)}
		return nil
	}
	var many jsonstrict.List[jsonstrict.Text]
	*t = nil
	_ = many.UnmarshalJSON(data) // it never fails
	for text, err := range many.All() {
		if err == nil {
			*t = append(*t, string(text))
		}
	}
	return nil
}

type templatesAnswer struct {
	orError
	Templates jsonstrict.List[templateAnswer] `json:"data"`
	Paging    struct {
		Cursors struct {
			After string `json:"after"`
		} `json:"cursors"`
		Next string `json:"next"`
	} `json:"paging"`
}

// templatesPerPage is how many templates are asked for at once.
const templatesPerPage = "100"

const templateFields = "id,name,language,category,status,rejected_reason,parameter_format,components,quality_score"

// ListTemplates returns a page of the account's templates. Those that nothing here can
// fill, such as carousels, are left out.
func (a Adapter) ListTemplates(ctx context.Context, doer channels.Doer, account channels.Account, cursor string) (channels.TemplatePage, error) {
	var page channels.TemplatePage
	query := url.Values{"fields": {templateFields}, "limit": {templatesPerPage}}
	if cursor != "" {
		query.Set("after", cursor)
	}
	address, err := endpoint(account, account.Settings[SettingWABA], "/message_templates?"+query.Encode())
	if err != nil {
		return page, err
	}
	said, err := ask[templatesAnswer](ctx, doer, account, http.MethodGet, address, "list the templates")
	if err != nil {
		return page, withoutRight(err)
	}
	for template := range readable(said.Templates) {
		if read, ok := template.read(a.Secrets(account)); ok {
			page.Templates = append(page.Templates, read)
		}
	}
	if said.Paging.Next != "" && said.Paging.Cursors.After != cursor {
		page.Cursor = said.Paging.Cursors.After
	}
	return page, nil
}

// withoutRight says of a token that lacks a right alone that it sends, but knows no
// templates.
func withoutRight(err error) error {
	refused, ok := errors.AsType[*channels.Error](err)
	if !ok {
		return err
	}
	if known, _ := lookup(refused.Code); refused.Reason != badCredentials || known.next != askForRights {
		return err
	}
	return &channels.Error{
		Reason: unsupported, Code: refused.Code,
		Text: "The access token may not manage templates: give the system user whatsapp_business_management.",
	}
}

// read turns a template into ours. ok is false for one that cannot be filled here.
func (t templateAnswer) read(secrets []string) (out channels.Template, ok bool) {
	out.TemplateReview = channels.TemplateReview{
		Ref: string(t.ID), Name: t.Name, Language: language(t.Language), Category: category(t.Category),
		Status: stateOf(t.Status), Quality: quality(t.Quality.Score),
	}
	if out.Status != channels.TemplateApproved {
		out.Reason = answer.Words(reasonWord(t.Rejected, t.Status), secrets)
	}
	out.Named = strings.EqualFold(t.Format, "named")
	for part := range readable(t.Components) {
		switch strings.ToUpper(part.Type) {
		case "HEADER":
			if out.Header, ok = part.header(); !ok {
				return out, false
			}
		case "BODY":
			out.Body, out.Variables = part.Text, part.variables()
		case "FOOTER":
			out.Footer = part.Text
		case "BUTTONS":
			for _, b := range part.Buttons {
				if !fillable[strings.ToUpper(b.Type)] {
					return out, false
				}
				out.Buttons = append(out.Buttons, b.read())
			}
		default:
			return out, false
		}
	}
	return out, out.Name != "" && out.Body != ""
}

// fillable are the buttons that need no value, or one that can be given here. Those of
// catalogues and of codes to sign in with are none of them.
var fillable = map[string]bool{
	"QUICK_REPLY": true, "URL": true, "PHONE_NUMBER": true, "COPY_CODE": true, "FLOW": true, "VOICE_CALL": true,
}

// stateOf is where a template stands. One in a state that is not known cannot be sent.
func stateOf(status string) channels.TemplateStatus {
	if state, ok := states[status]; ok {
		return state
	}
	return channels.TemplatePending
}

// headerKinds are what can stand over a template.
var headerKinds = map[string]chat.MessageKind{
	"TEXT": chat.KindText, "IMAGE": chat.KindImage, "VIDEO": chat.KindVideo,
	"DOCUMENT": chat.KindDocument, "LOCATION": chat.KindLocation,
}

func (d definition) header() (*channels.TemplateHeader, bool) {
	kind, ok := headerKinds[strings.ToUpper(d.Format)]
	header := &channels.TemplateHeader{Kind: kind, Text: d.Text}
	switch e := d.Example; {
	case e == nil:
	case len(e.Header) > 0:
		header.Example = e.Header[0]
	case len(e.HeaderNamed) > 0:
		header.Example = e.HeaderNamed[0].Value
	case len(e.HeaderHandle) > 0:
		header.Example = e.HeaderHandle[0]
	}
	return header, ok
}

var variablePattern = regexp.MustCompile(`\{\{\s*([0-9A-Za-z_]+)\s*\}\}`)

// variables are those of the body in the order of the text, with their examples.
func (d definition) variables() []channels.TemplateVariable {
	var out []channels.TemplateVariable
	for _, match := range variablePattern.FindAllStringSubmatch(d.Text, -1) {
		if !slices.ContainsFunc(out, func(v channels.TemplateVariable) bool { return v.Name == match[1] }) {
			out = append(out, channels.TemplateVariable{Name: match[1]})
		}
	}
	if d.Example == nil {
		return out
	}
	for i := range out {
		if len(d.Example.Body) > 0 && i < len(d.Example.Body[0]) {
			out[i].Example = d.Example.Body[0][i]
		}
		for _, named := range d.Example.BodyNamed {
			if named.Name == out[i].Name {
				out[i].Example = named.Value
			}
		}
	}
	return out
}

func (b buttonDefinition) read() channels.TemplateButton {
	out := channels.TemplateButton{Kind: category(b.Type), Text: b.Text, Value: b.URL}
	out.Kind = strings.ReplaceAll(out.Kind, " ", "_")
	if b.Phone != "" {
		out.Value = b.Phone
	}
	if len(b.Example) > 0 {
		out.Example = b.Example[0]
		if out.Value == "" {
			out.Value = b.Example[0]
		}
	}
	return out
}
