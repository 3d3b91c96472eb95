package gupshup

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"converse/internal/sandbox/stage"
)

// submitted is a template that was handed in by a call.
type submitted struct {
	stage.Template
	status string
	// kind is Gupshup's templateType: TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION.
	kind string
	// reason is why it was refused.
	reason string
	shown  container
}

// container are a template's parts as listings show them, in an object of their own: what
// was handed in, the examples in the places of the variables, and the handle of the example
// file (partner-docs.gupshup.io, "Apply for templates", sample answer).
type container struct {
	AppID        string   `json:"appId"`
	Body         string   `json:"data"`
	Header       string   `json:"header,omitempty"`
	Footer       string   `json:"footer,omitempty"`
	Buttons      []button `json:"buttons,omitempty"`
	SampleText   string   `json:"sampleText,omitempty"`
	SampleHeader string   `json:"sampleHeader,omitempty"`
	SampleMedia  string   `json:"sampleMedia,omitempty"`
	EnableSample bool     `json:"enableSample"`
}

// button is one of a template's.
type button struct {
	Type    string   `json:"type"`
	Text    string   `json:"text"`
	URL     string   `json:"url,omitempty"`
	Phone   string   `json:"phone_number,omitempty"`
	Example []string `json:"example,omitempty"`
}

// templateID is Gupshup's id of a template. Where none is given it is made of what
// identifies one, so that it is the same whenever the sandbox starts.
func templateID(t stage.Template) string {
	if t.Ref != "" {
		return t.Ref
	}
	return uuid("template " + t.Name + " " + t.Language)
}

