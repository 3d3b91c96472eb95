package approval

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

func goodDraft() Draft {
	return Draft{
		Channel: chat.ChannelWhatsApp, Connector: "c", Name: "viewing_reminder", Language: "en_US", Category: "utility",
		Body: "Hello {{1}}, see you on {{2}}.", Footer: "Harbour Homes", Examples: map[string]string{"1": "Asha", "2": "Monday"},
		Header:  &chat.TemplateHeader{Kind: chat.KindText, Text: "Your viewing"},
		Actions: []chat.TemplateAction{{Kind: "quick_reply", Text: "Yes"}, {Kind: "url", Text: "Look", Value: "https://example.com/{{1}}", Example: "12"}},
	}
}

// TestADraftKeepsToTheRulesOfReviewers breaks one rule at a time.
func TestADraftKeepsToTheRulesOfReviewers(t *testing.T) {
	t.Parallel()
	tpl, err := goodDraft().template()
	require.NoError(t, err)
	require.Equal(t, []chat.TemplateVariable{{Name: "1", Example: "Asha"}, {Name: "2", Example: "Monday"}}, tpl.Variables)
	require.Equal(t, []string{"Yes", "Look"}, tpl.Buttons)
	require.False(t, tpl.Named)
	for name, broken := range map[string]struct {
		field  string
		breaks func(*Draft)
	}{
		"a capital in the name":        {"name", func(d *Draft) { d.Name = "Reminder" }},
		"no account for WhatsApp":      {"connectorId", func(d *Draft) { d.Connector = "" }},
		"a language of words":          {"language", func(d *Draft) { d.Language = "English" }},
		"a category of our own":        {"category", func(d *Draft) { d.Category = "service" }},
		"too long":                     {"body", func(d *Draft) { d.Body = strings.Repeat("a", 1025) }},
		"begins with a variable":       {"body", func(d *Draft) { d.Body = "{{1}} and {{2}} there" }},
		"ends with a variable":         {"body", func(d *Draft) { d.Body = "Hello {{1}} on {{2}}" }},
		"two variables side by side":   {"body", func(d *Draft) { d.Body = "Hello {{1}} {{2}}." }},
		"a gap in the numbers":         {"body", func(d *Draft) { d.Body = "Hello {{1}}, on {{3}}." }},
		"numbers and words":            {"body", func(d *Draft) { d.Body = "Hello {{1}}, on {{day}}." }},
		"a brace that stays open":      {"body", func(d *Draft) { d.Body = "Hello {{1, there." }},
		"no example":                   {"examples.2", func(d *Draft) { d.Examples["2"] = " " }},
		"two variables in the header":  {"header.text", func(d *Draft) { d.Header.Text = "{{1}} and {{2}}" }},
		"a picture without an example": {"header.file", func(d *Draft) { d.Header = &chat.TemplateHeader{Kind: chat.KindImage} }},
		"a header of another kind":     {"header.kind", func(d *Draft) { d.Header = &chat.TemplateHeader{Kind: chat.KindAudio} }},
		"a variable in the footer":     {"footer", func(d *Draft) { d.Footer = "{{1}}" }},
		"a long button":                {"actions[0].text", func(d *Draft) { d.Actions[0].Text = strings.Repeat("a", 26) }},
		"an address of another scheme": {"actions[1].value", func(d *Draft) { d.Actions[1].Value = "javascript:alert(1)" }},
		"no example of an address":     {"actions[1].example", func(d *Draft) { d.Actions[1].Example = "" }},
		"quick replies on both sides":  {"actions", func(d *Draft) { d.Actions = append(d.Actions, chat.TemplateAction{Kind: "quick_reply", Text: "No"}) }},
		"two numbers to call": {"actions[3].kind", func(d *Draft) {
			call := chat.TemplateAction{Kind: "phone_number", Text: "Call", Value: "+12025550100"}
			d.Actions = append(d.Actions, call, call)
		}},
	} {
		d := goodDraft()
		broken.breaks(&d)
		_, err := d.template()
		var refused *chat.Error
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, broken.field, refused.Field, "%s: %s", name, refused.Message)
	}
}
