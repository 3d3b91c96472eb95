package store

import (
	"context"
	"encoding/json"
	"fmt"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// StoredTemplate is a template with what the provider needs to know of it.
type StoredTemplate struct {
	chat.Template
	// Named: the provider knows the variables by name, not by position.
	Named bool
}

// variable is a template variable as it is stored.
type variable struct {
	Name    string `json:"name"`
	Example string `json:"example"`
}

// CreateTemplate stores a template.
func (s *Store) CreateTemplate(ctx context.Context, org chat.OrgID, tpl StoredTemplate) error {
	variables, err := json.Marshal(convert(tpl.Variables, func(v chat.TemplateVariable) variable { return variable(v) }))
	if err != nil {
		return fmt.Errorf("encode template variables: %w", err)
	}
	buttons := tpl.Buttons
	if buttons == nil {
		buttons = []string{}
	}
	return s.inOrg(ctx, org, func(t *tx) error {
		return t.InsertTemplate(ctx, db.InsertTemplateParams{
			OrgID: org, ID: tpl.ID, Channel: tpl.Channel, Name: tpl.Name, Language: tpl.Language, Category: tpl.Category,
			Body: tpl.Body, Footer: tpl.Footer, Buttons: buttons, Variables: variables, Named: tpl.Named,
		})
	})
}

// Templates lists the templates of a channel by name.
func (s *Store) Templates(ctx context.Context, org chat.OrgID, channel chat.Channel) ([]StoredTemplate, error) {
	var out []StoredTemplate
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.ListTemplates(ctx, db.ListTemplatesParams{OrgID: org, Channel: channel})
		if err != nil {
			return err
		}
		for _, row := range rows {
			tpl, err := templateOf(row)
			if err != nil {
				return err
			}
			out = append(out, tpl)
		}
		return nil
	})
	return out, err
}

// Template returns one template.
func (s *Store) Template(ctx context.Context, org chat.OrgID, id chat.TemplateID) (StoredTemplate, error) {
	var out StoredTemplate
	err := s.inOrg(ctx, org, func(t *tx) error {
		row, err := t.GetTemplate(ctx, db.GetTemplateParams{OrgID: org, ID: id})
		if err != nil {
			return notFound(err, "template")
		}
		out, err = templateOf(row)
		return err
	})
	return out, err
}

func templateOf(r db.Template) (StoredTemplate, error) {
	var stored []variable
	if err := json.Unmarshal(r.Variables, &stored); err != nil {
		return StoredTemplate{}, fmt.Errorf("read template variables: %w", err)
	}
	return StoredTemplate{
		Template: chat.Template{
			ID: r.ID, Channel: r.Channel, Name: r.Name, Language: r.Language, Category: r.Category, Body: r.Body, Footer: r.Footer,
			Buttons: r.Buttons, Variables: convert(stored, func(v variable) chat.TemplateVariable { return chat.TemplateVariable(v) }),
		},
		Named: r.Named,
	}, nil
}
