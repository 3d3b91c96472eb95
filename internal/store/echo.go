package store

import (
	"context"
	"errors"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Echo stores a message that left by other means than ours, in its place in the
// conversation, with the callback it came in. One that turns out to be a message of ours
// is a report on that.
func (s *Store) Echo(ctx context.Context, org chat.OrgID, a Arrival, r Received) (CallbackEnd, error) {
	report := Report{
		Connector: r.Sender.Connector, ProviderID: r.ProviderID, Status: r.Echo, ProviderAt: r.ProviderAt, ReceivedAt: r.ReceivedAt,
		// Ours, if its answer has not been recorded yet.
		Match: &Match{Sender: r.Sender.ID, Phone: r.Phone, Text: r.Text, At: later(r.ProviderAt, r.ReceivedAt)},
	}
	if !r.ProviderAt.IsZero() {
		report.Match.At = r.ProviderAt
	}
	var out Reported
	ours := false
	err := s.learning(ctx, org, func(t *tx) error {
		found := report
		id, err := t.reported(ctx, &found)
		if ours = id != ""; err != nil || !ours {
			return err
		}
		out, err = t.report(ctx, a, report)
		return err
	})
	if err != nil || ours {
		return out.End, err
	}
	return s.receiveAlone(ctx, arrived{org: org, Arrival: a, Received: r})
}

// adopt gives a lead the identities it has from now on. One that another lead has stays
// with that one: whether they are the same is for people, or a rule of merging.
func (t *tx) adopt(ctx context.Context, lead chat.LeadID, identities []chat.Identifier) error {
	others, err := t.IdentifiersOfLeads(ctx, db.IdentifiersOfLeadsParams{OrgID: t.org, LeadIds: []string{string(lead)}})
	if err != nil {
		return err
	}
	place := len(others)
	var added []chat.Identifier
	for _, i := range identities {
		i.ID = chat.NewID[chat.IdentifierID]()
		taken, err := t.insertIdentifier(ctx, lead, i, place)
		if err != nil {
			return err
		}
		if !taken {
			place++
			added = append(added, i)
		}
	}
	if len(added) == 0 {
		return nil
	}
	errs := []error{t.queueTerms(ctx, chat.Lead{ID: lead, Identifiers: added})}
	for _, i := range added {
		errs = append(errs, t.activity(ctx, chat.Activity{Lead: lead, Kind: chat.ActivityIdentifierAdded, Fields: []string{string(i.Kind)}}))
	}
	return errors.Join(append(errs, t.tellLead(ctx, lead, ""))...)
}
