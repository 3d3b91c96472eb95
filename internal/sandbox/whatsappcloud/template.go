package whatsappcloud

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// readTemplate finds the template and fills it, if the parameters fit.
func (s *Side) readTemplate(attempt *stage.Attempt, part *templatePart) *graphError {
	attempt.Kind = chat.KindTemplate
	switch {
	case part == nil || part.Name == "":
		return errMissing("The parameter template['name'] is required.")
	case part.Language == nil || part.Language.Code == "":
		return errMissing("The parameter template['language']['code'] is required.")
	}
	template, found := s.template(attempt.Account, part.Name, part.Language.Code)
	if !found {
		return &graphError{
			code: 132001, status: http.StatusNotFound, title: "Template name does not exist in the translation",
			details: fmt.Sprintf("template name (%s) does not exist in %s", part.Name, part.Language.Code),
		}
	}
	if stage.IsUserID(attempt.To) && strings.EqualFold(template.Category, "authentication") {
		return &graphError{
			code: 131062, status: http.StatusBadRequest,
			title:   "Business-scoped User ID (BSUID) recipients are not supported for this message.",
			details: "Authentication templates need the recipient's phone number.",
		}
	}
	if problem := s.header(attempt, template, part.Components); problem != nil {
		return problem
	}
	values, problem := parameters(template.Template, part.Components)
	if problem != nil {
		return problem
	}
	buttons, problem := buttonsOf(template, part.Components)
	if problem != nil {
		return problem
	}
	attempt.Text = template.Fill(values)
	attempt.More.Template, attempt.More.Footer, attempt.More.Buttons = template.Name, template.Footer, buttons
	return nil
}

