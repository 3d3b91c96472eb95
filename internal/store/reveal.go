package store

import (
	"context"
	"strings"
	"time"

	"converse/internal/chat"
)

// Reveal names one hidden value of a lead, and why somebody needs it.
type Reveal struct {
	Lead  chat.LeadID
	Field chat.LeadField
	// Identifier is which of several, where the field is a kind of identifier.
	Identifier chat.IdentifierID
	Reason     string
}

// RevealField returns a field of a lead that is masked for the principal, and notes in
// the audit who saw it and why. A field that is not masked is invalid; one that a
// template does not let anybody reveal is forbidden.
func (s *Store) RevealField(ctx context.Context, p chat.Principal, r Reveal) (string, error) {
	var value string
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.seeLead(ctx, p, r.Lead); err != nil {
			return err
		}
		lead, err := t.lead(ctx, r.Lead)
		if err != nil {
			return err
		}
		field := r.Field
		if r.Identifier != "" {
			var of chat.Identifier
			if of, err = identifierIn(lead, r.Identifier); err != nil {
				return err
			}
			field, value = of.Field(), of.Value
		} else if value, err = shownBy(lead, field); err != nil {
			return err
		}
		switch rights := p.Rights(); {
		case rights.Masks[field] == "":
			return chat.Invalidf("field", "is not hidden from you")
		case !rights.MayReveal(field):
			return &chat.Error{Code: chat.CodeForbidden, Message: "Your permissions do not let you reveal hidden fields. Ask an administrator."}
		}
		return t.audit(ctx, p, chat.AuditEntry{
			Action: "lead.field_revealed", Object: string(lead.ID), Fields: []string{string(field)}, Detail: r.Reason,
		})
	})
	if err != nil {
		return "", err
	}
	return value, nil
}

func identifierIn(lead chat.Lead, id chat.IdentifierID) (chat.Identifier, error) {
	for _, i := range lead.Identifiers {
		if i.ID == id {
			return i, nil
		}
	}
	return chat.Identifier{}, chat.NotFound("identifier of this lead")
}

// shownBy is a field of a lead as text.
func shownBy(lead chat.Lead, field chat.LeadField) (string, error) {
	if key, ok := strings.CutPrefix(string(field), string(chat.CustomField(""))); ok {
		return lead.Value(key), nil
	}
	switch field {
	case chat.FieldFirstName:
		return lead.FirstName, nil
	case chat.FieldLastName:
		return lead.LastName, nil
	case chat.FieldSource:
		return lead.Source, nil
	case chat.FieldStage:
		return lead.Stage, nil
	case chat.FieldOwner:
		return lead.OwnerName, nil
	case chat.FieldCreatedAt:
		return lead.CreatedAt.UTC().Format(time.RFC3339), nil
	case chat.FieldModifiedAt:
		return lead.ModifiedAt.UTC().Format(time.RFC3339), nil
	case chat.FieldPhone, chat.FieldEmail, chat.FieldWhatsApp:
		return "", chat.Invalidf("identifierId", "say which one of the lead's")
	default:
		return "", chat.Invalidf("field", "is no field of leads")
	}
}
