package crm

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"converse/internal/chat"
)

// Fields lists the fields of the org's leads, archived ones only when they are asked for.
func (s *Service) Fields(ctx context.Context, p chat.Principal, archived bool) ([]chat.Field, error) {
	fields, err := s.store.LeadFields(ctx, p.Org)
	masks := p.Rights().Masks
	fields = slices.DeleteFunc(fields, func(f chat.Field) bool { return f.Archived && !archived })
	for i := range fields {
		// What is in use is made of values.
		if (fields[i].Name == chat.FieldStage || fields[i].Name == chat.FieldSource) && masks[fields[i].Name] != "" {
			fields[i].Choices = nil
		}
	}
	return fields, err
}

// fieldKey is what a key looks like.
var fieldKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// SaveField makes a custom field, where f has no id, or changes one.
func (s *Service) SaveField(ctx context.Context, p chat.Principal, f chat.Field) (chat.Field, error) {
	f.Label = tidy(f.Label)
	for i := range f.Choices {
		f.Choices[i] = tidy(f.Choices[i])
	}
	if f.Label == "" {
		return f, chat.Invalidf("label", "must not be empty")
	}
	if f.ID != "" {
		before, err := s.field(ctx, p, f.ID)
		if err != nil {
			return f, err
		}
		f.Name, f.Type = before.Name, before.Type
	}
	switch {
	case !fieldKey.MatchString(f.Name.Key()):
		return f, chat.Invalidf("key", "must be lower-case letters, digits and _, beginning with a letter")
	case f.Type == "":
		return f, chat.Invalidf("type", "must be text, number, date, boolean or choice")
	case f.Type == chat.FieldChoice && len(f.Choices) == 0:
		return f, chat.Invalidf("choices", "a choice needs something to choose")
	case f.Type != chat.FieldChoice && len(f.Choices) > 0:
		return f, chat.Invalidf("choices", "are for fields of type choice")
	case slices.ContainsFunc(f.Choices, func(c string) bool { return strings.TrimSpace(c) == "" }):
		return f, chat.Invalidf("choices", "must not be empty")
	}
	if f.ID != "" {
		return s.store.UpdateField(ctx, p, f)
	}
	f.ID = chat.NewID[chat.FieldID]()
	return f, s.store.CreateField(ctx, p, f)
}

func (s *Service) field(ctx context.Context, p chat.Principal, id chat.FieldID) (chat.Field, error) {
	fields, err := s.store.LeadFields(ctx, p.Org)
	if err != nil {
		return chat.Field{}, err
	}
	i := slices.IndexFunc(fields, func(f chat.Field) bool { return f.ID == id })
	if i < 0 {
		return chat.Field{}, chat.NotFound("field")
	}
	return fields[i], nil
}

// ArchiveField takes a custom field from all screens, or brings it back.
func (s *Service) ArchiveField(ctx context.Context, p chat.Principal, id chat.FieldID, archived bool) (chat.Field, error) {
	return s.store.ArchiveField(ctx, p, id, archived)
}
