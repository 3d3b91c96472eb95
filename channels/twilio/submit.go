package twilio

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"converse/channels"
	"converse/channels/answer"
	"converse/channels/jsonstrict"
	"converse/internal/chat"
)

// SubmitTemplate makes a Content template and hands it in to WhatsApp (Content API,
// "Create a Content template" and "Submit for approval"). One that WhatsApp's side does
// not take is removed again, so that a second try does not leave two. A content that was
// handed in cannot be changed (error 92009), and its name is taken (error 60227): that of
// Ref is removed, and a new one takes its place.
func (a Adapter) SubmitTemplate(ctx context.Context, doer channels.Doer, account channels.Account, template channels.Template) (channels.TemplateReview, error) {
	body, refused := writeContent(template)
	if refused != nil {
		return channels.TemplateReview{}, refused
	}
	if contentPattern.MatchString(template.Ref) {
		a.remove(ctx, doer, account, "/v1/Content/"+template.Ref) // which frees its name
	}
	made, err := a.post(ctx, doer, account, "/v1/Content", body)
	if err != nil {
		return channels.TemplateReview{}, err
	}
	var s said
	if jsonstrict.Unmarshal(made, &s) != nil || !contentPattern.MatchString(string(s.SID)) {
		return channels.TemplateReview{}, &channels.Error{Reason: channels.ReasonMalformed, Text: "Twilio's answer holds no Content SID."}
	}
	place := "/v1/Content/" + string(s.SID)
	handed, err := a.post(ctx, doer, account, place+"/ApprovalRequests/whatsapp", map[string]string{
		"name": template.Name, "category": strings.ToUpper(template.Category),
	})
	if err != nil {
		a.remove(ctx, doer, account, place)
		return channels.TemplateReview{}, err
	}
	var at approval
	if jsonstrict.Unmarshal(handed, &at) != nil {
		at = approval{} // it was taken all the same; a list tells the rest
	}
	review := at.review(string(s.SID), template.Name, template.Language)
	if review.Category == "" {
		review.Category = template.Category
	}
	return review, nil
}

// post makes a call of the Content API, and returns the answer's body.
func (a Adapter) post(ctx context.Context, doer channels.Doer, account channels.Account, path string, body any) ([]byte, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, &channels.Error{Reason: rejected, Text: "The template cannot be written as JSON."}
	}
	request, err := newRequest(ctx, account, http.MethodPost, account.API(publicContent)+path, string(data))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	got, err := answer.Of(doer, request)
	if err != nil {
		return nil, err
	}
	if !got.OK() || !got.Whole {
		return nil, asked(got, a.Secrets(account))
	}
	return got.Body, nil
}

// remove deletes a content that is of no use. What becomes of that is not said: what came
// before it is.
func (a Adapter) remove(ctx context.Context, doer channels.Doer, account channels.Account, path string) {
	request, err := newRequest(ctx, account, http.MethodDelete, account.API(publicContent)+path, "")
	if err != nil {
		return
	}
	_, _ = answer.Of(doer, request) // as above
}

// numbered finds {{1}}.
var numbered = regexp.MustCompile(`\{\{\s*([0-9]+)\s*\}\}`)

// contentWriter puts a template into one of Twilio's types, and its variables into one row:
// those of the body first, then the header's, then the buttons'.
type contentWriter struct{ variables map[string]string }

func writeContent(t channels.Template) (any, *channels.Error) {
	named := len(variable.FindAllString(t.Body, -1)) != len(numbered.FindAllString(t.Body, -1))
	switch {
	case t.Named || named:
		return nil, &channels.Error{Reason: rejected, Text: "Twilio numbers the variables of a template: write {{1}}, {{2}} and so on."}
	case strings.EqualFold(t.Category, "authentication"):
		return nil, &channels.Error{Reason: unsupported, Text: "Templates for one-time passwords are made in Twilio's Content Template Builder."}
	case t.Header != nil && t.Header.Kind == chat.KindLocation:
		return nil, &channels.Error{Reason: unsupported, Text: "Twilio has no templates with a location in their header."}
	}
	w := contentWriter{variables: map[string]string{}}
	for i, v := range t.Variables {
		w.variables[strconv.Itoa(i+1)] = v.Example
	}
	name, form := w.form(t)
	content := map[string]any{"friendly_name": t.Name, "language": t.Language, "types": map[string]any{name: form}}
	if len(w.variables) > 0 {
		content["variables"] = w.variables
	}
	return content, nil
}

// form is the plainest type that holds all parts of the template.
func (w contentWriter) form(t channels.Template) (name string, form map[string]any) {
	form = map[string]any{"body": t.Body}
	name = typeText
	if h := t.Header; h != nil {
		name = typeWhatsAppCard
		if h.Kind == chat.KindText {
			form["header_text"] = w.number(h.Text, h.Example)
		} else {
			form["media"] = []string{h.Example}
		}
	}
	if t.Footer != "" {
		name, form["footer"] = typeWhatsAppCard, t.Footer
	}
	if len(t.Buttons) == 0 {
		if name == typeWhatsAppCard && t.Footer == "" && form["media"] != nil {
			name = typeMedia
		}
		return name, form
	}
	var actions []map[string]string
	kinds := map[string]bool{}
	for _, b := range t.Buttons {
		kinds[b.Kind] = true
		actions = append(actions, w.action(b))
	}
	form["actions"] = actions
	switch {
	case name == typeWhatsAppCard || kinds["quick_reply"] && len(kinds) > 1:
		return typeWhatsAppCard, form
	case kinds["quick_reply"]:
		return typeQuickReply, form
	}
	return typeCallToAction, form
}

func (w contentWriter) action(b channels.TemplateButton) map[string]string {
	switch b.Kind {
	case "url":
		return map[string]string{"type": "URL", "title": b.Text, "url": w.number(b.Value, b.Example)}
	case "phone_number":
		return map[string]string{"type": "PHONE_NUMBER", "title": b.Text, "phone": b.Value}
	case "copy_code":
		return map[string]string{"type": "COPY_CODE", "title": b.Text, "code": w.number(b.Value, b.Example)}
	}
	return map[string]string{"type": "QUICK_REPLY", "title": b.Text, "id": b.Text}
}

// number gives the variable of a header or a button, if there is one, the next number.
func (w contentWriter) number(text, example string) string {
	if !variable.MatchString(text) {
		return text
	}
	next := strconv.Itoa(len(w.variables) + 1)
	w.variables[next] = example
	return variable.ReplaceAllLiteralString(text, "{{"+next+"}}")
}
