package rpc

import (
	"context"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/origin"
	"converse/internal/wire"
)

// Origins keeps the sites whose pages may include an org's widget.
type Origins interface {
	Origins(ctx context.Context, org chat.OrgID) ([]chat.Origin, error)
	AddOrigin(ctx context.Context, p chat.Principal, origin string) (chat.Origin, error)
	RemoveOrigin(ctx context.Context, p chat.Principal, origin string) error
	// Refresh has this node know of a change at once; the others find out within seconds.
	Refresh(ctx context.Context) error
}

func (s *adminService) ListOrigins(ctx context.Context, _ *conversev1.ListOriginsRequest) (*conversev1.ListOriginsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.rooms.Origins.Origins(ctx, p.Org)
	return &conversev1.ListOriginsResponse{Origins: wire.List(list, wire.Origin)}, err
}

func (s *adminService) AddOrigin(ctx context.Context, req *conversev1.AddOriginRequest) (*conversev1.AddOriginResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	text, err := origin.Parse(req.GetOrigin())
	if err != nil {
		return nil, err
	}
	added, err := s.rooms.Origins.AddOrigin(ctx, p, text)
	if err != nil {
		return nil, err
	}
	return &conversev1.AddOriginResponse{Origin: wire.Origin(added)}, s.rooms.Origins.Refresh(ctx)
}

func (s *adminService) RemoveOrigin(ctx context.Context, req *conversev1.RemoveOriginRequest) (*conversev1.RemoveOriginResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	text, err := origin.Parse(req.GetOrigin())
	if err != nil {
		return nil, err
	}
	if err := s.rooms.Origins.RemoveOrigin(ctx, p, text); err != nil {
		return nil, err
	}
	return &conversev1.RemoveOriginResponse{}, s.rooms.Origins.Refresh(ctx)
}
