package transfer

import (
	"context"
	"slices"
	"strings"
	"time"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// eachPage goes through the leads of a selection, whose number is total; one more than
// chat.MostExportLeads stands for any that is larger.
func (s *Service) eachPage(ctx context.Context, p chat.Principal, selection chat.ExportSelection, do func(leads []chat.Lead, total int) error) error {
	if len(selection.Leads) > 0 {
		for ids := range slices.Chunk(selection.Leads, pageLeads) {
			leads, err := s.store.PickedLeads(ctx, p, ids)
			if err != nil {
				return err
			}
			if err := do(leads, len(selection.Leads)); err != nil {
				return err
			}
		}
		return nil
	}
	total := 0
	for after := chat.LeadID(""); ; {
		query := pageQuery(selection, after, pageLeads)
		query.CountUpTo = chat.MostExportLeads
		page, err := s.store.LeadPage(ctx, p, query)
		if err != nil {
			return err
		}
		if after == "" {
			total = page.Total
		}
		if err := do(page.Leads, total); err != nil {
			return err
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

// cells are a lead's fields as the screen shows them. They are taken from the message
// that would be sent to the screen, after masking: nothing else of the lead is in reach.
func cells(lead *conversev1.Lead, fields []chat.LeadField) []string {
	out := make([]string, len(fields))
	for n, field := range fields {
		switch field {
		case chat.FieldFirstName:
			out[n] = lead.GetFirstName()
		case chat.FieldLastName:
			out[n] = lead.GetLastName()
		case chat.FieldPhone, chat.FieldEmail, chat.FieldWhatsApp:
			out[n] = reached(lead, string(kinds[field]))
		case chat.FieldOwner:
			out[n] = lead.GetOwnerName()
		case chat.FieldSource:
			out[n] = lead.GetSource()
		case chat.FieldStage:
			out[n] = lead.GetStage()
		case chat.FieldCreatedAt:
			if at := lead.GetCreatedAt(); at != nil {
				out[n] = at.AsTime().Format(time.DateTime)
			}
		case chat.FieldModifiedAt:
			if at := lead.GetModifiedAt(); at != nil {
				out[n] = at.AsTime().Format(time.DateTime)
			}
		default:
			for _, v := range lead.GetCustom() {
				if v.GetKey() == field.Key() {
					out[n] = v.GetValue()
				}
			}
		}
	}
	return out
}

// reached are a lead's identifiers of a kind in one cell, in the form in which an import
// reads several.
func reached(lead *conversev1.Lead, kind string) string {
	var all []string
	for _, i := range lead.GetIdentifiers() {
		if i.GetKind() == kind {
			all = append(all, i.GetValue())
		}
	}
	return strings.Join(all, separators[0])
}
