package rpc

import (
	"context"
	"io"
	"time"

	"converse/internal/attach"
	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

// Media is the room for files of messages.
type Media interface {
	// Create makes room for a file that is to be sent in a conversation, and returns where
	// its bytes go until when.
	Create(ctx context.Context, p chat.Principal, to chat.ConversationID, name, contentType string, size int64) (chat.MediaID, string, time.Time, error)
	// CreateExample makes room for a file that is to stand over a connector's template.
	CreateExample(ctx context.Context, p chat.Principal, of chat.ConnectorID, name, contentType string, size int64) (chat.MediaID, string, time.Time, error)
	// Receive takes the bytes of an upload by the word in its address.
	Receive(ctx context.Context, word string, length int64, body io.Reader) error
	// Complete makes an upload ready to be sent. The digest may be empty.
	Complete(ctx context.Context, p chat.Principal, id chat.MediaID, digest string) (chat.Media, error)
	// Cancel and CancelWord forget an upload.
	Cancel(ctx context.Context, p chat.Principal, id chat.MediaID) error
	CancelWord(ctx context.Context, word string) error
	// Link returns a short-lived address of a file that is ready, or of its small picture.
	Link(ctx context.Context, p chat.Principal, id chat.MediaID, preview bool) (url string, expires time.Time, err error)
	// Retry lets a file be fetched again that did not come.
	Retry(ctx context.Context, p chat.Principal, id chat.MediaID) (chat.Media, error)
}

type mediaService struct{ rooms Rooms }

func (s *mediaService) CreateUpload(ctx context.Context, req *conversev1.CreateUploadRequest) (*conversev1.CreateUploadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	talk, connector := chat.ConversationID(req.GetConversationId()), chat.ConnectorID(req.GetConnectorId())
	if (talk == "") == (connector == "") {
		return nil, chat.Invalidf("conversationId", "or connectorId must be given, and not both")
	}
	create := func() (chat.MediaID, string, time.Time, error) {
		return s.rooms.Media.Create(ctx, p, talk, req.GetFileName(), req.GetContentType(), int64(req.GetSize()))
	}
	if connector != "" {
		create = func() (chat.MediaID, string, time.Time, error) {
			return s.rooms.Media.CreateExample(ctx, p, connector, req.GetFileName(), req.GetContentType(), int64(req.GetSize()))
		}
	}
	id, url, expires, err := create()
	if err != nil {
		return nil, err
	}
	return &conversev1.CreateUploadResponse{MediaId: string(id), UploadUrl: url, ExpiresAt: wire.Time(expires)}, nil
}

func (s *mediaService) CompleteUpload(ctx context.Context, req *conversev1.CompleteUploadRequest) (*conversev1.CompleteUploadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	m, err := s.rooms.Media.Complete(ctx, p, chat.MediaID(req.GetMediaId()), req.GetSha256())
	if err != nil {
		return nil, err
	}
	return &conversev1.CompleteUploadResponse{Media: wire.Media(m)}, nil
}

func (s *mediaService) CancelUpload(ctx context.Context, req *conversev1.CancelUploadRequest) (*conversev1.CancelUploadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.CancelUploadResponse{}, s.rooms.Media.Cancel(ctx, p, chat.MediaID(req.GetMediaId()))
}

func (s *mediaService) GetDownload(ctx context.Context, req *conversev1.GetDownloadRequest) (*conversev1.GetDownloadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	url, expires, err := s.rooms.Media.Link(ctx, p, chat.MediaID(req.GetMediaId()), req.GetPreview())
	if err != nil {
		return nil, err
	}
	return &conversev1.GetDownloadResponse{Url: url, ExpiresAt: wire.Time(expires)}, nil
}

func (s *mediaService) RetryFetch(ctx context.Context, req *conversev1.RetryFetchRequest) (*conversev1.RetryFetchResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	m, err := s.rooms.Media.Retry(ctx, p, chat.MediaID(req.GetMediaId()))
	if err != nil {
		return nil, err
	}
	return &conversev1.RetryFetchResponse{Media: wire.Media(m)}, nil
}

// GetCapabilities says what a conversation's sender can send.
func (s *conversationService) GetCapabilities(ctx context.Context, req *conversev1.GetCapabilitiesRequest) (*conversev1.GetCapabilitiesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	can, c, err := s.rooms.Outbox.Capabilities(ctx, p, chat.ConversationID(req.GetConversationId()))
	if err != nil {
		return nil, err
	}
	out := &conversev1.Capabilities{
		SenderId: string(c.Sender.ID), Text: int32(can.Text), Templates: can.Templates, Window: can.Window, FilesPerMessage: int32(can.FilesPerMessage),
	}
	out.Media = wire.List(can.Media, mediaRule)
	return &conversev1.GetCapabilitiesResponse{Capabilities: out}, nil
}

func mediaRule(r attach.Rule) *conversev1.MediaRule {
	return &conversev1.MediaRule{
		Kind: string(r.Kind), Types: r.Types, Endings: attach.Endings(r), MaxBytes: float64(r.MaxBytes), MaxPixels: float64(attach.MaxPixels(r)),
		Caption: int32(r.Caption), PerMessage: int32(r.PerMessage),
	}
}
