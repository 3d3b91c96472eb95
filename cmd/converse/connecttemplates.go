package main

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"converse/internal/chat"
	"converse/internal/compose"
	"converse/internal/store"
)

// templateEntry is a template in the file of `converse connect`. Its variables are those
// its body names.
type templateEntry struct {
	Channel  chat.Channel      `json:"channel"`
	Name     string            `json:"name"`
	Language string            `json:"language"`
	Category string            `json:"category"`
	Body     string            `json:"body"`
	Footer   string            `json:"footer"`
	Buttons  []string          `json:"buttons"`
	Examples map[string]string `json:"examples"`
}

// Bounds of a template, after Meta's for a body, a footer and quick replies.
const (
	mostTemplates  = 1000
	longestBody    = 1600
	longestFooter  = 60
	mostButtons    = 10
	longestButton  = 25
	longestExample = 1024
)

var (
	templateName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,512}$`)
	language     = regexp.MustCompile(`^[a-z]{2,3}(_[A-Z]{2})?$`)
)

// missingTemplates are the listed templates that the org does not have.
func missingTemplates(ctx context.Context, kept *store.Store, org chat.OrgID, entries []templateEntry) ([]store.StoredTemplate, error) {
	if len(entries) > mostTemplates {
		return nil, chat.Invalidf("templates", "must list at most %d", mostTemplates)
	}
	there := map[chat.Channel][]store.StoredTemplate{}
	var missing []store.StoredTemplate
	for i, e := range entries {
		t, err := e.template("templates[" + strconv.Itoa(i) + "].")
		if err != nil {
			return nil, err
		}
		if _, listed := there[t.Channel]; !listed {
			if there[t.Channel], err = kept.Templates(ctx, org, t.Channel); err != nil {
				return nil, err
			}
		}
		same := func(o store.StoredTemplate) bool { return o.Name == t.Name && o.Language == t.Language }
		if slices.ContainsFunc(there[t.Channel], same) {
			continue
		}
		there[t.Channel] = append(there[t.Channel], t)
		missing = append(missing, t)
	}
	return missing, nil
}

// template checks an entry that stands at a place of the file.
func (e templateEntry) template(at string) (store.StoredTemplate, error) {
	var none store.StoredTemplate
	switch {
	case e.Channel != chat.ChannelSMS && e.Channel != chat.ChannelWhatsApp:
		return none, chat.Invalidf(at+"channel", "must be %s or %s", chat.ChannelSMS, chat.ChannelWhatsApp)
	case !templateName.MatchString(e.Name):
		return none, chat.Invalidf(at+"name", "must be the name the provider knows the template by: letters, digits, _ . and -")
	case !language.MatchString(e.Language):
		return none, chat.Invalidf(at+"language", "must be a language such as en or en_US")
	case e.Body == "" || utf8.RuneCountInString(e.Body) > longestBody:
		return none, chat.Invalidf(at+"body", "must have 1 to %d characters", longestBody)
	case utf8.RuneCountInString(e.Footer) > longestFooter:
		return none, chat.Invalidf(at+"footer", "must have at most %d characters", longestFooter)
	case len(e.Buttons) > mostButtons:
		return none, chat.Invalidf(at+"buttons", "must list at most %d", mostButtons)
	}
	for i, text := range e.Buttons {
		if text == "" || utf8.RuneCountInString(text) > longestButton {
			return none, chat.Invalidf(at+"buttons["+strconv.Itoa(i)+"]", "must have 1 to %d characters", longestButton)
		}
	}
	names := compose.Variables(e.Body)
	t := store.StoredTemplate{Template: chat.Template{
		ID: chat.NewID[chat.TemplateID](), Channel: e.Channel, Name: e.Name, Language: e.Language, Category: e.Category,
		Body: e.Body, Footer: e.Footer, Buttons: e.Buttons,
	}}
	for _, name := range names {
		if utf8.RuneCountInString(e.Examples[name]) > longestExample {
			return none, chat.Invalidf(at+"examples."+name, "must have at most %d characters", longestExample)
		}
		t.Variables = append(t.Variables, chat.TemplateVariable{Name: name, Example: e.Examples[name]})
		if _, err := strconv.Atoi(name); err != nil {
			t.Named = true
		}
	}
	for name := range e.Examples {
		if !slices.Contains(names, name) {
			return none, chat.Invalidf(at+"examples."+name, "is no variable of the body")
		}
	}
	return t, nil
}
