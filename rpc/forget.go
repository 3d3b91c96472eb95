package rpc

import (
	"context"
	"strings"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

// Forgetting erases leads and knows how long things are kept.
type Forgetting interface {
	EraseLead(ctx context.Context, p chat.Principal, id chat.LeadID, confirmed bool) (chat.Erasure, error)
	Erasures(ctx context.Context, org chat.OrgID, most int) ([]chat.Erasure, error)
	Retention(ctx context.Context, org chat.OrgID) ([]chat.Retention, error)
	SetRetention(ctx context.Context, p chat.Principal, kind chat.RetentionKind, days int) error
}

// mostErasures is how many erasures are listed.
const mostErasures = 200

func (s *leadService) EraseLead(ctx context.Context, req *conversev1.EraseLeadRequest) (*conversev1.EraseLeadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	confirmed := strings.EqualFold(strings.TrimSpace(req.GetConfirm()), "erase")
	erasure, err := s.rooms.Forgetting.EraseLead(ctx, p, chat.LeadID(req.GetLeadId()), confirmed)
	if err != nil {
		return nil, err
	}
	return &conversev1.EraseLeadResponse{Erasure: wire.Erasure(erasure)}, nil
}

func (s *adminService) ListErasures(ctx context.Context, _ *conversev1.ListErasuresRequest) (*conversev1.ListErasuresResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.rooms.Forgetting.Erasures(ctx, p.Org, mostErasures)
	return &conversev1.ListErasuresResponse{Erasures: wire.List(list, wire.Erasure)}, err
}

func (s *adminService) GetRetention(ctx context.Context, _ *conversev1.GetRetentionRequest) (*conversev1.GetRetentionResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	kinds, err := s.rooms.Forgetting.Retention(ctx, p.Org)
	return &conversev1.GetRetentionResponse{Kinds: wire.List(kinds, wire.Retention)}, err
}

func (s *adminService) SetRetention(ctx context.Context, req *conversev1.SetRetentionRequest) (*conversev1.SetRetentionResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.rooms.Forgetting.SetRetention(ctx, p, chat.RetentionKind(req.GetKind()), int(req.GetDays())); err != nil {
		return nil, err
	}
	kinds, err := s.rooms.Forgetting.Retention(ctx, p.Org)
	return &conversev1.SetRetentionResponse{Kinds: wire.List(kinds, wire.Retention)}, err
}
