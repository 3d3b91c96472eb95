package whatsappcloud

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"converse/internal/sandbox/stage"
)

// reviewTime is how long the sandbox's review takes; Meta's takes up to a day.
const reviewTime = time.Second

// submitted is a template that was handed in by a call. Its parts are kept as they came.
type submitted struct {
	stage.Template
	id         string
	status     string
	reason     string
	format     string
	components []componentDef
	// edits are when it was edited while it was approved.
	edits []time.Time
}

// templateRequest is the body of POST /{account}/message_templates.
type templateRequest struct {
	Name       string         `json:"name"`
	Language   string         `json:"language"`
	Category   string         `json:"category"`
	Format     string         `json:"parameter_format"`
	Components []componentDef `json:"components"`
}

type componentDef struct {
	Type    string      `json:"type"`
	Format  string      `json:"format,omitempty"`
	Text    string      `json:"text,omitempty"`
	Example *exampleDef `json:"example,omitempty"`
	Buttons []buttonDef `json:"buttons,omitempty"`
}

type exampleDef struct {
	HeaderText   []string    `json:"header_text,omitempty"`
	HeaderNamed  []namedText `json:"header_text_named_params,omitempty"`
	HeaderHandle []string    `json:"header_handle,omitempty"`
	BodyText     [][]string  `json:"body_text,omitempty"`
	BodyNamed    []namedText `json:"body_text_named_params,omitempty"`
}

type namedText struct {
	Name    string `json:"param_name"`
	Example string `json:"example"`
}

type buttonDef struct {
	Type    string   `json:"type"`
	Text    string   `json:"text,omitempty"`
	URL     string   `json:"url,omitempty"`
	Phone   string   `json:"phone_number,omitempty"`
	Example []string `json:"example,omitempty"`
}

var templateName = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)

// submit plays POST /{account}/message_templates. One with the word "refuse" in its name
// or text does not pass the review.
func (s *Side) submit(w http.ResponseWriter, r *http.Request) {
	account, ok := s.account(w, r)
	if !ok {
		return
	}
	req, problem := readTemplate(w, r)
	var made *submitted
	if problem == nil {
		made, problem = req.make()
	}
	if problem == nil {
		problem = s.proof(account, made)
	}
	if problem == nil && slices.ContainsFunc(s.templatesOf(account), func(t submitted) bool {
		return t.Name == made.Name && t.Language == made.Language
	}) {
		problem = errTemplate(2388024, "There is already content in this language for this template.")
	}
	if problem != nil {
		problem.answer().Write(w)
		return
	}
	made.id = templateID(account, made.Template)
	s.mu.Lock()
	s.handedIn[account.AccountID] = append(s.handedIn[account.AccountID], made)
	s.mu.Unlock()
	answer(http.StatusOK, map[string]string{"id": made.id, "status": "PENDING", "category": strings.ToUpper(made.Category)}).Write(w)
	s.stage.News(s, account, "template review", reviewTime, func() []byte { return s.review(account, made) })
}

// readTemplate reads the body of a call that makes a template, or edits one.
func readTemplate(w http.ResponseWriter, r *http.Request) (req templateRequest, problem *graphError) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err == nil {
		err = json.Unmarshal(body, &req)
	}
	if err != nil {
		return req, errParameter("The request body is not valid JSON: %v", err)
	}
	return req, nil
}

// make checks a template as Meta does before it looks at it.
func (r templateRequest) make() (*submitted, *graphError) {
	made := &submitted{status: "PENDING", format: strings.ToUpper(r.Format), components: r.Components}
	if made.format == "" {
		made.format = "POSITIONAL"
	}
	made.Template = stage.Template{Name: r.Name, Language: r.Language, Category: strings.ToLower(r.Category), Named: made.format == "NAMED"}
	switch {
	case !templateName.MatchString(r.Name):
		return nil, errParameter("Param name must be lower case letters, digits and underscores.")
	case r.Language == "":
		return nil, errParameter("The parameter language is required.")
	case !slices.Contains([]string{"MARKETING", "UTILITY", "AUTHENTICATION"}, r.Category):
		return nil, errParameter("Param category must be one of {AUTHENTICATION, MARKETING, UTILITY} - got %q.", r.Category)
	}
	for _, c := range r.Components {
		if problem := made.part(c); problem != nil {
			return nil, problem
		}
	}
	if made.Body == "" {
		return nil, errParameter("The template has no component of type BODY.")
	}
	return made, nil
}

// part checks one component (Meta, "Template components").
func (t *submitted) part(c componentDef) *graphError {
	length := utf8.RuneCountInString(c.Text)
	switch c.Type {
	case "HEADER":
		switch {
		case c.Format == "TEXT" && (length == 0 || length > 60):
			return errTemplate(2388047, "The header must be 1 to 60 characters long.")
		case slices.Contains([]string{"IMAGE", "VIDEO", "DOCUMENT"}, c.Format) && (c.Example == nil || len(c.Example.HeaderHandle) == 0):
			return errTemplate(2388273, "The header needs an example: a handle of the resumable upload.")
		case c.Format != "TEXT" && c.Format != "IMAGE" && c.Format != "VIDEO" && c.Format != "DOCUMENT" && c.Format != "LOCATION":
			return errTemplate(2388047, "The header's format is not known.")
		}
	case "BODY":
		t.Body = c.Text
		return t.body(c, length)
	case "FOOTER":
		if t.Footer = c.Text; length == 0 || length > 60 {
			return errTemplate(2388073, "The footer must be 1 to 60 characters long.")
		}
	case "BUTTONS":
		if len(c.Buttons) == 0 || len(c.Buttons) > 10 {
			return errParameter("A template must have 1 to 10 buttons, not %d.", len(c.Buttons))
		}
		for _, b := range c.Buttons {
			if utf8.RuneCountInString(b.Text) > 25 {
				return errTemplate(2388040, "A button's text must be at most 25 characters long.")
			}
			if b.Type == "COPY_CODE" && (len(b.Example) == 0 || b.Example[0] == "" || utf8.RuneCountInString(b.Example[0]) > 15) {
				return errParameter("A button of type COPY_CODE needs an example of up to 15 characters.")
			}
			t.Buttons = append(t.Buttons, b.Text)
		}
	default:
		return errParameter("Param components['type'] must be one of {HEADER, BODY, FOOTER, BUTTONS} - got %q.", c.Type)
	}
	return nil
}

