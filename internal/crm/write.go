package crm

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"converse/internal/chat"
	"converse/internal/store"
)

// NewLead is a lead as a user typed it.
type NewLead struct {
	FirstName, LastName, Source, Stage string
	Identifiers                        []chat.Identifier
	// Owner is nil for the one who makes it, and a pointer to "" for nobody.
	Owner  *chat.UserID
	Custom []chat.CustomValue
}

// Create stores a new lead.
func (s *Service) Create(ctx context.Context, p chat.Principal, n NewLead) (chat.Lead, error) {
	if !p.Rights().Create {
		return chat.Lead{}, &chat.Error{Code: chat.CodeForbidden, Message: "You may not make new leads. Ask an administrator."}
	}
	lead := chat.Lead{
		ID: chat.NewID[chat.LeadID](), FirstName: tidy(n.FirstName), LastName: tidy(n.LastName), Source: tidy(n.Source), Stage: tidy(n.Stage),
		Owner: p.User,
	}
	if n.Owner != nil {
		lead.Owner = *n.Owner
	}
	org, err := s.store.Org(ctx, p.Org)
	if err != nil {
		return chat.Lead{}, err
	}
	for place, i := range n.Identifiers {
		value, problem := Canonical(i.Kind, i.Value, org.Country)
		if problem != "" {
			return chat.Lead{}, chat.Invalidf(fmt.Sprintf("identifiers[%d].value", place), "%s", problem)
		}
		i = chat.Identifier{ID: chat.NewID[chat.IdentifierID](), Kind: i.Kind, Value: value, Label: tidy(i.Label)}
		if slices.ContainsFunc(lead.Identifiers, func(o chat.Identifier) bool { return o.Kind == i.Kind && o.Value == i.Value }) {
			return chat.Lead{}, chat.Invalidf(fmt.Sprintf("identifiers[%d].value", place), "is there twice")
		}
		lead.Identifiers = append(lead.Identifiers, i)
	}
	if lead.FirstName == "" && lead.LastName == "" && len(lead.Identifiers) == 0 {
		return chat.Lead{}, chat.Invalidf("firstName", "a lead needs a name, a number or an address")
	}
	if lead.Custom, err = s.canonicalValues(ctx, p, n.Custom, true); err != nil {
		return chat.Lead{}, err
	}
	return s.store.AddLead(ctx, p, lead)
}

// tidy takes what nobody meant to type out of a name.
func tidy(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7F || r == 0xA0 }), " ")
}

// canonicalValues are the values of custom fields as they are stored. A whole lead has
// every field that is required; a change does not clear one.
func (s *Service) canonicalValues(ctx context.Context, p chat.Principal, values []chat.CustomValue, whole bool) ([]chat.CustomValue, error) {
	if len(values) == 0 && !whole {
		return nil, nil
	}
	fields, err := s.store.LeadFields(ctx, p.Org)
	if err != nil {
		return nil, err
	}
	given := map[string]bool{}
	out := make([]chat.CustomValue, 0, len(values))
	for place, v := range values {
		at := fmt.Sprintf("custom[%d].", place)
		i := slices.IndexFunc(fields, func(f chat.Field) bool { return f.Name.Key() == v.Key && v.Key != "" && !f.Archived })
		if i < 0 || given[v.Key] {
			return nil, chat.Invalidf(at+"key", "names no field of this org's leads, or one twice")
		}
		canonical, problem := fields[i].Canonical(v.Value)
		if problem == "" && canonical == "" && fields[i].Required {
			problem = "is required"
		}
		if problem != "" {
			return nil, chat.Invalidf(at+"value", "%s: %s", fields[i].Label, problem)
		}
		given[v.Key] = true
		out = append(out, chat.CustomValue{Key: v.Key, Value: canonical})
	}
	for _, f := range fields {
		if whole && f.Required && !f.Archived && !given[f.Name.Key()] {
			return nil, chat.Invalidf("custom", "%s: is required", f.Label)
		}
	}
	return out, nil
}

