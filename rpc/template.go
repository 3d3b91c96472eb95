package rpc

import (
	"context"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

type templateService struct{ rooms Rooms }

func (s *templateService) ListTemplates(ctx context.Context, req *conversev1.ListTemplatesRequest) (*conversev1.ListTemplatesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	templates, err := s.rooms.Conversations.Templates(ctx, p, chat.Channel(req.GetChannel()))
	return &conversev1.ListTemplatesResponse{Templates: wire.List(templates, wire.Template)}, err
}