func (t *submitted) body(c componentDef, length int) *graphError {
	names := t.Names()
	given := 0
	if c.Example != nil {
		given = len(c.Example.BodyNamed)
		if len(c.Example.BodyText) > 0 {
			given = len(c.Example.BodyText[0])
		}
	}
	trimmed := strings.TrimSpace(c.Text)
	switch {
	case length == 0 || length > 1024:
		return errTemplate(2388072, "The body must be 1 to 1024 characters long.")
	case strings.HasPrefix(trimmed, "{{") || strings.HasSuffix(trimmed, "}}"):
		return errTemplate(2388299, "Variables can't be at the start or end of the template.")
	case len(strings.Fields(c.Text)) < 2*len(names):
		return errTemplate(2388293, "This template has too many variables for its length.")
	case given != len(names):
		return errTemplate(2388043, "Message template \"components\" param is missing expected field(s): an example for each variable.")
	}
	return nil
}

// errTemplate is how a template is refused: the general code, and the reason beside it.
func errTemplate(subcode int, words string) *graphError {
	return &graphError{code: 100, status: http.StatusBadRequest, subcode: subcode, title: "Invalid parameter", user: words}
}

// review ends a review, and writes the webhook that tells of it.
func (s *Side) review(account *stage.Account, t *submitted) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.status, t.reason = "APPROVED", "NONE"
	if strings.Contains(t.Name+" "+t.Body, "refuse") {
		t.status, t.reason = "REJECTED", "INVALID_FORMAT"
	}
	id, err := strconv.ParseInt(t.id, 10, 64)
	if err != nil {
		panic(err) // it is made of digits
	}
	news := map[string]any{
		"event": t.status, "message_template_id": id, "message_template_name": t.Name,
		"message_template_language": strings.ReplaceAll(t.Language, "_", "-"), "reason": t.reason,
		"message_template_category": strings.ToUpper(t.Category),
	}
	if t.status == "REJECTED" {
		news["rejection_info"] = map[string]string{
			"reason": "It has the word that the sandbox refuses.", "recommendation": "Leave it out.",
		}
	}
	return changeOf(account, "message_template_status_update", news)
}

// templatesOf lists an account's templates: those it was set up with, and those handed in.
func (s *Side) templatesOf(account *stage.Account) []submitted {
	var all []submitted
	s.mu.Lock()
	defer s.mu.Unlock()
	handedIn := s.handedIn[account.AccountID]
	for _, t := range account.Templates {
		set := played(account, t)
		if !slices.ContainsFunc(handedIn, func(t *submitted) bool { return t.id == set.id }) {
			all = append(all, set)
		}
	}
	for _, t := range handedIn {
		all = append(all, *t)
	}
	return all
}

func templateID(account *stage.Account, t stage.Template) string {
	if t.Ref != "" {
		return t.Ref
	}
	return strconv.FormatUint(1e15+hash(account.AccountID+" "+t.Name+" "+t.Language)%9e15, 10)
}

// played is a template that the account was set up with, as if it had been handed in.
func played(account *stage.Account, t stage.Template) submitted {
	out := submitted{Template: t, id: templateID(account, t), status: cmp.Or(t.Status, "APPROVED"), reason: "NONE", format: "POSITIONAL"}
	if out.Category == "" {
		out.Category = "utility"
	}
	body := componentDef{Type: "BODY", Text: t.Body}
	if names := t.Names(); t.Named {
		out.format, body.Example = "NAMED", &exampleDef{}
		for _, name := range names {
			body.Example.BodyNamed = append(body.Example.BodyNamed, namedText{name, "example"})
		}
	} else if len(names) > 0 {
		body.Example = &exampleDef{BodyText: [][]string{slices.Repeat([]string{"example"}, len(names))}}
	}
	out.components = []componentDef{body}
	if t.Footer != "" {
		out.components = append(out.components, componentDef{Type: "FOOTER", Text: t.Footer})
	}
	if len(t.Buttons) > 0 {
		buttons := componentDef{Type: "BUTTONS"}
		for _, title := range t.Buttons {
			buttons.Buttons = append(buttons.Buttons, buttonDef{Type: "QUICK_REPLY", Text: title})
		}
		out.components = append(out.components, buttons)
	}
	return out
}

// describe is the template as Graph lists it.
func (t submitted) describe() map[string]any {
	out := map[string]any{
		"name": t.Name, "language": t.Language, "status": t.status, "category": strings.ToUpper(t.Category),
		"parameter_format": t.format, "components": t.components, "id": t.id,
		"quality_score": map[string]any{"score": "UNKNOWN"},
	}
	if t.status == "REJECTED" {
		out["rejected_reason"] = t.reason
	}
	return out
}
