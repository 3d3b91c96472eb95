package store

import (
	"context"
	"slices"
	"strings"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Duplicates lists leads that may be the same person as one, the likeliest first. What is
// masked for the principal is no reason.
func (s *Store) Duplicates(ctx context.Context, p chat.Principal, id chat.LeadID, most int) ([]chat.Duplicate, error) {
	var out []chat.Duplicate
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		lead, err := t.lead(ctx, id)
		if err != nil {
			return err
		}
		if !p.Sees(lead.Owner) {
			return chat.NotFound("lead")
		}
		byPhone, err := t.sameDigits(ctx, p, lead)
		if err != nil {
			return err
		}
		byName, err := t.sameName(ctx, p, lead)
		if err != nil {
			return err
		}
		out, err = t.duplicates(ctx, p, lead, byPhone, byName)
		return err
	})
	return out[:min(most, len(out))], err
}

func hides(p chat.Principal, fields ...chat.LeadField) bool {
	return slices.ContainsFunc(fields, func(f chat.LeadField) bool { return p.Rights().Masks[f] != "" })
}

func (t *tx) sameDigits(ctx context.Context, p chat.Principal, lead chat.Lead) ([]chat.LeadID, error) {
	terms := chat.SamePhoneTerms(lead)
	if len(terms) == 0 || hides(p, chat.FieldPhone) {
		return nil, nil
	}
	q := db.LeadsBySameDigitsParams{OrgID: t.org, LeadID: lead.ID, FromTerms: terms}
	for _, term := range terms {
		q.UptoTerms = append(q.UptoTerms, term+endOfPrefix)
	}
	return t.LeadsBySameDigits(ctx, q)
}

func (t *tx) sameName(ctx context.Context, p chat.Principal, lead chat.Lead) ([]chat.LeadID, error) {
	if lead.FirstName == "" || lead.LastName == "" || hides(p, chat.FieldFirstName, chat.FieldLastName) {
		return nil, nil
	}
	return t.LeadsByName(ctx, db.LeadsByNameParams{OrgID: t.org, FirstName: lead.FirstName, LastName: lead.LastName, LeadID: lead.ID})
}

// duplicates reads the leads found, and says of each the strongest reason.
func (t *tx) duplicates(ctx context.Context, p chat.Principal, lead chat.Lead, byPhone, byName []chat.LeadID) ([]chat.Duplicate, error) {
	var out []chat.Duplicate
	for i, id := range slices.Concat(byPhone, byName) {
		if slices.ContainsFunc(out, func(d chat.Duplicate) bool { return d.Lead.ID == id }) {
			continue
		}
		other, err := t.lead(ctx, id)
		if chat.CodeOf(err) == chat.CodeNotFound || err == nil && !p.Sees(other.Owner) {
			continue
		}
		if err != nil {
			return nil, err
		}
		d := chat.Duplicate{Lead: other, Reason: chat.DuplicateName}
		switch {
		case i < len(byPhone):
			d.Reason = chat.DuplicatePhone
		case !hides(p, chat.FieldEmail) && sharesDomain(lead, other):
			d.Reason = chat.DuplicateEmail
		}
		out = append(out, d)
	}
	order := []chat.DuplicateReason{chat.DuplicatePhone, chat.DuplicateEmail, chat.DuplicateName}
	slices.SortStableFunc(out, func(a, b chat.Duplicate) int { return slices.Index(order, a.Reason) - slices.Index(order, b.Reason) })
	return out, nil
}

func sharesDomain(a, b chat.Lead) bool {
	return slices.ContainsFunc(domains(a), func(d string) bool { return slices.Contains(domains(b), d) })
}

func domains(l chat.Lead) []string {
	var out []string
	for _, i := range l.Identifiers {
		if _, domain, ok := strings.Cut(i.Value, "@"); ok && i.Kind == chat.IdentifierEmail {
			out = append(out, domain)
		}
	}
	return out
}
