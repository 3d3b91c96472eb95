package rpc

import (
	"context"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
)

func (s *leadService) RevealField(ctx context.Context, req *conversev1.RevealFieldRequest) (*conversev1.RevealFieldResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	value, err := s.rooms.Leads.Reveal(ctx, p, store.Reveal{
		Lead: chat.LeadID(req.GetLeadId()), Field: chat.LeadField(req.GetField()), Identifier: chat.IdentifierID(req.GetIdentifierId()),
		Reason: req.GetReason(),
	})
	if err != nil {
		return nil, err
	}
	return &conversev1.RevealFieldResponse{Value: value}, nil
}
