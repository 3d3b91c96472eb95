package twilio

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"converse/internal/chat"
	"converse/internal/sandbox/stage"
)

var variable = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_]+)\s*\}\}`)

// readContent finds the template of a send and fills it. A Body beside it is ignored.
func (s *Side) readContent(attempt *stage.Attempt, form url.Values) *stage.Answer {
	values := map[string]string{}
	if text := form.Get("ContentVariables"); text != "" {
		if json.Unmarshal([]byte(text), &values) != nil {
			return failure(http.StatusBadRequest, 21656, "The ContentVariables Parameter is invalid.")
		}
	}
	s.mu.Lock()
	c := s.findContent(attempt.Account, form.Get("ContentSid"))
	s.mu.Unlock()
	if c == nil {
		return failure(http.StatusBadRequest, 21655, "The ContentSid Parameter is invalid.")
	}
	attempt.Kind, attempt.More.Template = chat.KindTemplate, c.Name
	attempt.Text = ""
	names := slices.Sorted(maps.Keys(c.Types))
	if len(names) == 0 {
		return nil
	}
	var parts struct {
		Body    string              `json:"body"`
		Header  string              `json:"header_text"`
		Footer  string              `json:"footer"`
		Media   []string            `json:"media"`
		Actions []map[string]string `json:"actions"`
	}
	if json.Unmarshal(c.Types[names[len(names)-1]], &parts) != nil {
		return nil // a type without words
	}
	missing := false
	fill := func(text string) string {
		return variable.ReplaceAllStringFunc(text, func(found string) string {
			name := variable.FindStringSubmatch(found)[1]
			value, given := values[name]
			if !given || value == "" || strings.ContainsAny(value, "\n\t") {
				missing = true
			}
			return value
		})
	}
	attempt.Text, attempt.More.Header, attempt.More.Footer = fill(parts.Body), fill(parts.Header), parts.Footer
	for _, link := range parts.Media {
		attempt.More.Media = append(attempt.More.Media, stage.Media{Link: fill(link)})
	}
	for _, action := range parts.Actions {
		style := stage.URLButton
		if action["url"] == "" && action["phone"] == "" && action["code"] == "" {
			style = stage.QuickReply
		}
		fill(action["url"] + action["code"])
		attempt.More.Buttons = append(attempt.More.Buttons, stage.Button{Style: style, ID: action["id"], Title: action["title"]})
	}
	if attempt.Sender.Channel != chat.ChannelWhatsApp {
		return nil
	}
	// What WhatsApp makes of a template is heard of later.
	switch {
	case missing:
		attempt.Fails = "63028"
	case c.Approval == nil || c.Approval.Status != "approved":
		if !s.stage.WindowOpen(Provider, attempt.Sender.Address, attempt.To) {
			attempt.Fails = "63016"
		}
	}
	return nil
}