// known lists the app's templates: those the account was set up with, and those handed in.
func (s *Side) known(account *stage.Account) []submitted {
	var all []submitted
	for _, t := range account.Templates {
		shown := container{AppID: account.AccountID, Body: t.Body, Footer: t.Footer}
		for _, title := range t.Buttons {
			shown.Buttons = append(shown.Buttons, button{Type: "QUICK_REPLY", Text: title})
		}
		all = append(all, submitted{Template: t, status: cmp.Or(t.Status, "APPROVED"), kind: "TEXT", shown: shown})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.handedIn[account.AccountID] {
		all = append(all, *t)
	}
	return all
}

// templates plays GET …/templates.
func (s *Side) templates(w http.ResponseWriter, _ *http.Request, account *stage.Account) {
	list := []map[string]any{}
	for _, t := range s.known(account) {
		list = append(list, describe(account, t))
	}
	answer(http.StatusOK, map[string]any{"status": "success", "templates": list}).Write(w)
}

func describe(account *stage.Account, t submitted) map[string]any {
	out := map[string]any{
		"id": templateID(t.Template), "externalId": "1" + strings.Trim(templateID(t.Template), "abcdef-"), "appId": account.AccountID,
		"elementName": t.Name, "languageCode": t.Language, "category": strings.ToUpper(t.Category), "templateType": t.kind,
		"status": t.status, "quality": "UNKNOWN", "data": t.text(), "containerMeta": string(encode(t.shown)), "createdOn": time.Now().UnixMilli(),
	}
	if t.reason != "" {
		out["reason"] = t.reason
	}
	return out
}

// text is all that a template says, in one.
func (t submitted) text() string {
	lines := []string{t.Body}
	if t.shown.Header != "" {
		lines = append([]string{t.shown.Header}, lines...)
	}
	if t.Footer != "" {
		lines = append(lines, t.Footer)
	}
	for i, b := range t.shown.Buttons {
		separator := "] | ["
		if i == 0 {
			separator = " | ["
		}
		lines[len(lines)-1] += separator + strings.Trim(b.Text+","+b.URL+b.Phone, ",")
	}
	if len(t.shown.Buttons) > 0 {
		lines[len(lines)-1] += "]"
	}
	return strings.Join(lines, "\n")
}

// submit plays POST …/templates. A review takes a moment; a template with the word
// "refuse" in its name or text does not pass.
func (s *Side) submit(w http.ResponseWriter, r *http.Request, account *stage.Account) {
	form, readable := readForm(w, r)
	made := written(account, form)
	problem := s.check(account, form, readable, made)
	if problem == "" && slices.ContainsFunc(s.known(account), func(t submitted) bool { return t.Name == made.Name && t.Language == made.Language }) {
		problem = "Template Already exists with same namespace and elementName and languageCode"
	}
	if problem != "" {
		failure(http.StatusBadRequest, problem).Write(w)
		return
	}
	s.mu.Lock()
	s.handedIn[account.AccountID] = append(s.handedIn[account.AccountID], made)
	s.mu.Unlock()
	answer(http.StatusOK, map[string]any{"status": "success", "template": describe(account, *made)}).Write(w)
	s.stage.News(s, account, "template review", reviewTime, func() []byte { return s.review(account, made) })
}

// written is the template that a form describes.
func written(account *stage.Account, form url.Values) *submitted {
	made := &submitted{status: "PENDING", kind: form.Get("templateType"), Template: stage.Template{
		Name: form.Get("elementName"), Language: cmp.Or(form.Get("languageCode"), "en_US"), Category: strings.ToLower(form.Get("category")),
		Body: form.Get("content"), Footer: form.Get("footer"),
	}}
	made.shown = container{
		AppID: account.AccountID, Body: made.Body, Header: form.Get("header"), Footer: made.Footer, SampleText: form.Get("example"),
		SampleHeader: form.Get("exampleHeader"), SampleMedia: form.Get("exampleMedia"), EnableSample: form.Get("enableSample") == "true",
	}
	return made
}

// edit plays PUT …/templates/{template}: all but the name and the language comes anew, and
// is reviewed again.
func (s *Side) edit(w http.ResponseWriter, r *http.Request, account *stage.Account) {
	form, readable := readForm(w, r)
	s.mu.Lock()
	list := s.handedIn[account.AccountID]
	at := slices.IndexFunc(list, func(t *submitted) bool { return templateID(t.Template) == r.PathValue("template") })
	var found submitted
	if at >= 0 {
		found = *list[at]
	}
	s.mu.Unlock()
	switch {
	case at < 0:
		failure(http.StatusBadRequest, "Template Does not exists.").Write(w)
		return
	case form.Has("elementName") || form.Has("languageCode"):
		failure(http.StatusBadRequest, "Template name and language cannot be changed").Write(w)
		return
	case !slices.Contains([]string{"APPROVED", "REJECTED", "PAUSED"}, found.status):
		failure(http.StatusBadRequest, "Template cannot be edited in its present state").Write(w)
		return
	}
	form.Set("elementName", found.Name)
	form.Set("languageCode", found.Language)
	form.Set("vertical", found.Name)
	made := written(account, form)
	if problem := s.check(account, form, readable, made); problem != "" {
		failure(http.StatusBadRequest, problem).Write(w)
		return
	}
	s.mu.Lock()
	s.handedIn[account.AccountID][at] = made
	s.mu.Unlock()
	answer(http.StatusOK, map[string]any{"status": "success", "template": describe(account, *made)}).Write(w)
	s.stage.News(s, account, "template review", reviewTime, func() []byte { return s.review(account, made) })
}

// reviewTime is how long the sandbox's review takes; WhatsApp's takes up to a day.
const reviewTime = time.Second

func (s *Side) check(account *stage.Account, form url.Values, readable bool, made *submitted) string {
	switch {
	case !readable || made.Name == "" || made.Body == "" || form.Get("vertical") == "" || form.Get("example") == "":
		return "Mandatory Fields Missing"
	case len([]rune(made.Name)) > 180 || len([]rune(form.Get("vertical"))) > 180 || len([]rune(made.Body)) > 1024 || len([]rune(made.Footer)) > 60 || len([]rune(made.shown.Header)) > 60:
		return "Template Limit Exceeded"
	case !slices.Contains([]string{"AUTHENTICATION", "MARKETING", "UTILITY"}, form.Get("category")):
		return "Invalid category provided, kindly use category from these option AUTHENTICATION, MARKETING, UTILITY."
	case form.Get("buttons") != "" && !readButtons(form.Get("buttons"), made):
		return "Invalid Buttons"
	case !slices.Contains([]string{"TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"}, made.kind):
		return "Invalid Template Type"
	}
	if types := stage.ProofKinds()[made.kind]; types != nil {
		media, found := s.stage.Proofs().Find(account, form.Get("exampleMedia"))
		if !found || !slices.Contains(types, media.ContentType) {
			return "Invalid exampleMedia: it must be the handleId of an uploaded file of the template's type"
		}
	}
	return ""
}

func readButtons(text string, made *submitted) bool {
	var list []button
	if json.Unmarshal([]byte(text), &list) != nil || len(list) > 10 {
		return false
	}
	made.shown.Buttons = list
	for _, b := range list {
		if b.Text == "" || len([]rune(b.Text)) > 25 || b.Type == "URL" && b.URL == "" || b.Type == "PHONE_NUMBER" && b.Phone == "" {
			return false
		}
		if b.Type == "QUICK_REPLY" {
			made.Buttons = append(made.Buttons, b.Text)
		}
	}
	return true
}

// review ends the review of a template and writes the callback that tells of it.
func (s *Side) review(account *stage.Account, t *submitted) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	payload := map[string]any{"type": "status-update", "id": templateID(t.Template), "elementName": t.Name, "languageCode": t.Language, "status": "approved"}
	t.status = "APPROVED"
	if strings.Contains(t.Name+" "+t.Body, "refuse") {
		t.status, t.reason = "REJECTED", "INVALID_FORMAT"
		payload["status"], payload["rejectedReason"] = "rejected", t.reason
	}
	return event(account, "template-event", time.Now(), payload)
}