// parameters reads the values for the body's variables, by name or by position.
func parameters(template stage.Template, components []componentPart) (map[string]string, *graphError) {
	var given []parameterPart
	for _, c := range components {
		if strings.EqualFold(c.Type, "body") {
			given = append(given, c.Parameters...)
		}
	}
	names := template.Names()
	if len(given) != len(names) {
		return nil, &graphError{
			code: 132000, status: http.StatusBadRequest,
			title: "Number of parameters does not match the expected number of params",
			details: fmt.Sprintf("body: number of localizable_params (%d) does not match the expected number of params (%d)",
				len(given), len(names)),
		}
	}
	values := map[string]string{}
	for i, p := range given {
		name := names[i]
		if template.Named {
			name = p.Name
		}
		switch {
		case p.Type != "text":
			return nil, errFormat("body: parameter %d must be of type text, not %q", i, p.Type)
		case p.Text == "":
			return nil, errMissing("Parameter of type text is missing text value at index %d of the body.", i)
		case strings.ContainsAny(p.Text, "\n\t") || strings.Contains(p.Text, "     "):
			return nil, errTemplateValue("Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
		case template.Named && name == "":
			return nil, errParameter("Parameter name is missing or empty")
		case !template.Named && p.Name != "":
			return nil, errFormat("body: parameter_name %q is given for a template with positional parameters", p.Name)
		}
		values[name] = p.Text
	}
	for _, name := range names {
		if _, ok := values[name]; !ok {
			return nil, errParameter("Parameter name %q is missing", name)
		}
	}
	return values, nil
}

func errFormat(format string, values ...any) *graphError {
	return &graphError{
		code: 132012, status: http.StatusBadRequest,
		title: "Parameter format does not match format in the created template", details: fmt.Sprintf(format, values...),
	}
}

func errTemplateValue(format string, values ...any) *graphError {
	return &graphError{
		code: 132018, status: http.StatusBadRequest,
		title: "There's an issue with the parameters in your template", details: fmt.Sprintf(format, values...),
	}
}

// template finds a template that can be sent.
func (s *Side) template(account *stage.Account, name, language string) (submitted, bool) {
	all := s.templatesOf(account)
	at := slices.IndexFunc(all, func(t submitted) bool {
		return t.Name == name && t.Language == language && t.status == "APPROVED"
	})
	if at < 0 {
		return submitted{}, false
	}
	return all[at], true
}

// header fills what stands over the text.
func (s *Side) header(attempt *stage.Attempt, template submitted, components []componentPart) *graphError {
	at := slices.IndexFunc(template.components, func(c componentDef) bool { return c.Type == "HEADER" })
	given := slices.IndexFunc(components, func(c componentPart) bool { return strings.EqualFold(c.Type, "header") })
	if at < 0 {
		if given >= 0 {
			return errFormat("header: the template has none")
		}
		return nil
	}
	def := template.components[at]
	var values []parameterPart
	if given >= 0 {
		values = components[given].Parameters
	}
	wanted := 1
	if def.Format == "TEXT" {
		wanted = len(stage.Template{Body: def.Text}.Names())
	}
	if len(values) != wanted {
		return &graphError{
			code: 132000, status: http.StatusBadRequest, title: "Number of parameters does not match the expected number of params",
			details: fmt.Sprintf("header: number of localizable_params (%d) does not match the expected number of params (%d)", len(values), wanted),
		}
	}
	if wanted == 0 {
		attempt.More.Header = def.Text
		return nil
	}
	value := values[0]
	if !strings.EqualFold(value.Type, def.Format) {
		return errFormat("header: Format mismatch, expected %s, received %s", def.Format, strings.ToUpper(value.Type))
	}
	switch part := value.file(); {
	case def.Format == "TEXT":
		header := stage.Template{Body: def.Text}
		attempt.More.Header = header.Fill(map[string]string{header.Names()[0]: value.Text})
	case def.Format == "LOCATION":
		return readPlace(attempt, value.Location)
	case part == nil:
		return errMissing("Parameter of type %s is missing its object.", value.Type)
	default:
		media, problem := s.resolve(chat.MessageKind(value.Type), part)
		if problem != nil {
			return problem
		}
		attempt.More.Media = []stage.Media{media}
	}
	return nil
}

// buttonsOf lists the template's buttons with the values that the call gives them.
func buttonsOf(template submitted, components []componentPart) ([]stage.Button, *graphError) {
	var defs []buttonDef
	for _, c := range template.components {
		defs = append(defs, c.Buttons...)
	}
	var buttons []stage.Button
	for _, d := range defs {
		style, id := stage.QuickReply, d.Text
		if d.Type != "QUICK_REPLY" {
			style, id = stage.URLButton, d.URL+d.Phone
		}
		buttons = append(buttons, stage.Button{Style: style, ID: id, Title: d.Text})
	}
	filled := map[int]bool{}
	for _, c := range components {
		if !strings.EqualFold(c.Type, "button") {
			continue
		}
		index, err := strconv.Atoi(fmt.Sprint(c.Index))
		if err != nil || index < 0 || index >= len(buttons) || !strings.EqualFold(c.SubType, defs[index].Type) {
			return nil, errTemplateValue("button: there is no %s at index %v", c.SubType, c.Index)
		}
		if filled[index] = true; len(c.Parameters) == 0 {
			continue
		}
		switch p := c.Parameters[0]; defs[index].Type {
		case "QUICK_REPLY":
			if p.Payload != "" {
				buttons[index].ID = p.Payload
			}
		case "URL":
			buttons[index].ID = strings.ReplaceAll(defs[index].URL, "{{1}}", p.Text)
		case "COPY_CODE":
			buttons[index].ID, buttons[index].Title = p.Code, "Copy code"
		}
	}
	for i, d := range defs {
		if strings.Contains(d.URL, "{{1}}") && !filled[i] {
			return nil, &graphError{
				code: 131008, status: http.StatusBadRequest, title: "Required parameter is missing",
				details: fmt.Sprintf("button at index %d of type Url requires a parameter", i),
			}
		}
	}
	return buttons, nil
}
