package approval

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"converse/internal/chat"
	"converse/internal/compose"
	"converse/internal/store"
)

// Draft is a template as an administrator writes it. Its variables are those the body
// names.
type Draft struct {
	Channel   chat.Channel
	Connector chat.ConnectorID
	Name      string
	Language  string
	Category  string
	Body      string
	Footer    string
	Header    *chat.TemplateHeader
	Actions   []chat.TemplateAction
	// Examples are values by the variables' names.
	Examples map[string]string
}

// Bounds after Meta's "Message templates": a template that keeps to them is taken by
// every provider of WhatsApp.
const (
	longestName    = 512
	longestBody    = 1024
	longestText    = 1600 // of a template that is sent as text
	longestHeader  = 60
	longestFooter  = 60
	longestButton  = 25
	longestAddress = 2000
	longestPhone   = 20
	longestCode    = 15
	mostButtons    = 10
	mostAddresses  = 2
	mostPhones     = 1
	mostCodes      = 1
	longestExample = 1024
)

var (
	templateName = regexp.MustCompile(`^[a-z0-9_]+$`)
	language     = regexp.MustCompile(`^[a-z]{2,3}(_[A-Z]{2,3})?$`)
	variable     = regexp.MustCompile(`\{\{([^{}]*)\}\}`)
	variableName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	phoneValue   = regexp.MustCompile(`^\+?[0-9]{5,20}$`)
	categories   = []string{"marketing", "utility", "authentication"}
)

// template is the draft as it is kept, or an error that names the field.
func (d Draft) template() (store.StoredTemplate, error) {
	for _, check := range []func() error{d.checkNames, d.checkBody, d.checkHeader, d.checkFooter, d.checkButtons} {
		if err := check(); err != nil {
			return store.StoredTemplate{}, err
		}
	}
	out := store.StoredTemplate{Template: chat.Template{
		Channel: d.Channel, Connector: d.Connector, Name: d.Name, Language: d.Language, Category: d.Category, Body: d.Body, Footer: d.Footer,
		Header: d.Header, Actions: d.Actions,
	}}
	for _, name := range compose.Variables(d.Body) {
		out.Variables = append(out.Variables, chat.TemplateVariable{Name: name, Example: strings.TrimSpace(d.Examples[name])})
		if _, err := strconv.Atoi(name); err != nil {
			out.Named = true
		}
	}
	for _, a := range d.Actions {
		out.Buttons = append(out.Buttons, a.Text)
	}
	return out, nil
}

func (d Draft) checkNames() error {
	switch {
	case d.Channel != chat.ChannelSMS && d.Channel != chat.ChannelWhatsApp:
		return chat.Invalidf("channel", "must be %s or %s", chat.ChannelSMS, chat.ChannelWhatsApp)
	case d.Channel == chat.ChannelWhatsApp && d.Connector == "":
		return chat.Invalidf("connectorId", "is required: WhatsApp templates belong to an account")
	case d.Name == "" || len(d.Name) > longestName || !templateName.MatchString(d.Name):
		return chat.Invalidf("name", "must have 1 to %d small letters, digits and _", longestName)
	case !language.MatchString(d.Language):
		return chat.Invalidf("language", "must be a language such as en or en_US")
	case d.Connector != "" && !slices.Contains(categories, d.Category):
		return chat.Invalidf("category", "must be marketing, utility or authentication")
	}
	return nil
}

func (d Draft) checkBody() error {
	longest := longestBody
	if d.Connector == "" {
		longest = longestText
	}
	body := strings.TrimSpace(d.Body)
	if body == "" || utf8.RuneCountInString(d.Body) > longest {
		return chat.Invalidf("body", "must have 1 to %d characters", longest)
	}
	names, err := variablesOf("body", d.Body)
	if err != nil {
		return err
	}
	if d.Connector != "" && len(names) > 0 {
		if strings.HasPrefix(body, "{{") || strings.HasSuffix(body, "}}") {
			return chat.Invalidf("body", "must neither begin nor end with a variable")
		}
		if strings.Contains(strings.ReplaceAll(body, " ", ""), "}}{{") {
			return chat.Invalidf("body", "must have words between two variables")
		}
	}
	for _, name := range names {
		example := strings.TrimSpace(d.Examples[name])
		switch {
		case example == "" && d.Connector != "":
			return chat.Invalidf("examples."+name, "is required: reviewers read the template with it")
		case utf8.RuneCountInString(example) > longestExample:
			return chat.Invalidf("examples."+name, "must have at most %d characters", longestExample)
		}
	}
	return nil
}

