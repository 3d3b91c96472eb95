package store

import (
	"context"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// reindexBatch is how many leads are indexed in one transaction.
const reindexBatch = 500

// Reindex stores what leads are found by for every org whose leads have yet to get it,
// after a migration that changed what that is. Leads that have their terms are left as
// they are, so it can be stopped and run again.
func (s *Store) Reindex(ctx context.Context) error {
	orgs, err := s.queries().Reindexes(ctx)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		after := chat.LeadID("00000000-0000-0000-0000-000000000000")
		for after != "" {
			if after, err = s.reindexSome(ctx, chat.OrgID(zero(org)), after); err != nil {
				return err
			}
		}
	}
	return nil
}

// reindexSome indexes leads after one, and returns the last, or "" when all are done.
func (s *Store) reindexSome(ctx context.Context, org chat.OrgID, after chat.LeadID) (chat.LeadID, error) {
	var last chat.LeadID
	err := s.inOrg(ctx, org, func(t *tx) error {
		last = ""
		rows, err := t.LeadsWithoutTerms(ctx, db.LeadsWithoutTermsParams{OrgID: org, After: after, Most: reindexBatch})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return t.DropReindex(ctx, org)
		}
		leads, err := t.withIdentifiers(ctx, convert(rows, func(r db.LeadsWithoutTermsRow) db.GetLeadRow { return db.GetLeadRow(r) }))
		if err != nil {
			return err
		}
		for _, lead := range leads {
			if err := t.queueTerms(ctx, lead); err != nil {
				return err
			}
			last = lead.ID
		}
		return nil
	})
	return last, err
}
