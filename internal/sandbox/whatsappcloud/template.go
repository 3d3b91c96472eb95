package whatsappcloud

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// readTemplate finds the template and fills it, if the parameters fit.
func readTemplate(attempt *stage.Attempt, part *templatePart) *graphError {
	attempt.Kind = chat.KindTemplate
	switch {
	case part == nil || part.Name == "":
		return errMissing("The parameter template['name'] is required.")
	case part.Language == nil || part.Language.Code == "":
		return errMissing("The parameter template['language']['code'] is required.")
	}
	template, found := attempt.Account.Template(part.Name, part.Language.Code)
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
	values, problem := parameters(template, part.Components)
	if problem != nil {
		return problem
	}
	buttons, problem := quickReplies(template, part.Components)
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

// quickReplies lists the template's buttons with the payloads the call gives them.
func quickReplies(template stage.Template, components []componentPart) ([]stage.Button, *graphError) {
	var buttons []stage.Button
	for _, title := range template.Buttons {
		buttons = append(buttons, stage.Button{Style: stage.QuickReply, ID: title, Title: title})
	}
	for _, c := range components {
		if !strings.EqualFold(c.Type, "button") || c.SubType != "quick_reply" {
			continue
		}
		index, err := strconv.Atoi(fmt.Sprint(c.Index))
		if err != nil || index < 0 || index >= len(buttons) {
			return nil, errTemplateValue("button: there is no quick reply at index %v", c.Index)
		}
		if len(c.Parameters) > 0 && c.Parameters[0].Payload != "" {
			buttons[index].ID = c.Parameters[0].Payload
		}
	}
	return buttons, nil
}
