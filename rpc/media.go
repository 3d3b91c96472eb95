package rpc

import (
	"context"
	"time"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

// Media makes links to files.
type Media interface {
	// Link returns a short-lived address of a file that is ready.
	Link(ctx context.Context, p chat.Principal, id chat.MediaID) (url string, expires time.Time, err error)
}

type mediaService struct{ rooms Rooms }

func (s *mediaService) GetDownload(ctx context.Context, req *conversev1.GetDownloadRequest) (*conversev1.GetDownloadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	url, expires, err := s.rooms.Media.Link(ctx, p, chat.MediaID(req.GetMediaId()))
	if err != nil {
		return nil, err
	}
	return &conversev1.GetDownloadResponse{Url: url, ExpiresAt: wire.Time(expires)}, nil
}
