package rpc

import (
	"context"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/outbox"
	"converse/internal/store"
	"converse/internal/wire"
)

type conversationService struct{ rooms Rooms }

func (s *conversationService) StartConversation(ctx context.Context, req *conversev1.StartConversationRequest) (*conversev1.StartConversationResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.rooms.Conversations.Start(ctx, p, chat.LeadID(req.GetLeadId()), chat.Channel(req.GetChannel()),
		chat.IdentifierID(req.GetIdentifierId()), chat.SenderID(req.GetSenderId()))
	if err != nil {
		return nil, err
	}
	return &conversev1.StartConversationResponse{Conversation: wire.ConversationFor(c)}, nil
}

func (s *conversationService) ListConversations(ctx context.Context, req *conversev1.ListConversationsRequest) (*conversev1.ListConversationsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	page, err := s.rooms.Conversations.List(ctx, p, store.ListKind(req.GetFilter()), chat.Channel(req.GetChannel()),
		int(req.GetLimit()), req.GetCursor())
	return &conversev1.ListConversationsResponse{
		Conversations: wire.List(page.Conversations, wire.ConversationFor), NextCursor: page.Next, UnreadMine: int32(page.UnreadMine),
	}, err
}

func (s *conversationService) CountConversations(ctx context.Context, req *conversev1.CountConversationsRequest) (*conversev1.CountConversationsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	n, err := s.rooms.Conversations.Counts(ctx, p, chat.Channel(req.GetChannel()))
	return &conversev1.CountConversationsResponse{
		Unread: int32(n.Unread), Unassigned: int32(n.Unassigned), WindowClosing: int32(n.WindowClosing), Snoozed: int32(n.Snoozed),
		Mentions: int32(n.Mentions),
	}, err
}

func (s *conversationService) GetConversation(ctx context.Context, req *conversev1.GetConversationRequest) (*conversev1.GetConversationResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	c, lead, err := s.rooms.Conversations.Get(ctx, p, chat.ConversationID(req.GetConversationId()))
	if err != nil {
		return nil, err
	}
	return &conversev1.GetConversationResponse{Conversation: wire.ConversationFor(c), Lead: wire.Lead(lead)}, nil
}

func (s *conversationService) ListMessages(ctx context.Context, req *conversev1.ListMessagesRequest) (*conversev1.ListMessagesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	messages, err := s.rooms.Conversations.Messages(ctx, p, chat.ConversationID(req.GetConversationId()),
		int(req.GetBeforeSeq()), int(req.GetAfterSeq()), int(req.GetLimit()))
	return &conversev1.ListMessagesResponse{Messages: wire.List(messages, wire.Message)}, err
}

func (s *conversationService) SendMessage(ctx context.Context, req *conversev1.SendMessageRequest) (*conversev1.SendMessageResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	draft := outbox.Draft{
		Conversation: chat.ConversationID(req.GetConversationId()), ClientID: req.GetClientId(), Text: req.GetText(),
		Template: chat.TemplateID(req.GetTemplateId()), Variables: req.GetVariables(), ViewedSeq: int(req.GetViewedSeq()),
	}
	draft.HeaderText = req.GetHeaderText()
	if at := req.GetHeaderLocation(); at != nil {
		draft.Location = &chat.Place{Latitude: at.GetLatitude(), Longitude: at.GetLongitude(), Name: at.GetName(), Address: at.GetAddress()}
	}
	if values := req.GetButtonValues(); len(values) > 0 {
		draft.Buttons = make(map[int]string, len(values))
		for at, value := range values {
			draft.Buttons[int(at)] = value
		}
	}
	for _, id := range req.GetMediaIds() {
		draft.Media = append(draft.Media, chat.MediaID(id))
	}
	m, err := s.rooms.Outbox.Accept(ctx, p, draft)
	if err != nil {
		return nil, err
	}
	return &conversev1.SendMessageResponse{Message: wire.Message(m)}, nil
}

func (s *conversationService) SendAgain(ctx context.Context, req *conversev1.SendAgainRequest) (*conversev1.SendAgainResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	m, err := s.rooms.Outbox.SendAgain(ctx, p, chat.MessageID(req.GetMessageId()), req.GetClientId())
	if err != nil {
		return nil, err
	}
	return &conversev1.SendAgainResponse{Message: wire.Message(m)}, nil
}

func (s *conversationService) MarkRead(ctx context.Context, req *conversev1.MarkReadRequest) (*conversev1.MarkReadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	unread, err := s.rooms.Conversations.MarkRead(ctx, p, chat.ConversationID(req.GetConversationId()), int(req.GetSeq()))
	return &conversev1.MarkReadResponse{UnreadMine: int32(unread)}, err
}

func (s *conversationService) GetTimeline(ctx context.Context, req *conversev1.GetTimelineRequest) (*conversev1.GetTimelineResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := s.rooms.Conversations.Timeline(ctx, p, chat.MessageID(req.GetMessageId()))
	return &conversev1.GetTimelineResponse{
		States: wire.List(entries, func(e chat.TimelineEntry) *conversev1.GetTimelineResponse_State {
			return &conversev1.GetTimelineResponse_State{
				Status: string(e.Status), At: wire.Time(e.At), ReportedBy: e.ReportedBy, Detail: e.Detail,
			}
		}),
	}, err
}