// variablesOf lists a text's variables: all numbers from 1 on, or all words.
func variablesOf(field, text string) ([]string, error) {
	rest := variable.ReplaceAllString(text, "")
	if strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		return nil, chat.Invalidf(field, "has {{ without }}, or the other way round")
	}
	numbers, words := 0, 0
	for _, found := range variable.FindAllStringSubmatch(text, -1) {
		name := strings.TrimSpace(found[1])
		if _, err := strconv.Atoi(name); err == nil {
			numbers++
		} else if variableName.MatchString(name) {
			words++
		} else {
			return nil, chat.Invalidf(field, "has a variable that is neither a number nor a word of small letters, digits and _")
		}
	}
	if numbers > 0 && words > 0 {
		return nil, chat.Invalidf(field, "must name its variables either by numbers or by words")
	}
	names := compose.Variables(text)
	for i, name := range names {
		if numbers > 0 && name != strconv.Itoa(i+1) {
			return nil, chat.Invalidf(field, "must count its variables {{1}}, {{2}} … without a gap")
		}
	}
	return names, nil
}

func (d Draft) checkHeader() error {
	h := d.Header
	if h == nil {
		return nil
	}
	switch h.Kind {
	case chat.KindText:
		if strings.TrimSpace(h.Text) == "" || utf8.RuneCountInString(h.Text) > longestHeader || strings.ContainsAny(h.Text, "\n\r") {
			return chat.Invalidf("header.text", "must have 1 to %d characters on one line", longestHeader)
		}
		names, err := variablesOf("header.text", h.Text)
		if err != nil {
			return err
		}
		if len(names) > 1 {
			return chat.Invalidf("header.text", "must have at most one variable")
		}
		if len(names) == 1 && strings.TrimSpace(h.Example) == "" {
			return chat.Invalidf("header.example", "is required: reviewers read the template with it")
		}
	case chat.KindImage, chat.KindVideo, chat.KindDocument:
		if strings.TrimSpace(h.Example) == "" && h.File == nil {
			return chat.Invalidf("header.file", "is required: reviewers look at an example of it")
		}
		if len(h.Example) > longestAddress {
			return chat.Invalidf("header.example", "must have at most %d characters", longestAddress)
		}
	case chat.KindLocation:
	case chat.KindAudio, chat.KindSticker, chat.KindContacts, chat.KindTemplate:
		fallthrough
	default:
		return chat.Invalidf("header.kind", "must be text, image, video, document or location")
	}
	if d.Connector == "" {
		return chat.Invalidf("header", "needs an account: a template that is sent as text has none")
	}
	return nil
}

func (d Draft) checkFooter() error {
	if utf8.RuneCountInString(d.Footer) > longestFooter {
		return chat.Invalidf("footer", "must have at most %d characters", longestFooter)
	}
	if strings.Contains(d.Footer, "{{") {
		return chat.Invalidf("footer", "must have no variables")
	}
	return nil
}

func (d Draft) checkButtons() error {
	if len(d.Actions) > 0 && d.Connector == "" {
		return chat.Invalidf("actions", "need an account: a template that is sent as text has no buttons")
	}
	if len(d.Actions) > mostButtons {
		return chat.Invalidf("actions", "must be at most %d", mostButtons)
	}
	counts := map[string]int{}
	turns := 0 // between quick replies and other buttons
	for i, a := range d.Actions {
		at := "actions[" + strconv.Itoa(i) + "]."
		if err := checkButton(at, a); err != nil {
			return err
		}
		counts[a.Kind]++
		if i > 0 && (a.Kind == "quick_reply") != (d.Actions[i-1].Kind == "quick_reply") {
			turns++
		}
		for kind, most := range map[string]int{"url": mostAddresses, "phone_number": mostPhones, "copy_code": mostCodes} {
			if counts[kind] > most {
				return chat.Invalidf(at+"kind", "at most %d of this kind can be under a template", most)
			}
		}
	}
	if turns > 1 {
		return chat.Invalidf("actions", "must have the quick replies together, before or after the others")
	}
	return nil
}

func checkButton(at string, a chat.TemplateAction) error {
	if strings.TrimSpace(a.Text) == "" || utf8.RuneCountInString(a.Text) > longestButton || strings.Contains(a.Text, "{{") {
		return chat.Invalidf(at+"text", "must have 1 to %d characters and no variable", longestButton)
	}
	switch a.Kind {
	case "quick_reply":
		return nil
	case "url":
		return checkAddress(at, a)
	case "phone_number":
		if !phoneValue.MatchString(a.Value) || len(a.Value) > longestPhone {
			return chat.Invalidf(at+"value", "must be a phone number with country code")
		}
		return nil
	case "copy_code":
		if a.Example == "" || len(a.Example) > longestCode {
			return chat.Invalidf(at+"example", "must be a code of up to %d characters", longestCode)
		}
		return nil
	}
	return chat.Invalidf(at+"kind", "must be quick_reply, url, phone_number or copy_code")
}

// checkAddress wants a whole address that may end in {{1}}.
func checkAddress(at string, a chat.TemplateAction) error {
	fixed, varies := strings.CutSuffix(a.Value, "{{1}}")
	u, err := url.Parse(fixed)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || len(a.Value) > longestAddress || strings.ContainsAny(fixed, "{}") {
		return chat.Invalidf(at+"value", "must be an https:// address, which may end in {{1}}")
	}
	if varies && strings.TrimSpace(a.Example) == "" {
		return chat.Invalidf(at+"example", "is required: an example of what stands for {{1}}")
	}
	return nil
}
