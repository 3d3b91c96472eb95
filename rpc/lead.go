package rpc

import (
	"context"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

type leadService struct{ rooms Rooms }

func (s *leadService) SearchLeads(ctx context.Context, req *conversev1.SearchLeadsRequest) (*conversev1.SearchLeadsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	leads, err := s.rooms.Leads.Search(ctx, p, req.GetQuery(), int(req.GetLimit()))
	return &conversev1.SearchLeadsResponse{Leads: wire.List(leads, wire.Lead)}, err
}

func (s *leadService) GetLead(ctx context.Context, req *conversev1.GetLeadRequest) (*conversev1.GetLeadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	lead, err := s.rooms.Leads.Lead(ctx, p, chat.LeadID(req.GetLeadId()))
	if err != nil {
		return s.merged(ctx, p, chat.LeadID(req.GetLeadId()), err)
	}
	conversations, err := s.rooms.Conversations.OfLead(ctx, p, lead.ID)
	return &conversev1.GetLeadResponse{
		Lead: wire.Lead(lead), Conversations: wire.List(conversations, wire.ConversationFor),
	}, err
}
