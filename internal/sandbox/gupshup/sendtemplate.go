package gupshup

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

// template reads a template message into the attempt.
func (s *Side) template(r *http.Request, attempt *stage.Attempt, form url.Values) *stage.Answer {
	attempt.Kind = chat.KindTemplate
	var asked struct {
		ID     string   `json:"id"`
		Params []string `json:"params"`
	}
	if json.Unmarshal([]byte(form.Get("template")), &asked) != nil || asked.ID == "" {
		return failure(http.StatusBadRequest, "Invalid Template Format")
	}
	all := s.known(attempt.Account)
	at := slices.IndexFunc(all, func(t submitted) bool { return templateID(t.Template) == asked.ID })
	if at < 0 {
		return failure(http.StatusBadRequest, "Template Not Found")
	}
	found := all[at]
	rest, above := fill(stage.Template{Body: found.shown.Header}, asked.Params)
	rest, text := fill(found.Template, rest)
	rest, under := buttons(found.shown.Buttons, form.Get("postbackTexts"), rest)
	switch {
	case found.status != "APPROVED":
		attempt.Fails = "132001"
	case len(asked.Params)-len(rest) != found.places() || len(rest) > 0:
		attempt.Fails = "132000"
	}
	attempt.Text, attempt.More.Header = text, above
	attempt.More.Template, attempt.More.Footer, attempt.More.Buttons = found.Name, found.Footer, under
	return s.header(r, attempt, found.kind, form.Get("message"))
}

// places is how many values a message of the template takes, in one list: the header's,
// the text's, then those of the buttons.
func (t submitted) places() int {
	places := len(stage.Template{Body: t.shown.Header}.Names()) + len(t.Names())
	for _, b := range t.shown.Buttons {
		if b.varies() {
			places++
		}
	}
	return places
}

// fill puts the first values into a text, and returns those that are left.
func fill(text stage.Template, values []string) (rest []string, filled string) {
	named := map[string]string{}
	for _, name := range text.Names() {
		if len(values) > 0 {
			named[name], values = values[0], values[1:]
		}
	}
	return values, text.Fill(named)
}

// varies reports whether a message gives the button a value.
func (b button) varies() bool {
	return b.Type == "COPY_CODE" || b.Type == "URL" && strings.HasSuffix(b.URL, "{{1}}")
}

// buttons are the template's, with their values, and the quick replies with the words that
// a tap brings back.
func buttons(all []button, postbacks string, values []string) (rest []string, out []stage.Button) {
	for _, b := range all {
		shown := stage.Button{Style: stage.QuickReply, ID: b.Text, Title: b.Text}
		if b.Type != "QUICK_REPLY" {
			shown.Style, shown.ID = stage.URLButton, b.URL+b.Phone
		}
		if b.varies() && len(values) > 0 {
			shown.ID = strings.TrimSuffix(b.URL, "{{1}}") + values[0]
			values = values[1:]
		}
		out = append(out, shown)
	}
	var given []struct {
		Index int    `json:"index"`
		Text  string `json:"text"`
	}
	if json.Unmarshal([]byte(postbacks), &given) != nil {
		return values, out
	}
	for _, g := range given {
		if g.Index >= 0 && g.Index < len(out) {
			out[g.Index].ID = g.Text
		}
	}
	return values, out
}

// wrongHeader is Meta's code of a message whose header is not that of its template.
const wrongHeader = "132012"

// header reads the file or the place over a template, if there is one.
func (s *Side) header(r *http.Request, attempt *stage.Attempt, wanted, message string) *stage.Answer {
	if message == "" {
		if wanted != "TEXT" && attempt.Fails == "" {
			attempt.Fails = wrongHeader
		}
		return nil
	}
	var parts map[string]json.RawMessage
	var kind string
	var file struct {
		Link string `json:"link"`
	}
	if json.Unmarshal([]byte(message), &parts) != nil || json.Unmarshal(parts["type"], &kind) != nil {
		return failure(http.StatusBadRequest, "Invalid Message Format")
	}
	if kind == "location" {
		return readPlace(attempt, wanted, parts[kind])
	}
	if json.Unmarshal(parts[kind], &file) != nil || file.Link == "" {
		return failure(http.StatusBadRequest, "Invalid Message Format")
	}
	media, fails := s.fetch(r.Context(), chat.MessageKind(kind), file.Link)
	attempt.More.Media = []stage.Media{media}
	if !strings.EqualFold(kind, wanted) {
		fails = wrongHeader
	}
	if attempt.Fails == "" {
		attempt.Fails = fails
	}
	return nil
}

// readPlace reads the place over a template; its degrees come as texts.
func readPlace(attempt *stage.Attempt, wanted string, message json.RawMessage) *stage.Answer {
	var at struct {
		Longitude float64 `json:"longitude,string"`
		Latitude  float64 `json:"latitude,string"`
		Name      string  `json:"name"`
		Address   string  `json:"address"`
	}
	if json.Unmarshal(message, &at) != nil {
		return failure(http.StatusBadRequest, "Invalid Message Format")
	}
	attempt.More.Location = &stage.Location{Latitude: at.Latitude, Longitude: at.Longitude, Name: at.Name, Address: at.Address}
	if wanted != "LOCATION" && attempt.Fails == "" {
		attempt.Fails = wrongHeader
	}
	return nil
}
