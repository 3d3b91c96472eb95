package wire

import (
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// Template is a message template.
func Template(t chat.Template) *conversev1.Template {
	out := &conversev1.Template{
		Id:       string(t.ID),
		Channel:  string(t.Channel),
		Name:     t.Name,
		Language: t.Language,
		Category: t.Category,
		Body:     t.Body,
		Footer:   t.Footer,
		Buttons:  t.Buttons,
		Variables: List(t.Variables, func(v chat.TemplateVariable) *conversev1.Template_Variable {
			return &conversev1.Template_Variable{Name: v.Name, Example: v.Example}
		}),
		ConnectorId: string(t.Connector),
		Status:      t.Status,
		Reason:      t.Reason,
		Quality:     t.Quality,
		Actions: List(t.Actions, func(a chat.TemplateAction) *conversev1.Template_Action {
			return &conversev1.Template_Action{Kind: a.Kind, Text: a.Text, Value: a.Value, Example: a.Example}
		}),
		SyncedAt: Time(t.SyncedAt),
	}
	if h := t.Header; h != nil {
		out.Header = &conversev1.Template_Header{Kind: string(h.Kind), Text: h.Text, Example: h.Example}
		if h.File != nil {
			out.Header.File = Media(*h.File)
		}
	}
	return out
}
