package rpc

import (
	"context"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/crm"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/wire"
)

func (s *leadService) CreateLead(ctx context.Context, req *conversev1.CreateLeadRequest) (*conversev1.CreateLeadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	n := crm.NewLead{
		FirstName: req.GetFirstName(), LastName: req.GetLastName(), Source: req.GetSource(), Stage: req.GetStage(),
		Owner: userID(req.OwnerId), Custom: customValues(req.GetCustom()),
	}
	for _, i := range req.GetIdentifiers() {
		n.Identifiers = append(n.Identifiers, chat.Identifier{Kind: chat.IdentifierKind(i.GetKind()), Value: i.GetValue(), Label: i.GetLabel()})
	}
	lead, err := s.rooms.Leads.Create(ctx, p, n)
	return &conversev1.CreateLeadResponse{Lead: wire.Lead(lead)}, err
}

func userID(id *string) *chat.UserID { return (*chat.UserID)(id) }

func customValues(in []*conversev1.CustomValue) []chat.CustomValue {
	var out []chat.CustomValue
	for _, v := range in {
		out = append(out, chat.CustomValue{Key: v.GetKey(), Value: v.GetValue()})
	}
	return out
}

func leadIDs(in []string) []chat.LeadID {
	out := make([]chat.LeadID, len(in))
	for i, id := range in {
		out[i] = chat.LeadID(id)
	}
	return out
}

func (s *leadService) UpdateLead(ctx context.Context, req *conversev1.UpdateLeadRequest) (*conversev1.UpdateLeadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	c := store.LeadChange{
		ID: chat.LeadID(req.GetLeadId()), Version: int(req.GetVersion()), FirstName: req.FirstName, LastName: req.LastName,
		Source: req.Source, Stage: req.Stage, Owner: userID(req.OwnerId), Custom: customValues(req.GetCustom()),
	}
	if req.GetIdentifiers() != nil {
		c.Identifiers = []store.IdentifierChange{}
		for _, i := range req.GetIdentifiers().GetEdits() {
			c.Identifiers = append(c.Identifiers, store.IdentifierChange{
				ID: chat.IdentifierID(i.GetId()), Kind: chat.IdentifierKind(i.GetKind()), Value: i.Value, Label: i.Label,
			})
		}
	}
	lead, err := s.rooms.Leads.Update(ctx, p, c)
	return &conversev1.UpdateLeadResponse{Lead: wire.Lead(lead)}, err
}

func (s *leadService) BulkUpdateLeads(ctx context.Context, req *conversev1.BulkUpdateLeadsRequest) (*conversev1.BulkUpdateLeadsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	result, err := s.rooms.Leads.UpdateMany(ctx, p, leadIDs(req.GetLeadIds()), userID(req.OwnerId), req.Stage)
	return &conversev1.BulkUpdateLeadsResponse{Changed: int32(result.Done), Refused: int32(result.Refused)}, err
}

func (s *leadService) DeleteLeads(ctx context.Context, req *conversev1.DeleteLeadsRequest) (*conversev1.DeleteLeadsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	result, err := s.rooms.Leads.Delete(ctx, p, leadIDs(req.GetLeadIds()))
	return &conversev1.DeleteLeadsResponse{Deleted: int32(result.Done), Refused: int32(result.Refused)}, err
}

func (s *leadService) RestoreLeads(ctx context.Context, req *conversev1.RestoreLeadsRequest) (*conversev1.RestoreLeadsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	restored, err := s.rooms.Leads.Restore(ctx, p, leadIDs(req.GetLeadIds()))
	return &conversev1.RestoreLeadsResponse{Restored: int32(restored)}, err
}

func (s *leadService) SetOptOut(ctx context.Context, req *conversev1.SetOptOutRequest) (*conversev1.SetOptOutResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	lead, err := s.rooms.Leads.SetOptOut(ctx, p, chat.IdentifierID(req.GetIdentifierId()), req.GetOptedOut(), req.GetReason())
	return &conversev1.SetOptOutResponse{Lead: wire.Lead(lead)}, err
}

func (s *leadService) ListActivities(ctx context.Context, req *conversev1.ListActivitiesRequest) (*conversev1.ListActivitiesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	q := store.ActivityQuery{Lead: chat.LeadID(req.GetLeadId()), Most: int(req.GetLimit())}
	for _, kind := range req.GetKinds() {
		q.Kinds = append(q.Kinds, chat.ActivityKind(kind))
	}
	activities, next, err := s.rooms.Leads.Activities(ctx, p, q, req.GetCursor())
	return &conversev1.ListActivitiesResponse{Activities: wire.List(activities, wire.Activity), NextCursor: next}, err
}
