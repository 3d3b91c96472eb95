package store

import (
	"context"
	"errors"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// LeadFields lists the fields of the org's leads: those that every lead has and the
// custom ones, archived ones last. Sources and stages have as choices what is in use.
func (s *Store) LeadFields(ctx context.Context, org chat.OrgID) ([]chat.Field, error) {
	var out []chat.Field
	err := s.inOrg(ctx, org, func(t *tx) error {
		if err := t.ReadByIndex(ctx); err != nil {
			return err
		}
		stages, err := t.StagesInUse(ctx, org)
		if err != nil {
			return err
		}
		sources, err := t.SourcesInUse(ctx, org)
		if err != nil {
			return err
		}
		out = chat.BuiltInFields()
		for i := range out {
			switch out[i].Name {
			case chat.FieldStage:
				out[i].Choices = stages
			case chat.FieldSource:
				out[i].Choices = sources
			default:
			}
		}
		custom, err := t.customFields(ctx)
		out = append(out, custom...)
		return err
	})
	return out, err
}

// customFields lists the custom fields, archived ones last.
func (t *tx) customFields(ctx context.Context) ([]chat.Field, error) {
	rows, err := t.ListFields(ctx, t.org)
	return convert(rows, fieldOf), err
}

func fieldOf(r db.LeadField) chat.Field {
	return chat.Field{
		ID: r.ID, Name: chat.CustomField(r.Key), Label: r.Label, Type: r.Type, Choices: r.Choices, Required: r.Required,
		Archived: r.ArchivedAt != nil,
	}
}

// CreateField adds a custom field. A key that was used before, even by an archived
// field, is a conflict.
func (s *Store) CreateField(ctx context.Context, p chat.Principal, f chat.Field) error {
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		err := t.InsertField(ctx, db.InsertFieldParams{
			OrgID: t.org, ID: f.ID, Key: f.Name.Key(), Label: f.Label, Type: f.Type, Choices: choices(f), Required: f.Required,
		})
		if err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: "lead_field.created", Object: string(f.ID), Fields: []string{string(f.Name)}})
	})
	if isUnique(err, "") {
		return &chat.Error{Code: chat.CodeConflict, Field: "key", Message: "There is a field with this key already, perhaps an archived one."}
	}
	return err
}

func choices(f chat.Field) []string {
	if f.Choices == nil {
		return []string{}
	}
	return f.Choices
}

// UpdateField changes a custom field's label, choices, and whether it is required. Its
// key and its type stay. It returns the field.
func (s *Store) UpdateField(ctx context.Context, p chat.Principal, f chat.Field) (chat.Field, error) {
	return s.changeField(ctx, p, f.ID, "lead_field.updated", func(t *tx, before *chat.Field) error {
		before.Label, before.Choices, before.Required = f.Label, f.Choices, f.Required
		return t.Queries.UpdateField(ctx, db.UpdateFieldParams{
			OrgID: t.org, ID: f.ID, Label: f.Label, Choices: choices(f), Required: f.Required,
		})
	})
}

// ArchiveField takes a custom field from all screens, or brings it back; its values
// stay. It returns the field.
func (s *Store) ArchiveField(ctx context.Context, p chat.Principal, id chat.FieldID, archived bool) (chat.Field, error) {
	action := "lead_field.restored"
	if archived {
		action = "lead_field.archived"
	}
	return s.changeField(ctx, p, id, action, func(t *tx, before *chat.Field) error {
		before.Archived = archived
		return t.Queries.ArchiveField(ctx, db.ArchiveFieldParams{OrgID: t.org, ID: id, Archived: archived})
	})
}

func (s *Store) changeField(ctx context.Context, p chat.Principal, id chat.FieldID, action string, change func(*tx, *chat.Field) error) (chat.Field, error) {
	var out chat.Field
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		row, err := t.GetField(ctx, db.GetFieldParams{OrgID: t.org, ID: id})
		if err != nil {
			return notFound(err, "field")
		}
		out = fieldOf(row)
		if err := change(t, &out); err != nil {
			return err
		}
		return t.audit(ctx, p, chat.AuditEntry{Action: action, Object: string(id), Fields: []string{string(out.Name)}})
	})
	return out, err
}

// changeValues stores custom values in the form that filters and sorting read. The
// values are canonical; empty ones are cleared.
func (t *tx) changeValues(ctx context.Context, lead chat.LeadID, values []chat.CustomValue) error {
	if len(values) == 0 {
		return nil
	}
	fields, err := t.customFields(ctx)
	if err != nil {
		return err
	}
	return t.queueValues(ctx, fields, lead, values)
}

// queueValues does that together with the commit.
func (t *tx) queueValues(ctx context.Context, fields []chat.Field, lead chat.LeadID, values []chat.CustomValue) error {
	set := db.InsertValuesParams{OrgID: t.org, LeadID: lead}
	var cleared []string
	for _, v := range values {
		for _, f := range fields {
			switch {
			case f.Name.Key() != v.Key:
			case v.Value == "":
				cleared = append(cleared, string(f.ID))
			default:
				set.FieldIds, set.Terms = append(set.FieldIds, string(f.ID)), append(set.Terms, f.Term(v.Value))
			}
		}
	}
	var err error
	if len(cleared) > 0 {
		err = t.later.DeleteValues(ctx, db.DeleteValuesParams{OrgID: t.org, LeadID: lead, FieldIds: cleared})
	}
	if len(set.Terms) > 0 {
		err = errors.Join(err, t.later.InsertValues(ctx, set))
	}
	return err
}
