package store

import (
	"context"

	"github.com/google/uuid"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Told is what a provider told, by what it can be known by.
type Told struct {
	ProviderID string
	// Reference is our message id, if it is about one of ours.
	Reference chat.MessageID
	// Status is that of a report; empty for a message.
	Status chat.Status
}

// Known says which of these things a connector's provider has told before, so that telling
// them again changes nothing: messages that are stored, reports that were made, and reports
// that raise nothing.
func (s *Store) Known(ctx context.Context, org chat.OrgID, connector chat.ConnectorID, told []Told) ([]bool, error) {
	ids, ours := []string{}, []string{}
	for _, x := range told {
		if x.ProviderID != "" {
			ids = append(ids, x.ProviderID)
		}
		if uuid.Validate(string(x.Reference)) == nil {
			ours = append(ours, string(x.Reference))
		}
	}
	out := make([]bool, len(told))
	err := s.inOrg(ctx, org, func(t *tx) error {
		messages, err := t.KnownMessages(ctx, db.KnownMessagesParams{OrgID: org, ConnectorID: connector, Ids: ids})
		if err != nil {
			return err
		}
		reports, err := t.KnownReports(ctx, db.KnownReportsParams{OrgID: org, ConnectorID: connector, Ids: ids})
		if err != nil {
			return err
		}
		statuses, err := t.OutboundStatuses(ctx, db.OutboundStatusesParams{OrgID: org, ConnectorID: connector, Ids: ids, Ours: ours})
		if err != nil {
			return err
		}
		stored, made, risen := map[string]bool{}, map[Told]bool{}, map[string]chat.Status{}
		for _, id := range messages {
			stored[id] = true
		}
		for _, r := range reports {
			made[Told{ProviderID: r.ID, Status: r.Status}] = true
		}
		for _, m := range statuses {
			risen[m.ID] = m.Status
			if m.ProviderID != "" {
				risen[m.ProviderID] = m.Status
			}
		}
		for i, x := range told {
			if x.Status == "" {
				out[i] = stored[x.ProviderID]
				continue
			}
			status, ours := risen[x.ProviderID]
			if !ours {
				status, ours = risen[string(x.Reference)]
			}
			out[i] = made[Told{ProviderID: x.ProviderID, Status: x.Status}] || ours && status.Join(x.Status) == status
		}
		return nil
	})
	return out, err
}

// ParkedBefore reports whether a polled page of a connector is parked for that reason.
func (s *Store) ParkedBefore(ctx context.Context, org chat.OrgID, connector chat.ConnectorID, header, why string) (bool, error) {
	parked := false
	err := s.inOrg(ctx, org, func(t *tx) error {
		var err error
		parked, err = t.PolledParked(ctx, db.PolledParkedParams{OrgID: org, ConnectorID: connector, Header: header, Why: why})
		return err
	})
	return parked, err
}