// Update changes a lead. Values are as a user typed them.
func (s *Service) Update(ctx context.Context, p chat.Principal, c store.LeadChange) (chat.Lead, error) {
	err := unhidden(p, c)
	if err != nil {
		return chat.Lead{}, err
	}
	for _, text := range []*string{c.FirstName, c.LastName, c.Source, c.Stage} {
		if text != nil {
			*text = tidy(*text)
		}
	}
	if c.Custom, err = s.canonicalValues(ctx, p, c.Custom, false); err != nil {
		return chat.Lead{}, err
	}
	if c.Identifiers != nil {
		if err := s.canonicalIdentifiers(ctx, p, c); err != nil {
			return chat.Lead{}, err
		}
	}
	return s.store.UpdateLead(ctx, p, c)
}

// canonicalIdentifiers puts typed values of identifiers into the form they are stored in.
func (s *Service) canonicalIdentifiers(ctx context.Context, p chat.Principal, c store.LeadChange) error {
	org, err := s.store.Org(ctx, p.Org)
	if err != nil {
		return err
	}
	lead, err := s.Lead(ctx, p, c.ID)
	if err != nil {
		return err
	}
	for place := range c.Identifiers {
		i := &c.Identifiers[place]
		at := fmt.Sprintf("identifiers.edits[%d].value", place)
		if i.ID != "" {
			known := slices.IndexFunc(lead.Identifiers, func(o chat.Identifier) bool { return o.ID == i.ID })
			if known < 0 {
				return chat.NotFound("identifier of this lead")
			}
			i.Kind = lead.Identifiers[known].Kind
			if i.Value != nil && p.Rights().Masks[chat.LeadField(i.Kind)] != "" {
				return hiddenFrom(at)
			}
			if i.Value != nil && *i.Value == lead.Identifiers[known].Value {
				i.Value = nil // what stays need not be right
			}
		} else if i.Value == nil {
			return chat.Invalidf(at, "a new identifier needs a value")
		}
		if i.Label != nil {
			*i.Label = tidy(*i.Label)
		}
		if i.Value == nil {
			continue
		}
		value, problem := Canonical(i.Kind, *i.Value, org.Country)
		if problem != "" {
			return chat.Invalidf(at, "%s", problem)
		}
		i.Value = &value
	}
	return nil
}

// UpdateMany gives many leads an owner or a stage.
func (s *Service) UpdateMany(ctx context.Context, p chat.Principal, ids []chat.LeadID, owner *chat.UserID, stage *string) (store.BulkResult, error) {
	if owner == nil && stage == nil {
		return store.BulkResult{}, chat.Invalidf("ownerId", "say what to change: the owner or the stage")
	}
	if stage != nil {
		*stage = tidy(*stage)
	}
	if err := unhidden(p, store.LeadChange{Owner: owner, Stage: stage}); err != nil {
		return store.BulkResult{}, err
	}
	return s.store.UpdateLeads(ctx, p, ids, store.LeadChange{Owner: owner, Stage: stage})
}

// Delete hides leads until they are restored, within store.RestoreWithin.
func (s *Service) Delete(ctx context.Context, p chat.Principal, ids []chat.LeadID) (store.BulkResult, error) {
	return s.store.DeleteLeads(ctx, p, ids)
}

// Restore brings deleted leads back.
func (s *Service) Restore(ctx context.Context, p chat.Principal, ids []chat.LeadID) (int, error) {
	return s.store.RestoreLeads(ctx, p, ids)
}

// SetOptOut notes that a lead asked to be left alone under an identifier, or no longer does.
func (s *Service) SetOptOut(ctx context.Context, p chat.Principal, id chat.IdentifierID, out bool, reason string) (chat.Lead, error) {
	return s.store.SetOptOut(ctx, p, id, out, tidy(reason))
}
