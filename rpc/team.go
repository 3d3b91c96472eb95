package rpc

import (
	"context"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/conversation"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/wire"
)

// The calls of this file are what colleagues do with a conversation among themselves.

func (s *conversationService) ListColleagues(ctx context.Context, req *conversev1.ListColleaguesRequest) (*conversev1.ListColleaguesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	list, groups, err := s.rooms.Conversations.Colleagues(ctx, p, chat.ConversationID(req.GetConversationId()))
	return &conversev1.ListColleaguesResponse{
		Colleagues: wire.List(list, func(c store.Colleague) *conversev1.ListColleaguesResponse_Colleague {
			return &conversev1.ListColleaguesResponse_Colleague{
				Id: string(c.ID), Name: c.Name, Role: string(c.Role), Sees: c.Sees, MayTake: c.MayTake,
			}
		}),
		Groups: wire.List(groups, func(g store.TakingGroup) *conversev1.ListColleaguesResponse_Group {
			return &conversev1.ListColleaguesResponse_Group{Id: string(g.ID), Name: g.Name, Takers: int32(g.Takers)}
		}),
	}, err
}

func (s *conversationService) AddNote(ctx context.Context, req *conversev1.AddNoteRequest) (*conversev1.AddNoteResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	m, err := s.rooms.Conversations.AddNote(ctx, p, conversation.Note{
		Conversation: chat.ConversationID(req.GetConversationId()), ClientID: req.GetClientId(), Text: req.GetText(),
		Mentions: userIDs(req.GetMentionIds()),
	})
	if err != nil {
		return nil, err
	}
	return &conversev1.AddNoteResponse{Message: wire.Message(m)}, nil
}

func (s *conversationService) EditNote(ctx context.Context, req *conversev1.EditNoteRequest) (*conversev1.EditNoteResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	m, err := s.rooms.Conversations.EditNote(ctx, p, chat.MessageID(req.GetMessageId()), req.GetText(), userIDs(req.GetMentionIds()))
	if err != nil {
		return nil, err
	}
	return &conversev1.EditNoteResponse{Message: wire.Message(m)}, nil
}

func (s *conversationService) DeleteNote(ctx context.Context, req *conversev1.DeleteNoteRequest) (*conversev1.DeleteNoteResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	m, err := s.rooms.Conversations.DeleteNote(ctx, p, chat.MessageID(req.GetMessageId()))
	if err != nil {
		return nil, err
	}
	return &conversev1.DeleteNoteResponse{Message: wire.Message(m)}, nil
}

func (s *conversationService) MarkUnread(ctx context.Context, req *conversev1.MarkUnreadRequest) (*conversev1.MarkUnreadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	m, err := s.rooms.Conversations.MarkUnread(ctx, p, chat.ConversationID(req.GetConversationId()))
	if err != nil {
		return nil, err
	}
	return &conversev1.MarkUnreadResponse{Mark: wire.Mark(m)}, nil
}

func (s *conversationService) SnoozeConversation(ctx context.Context, req *conversev1.SnoozeConversationRequest) (*conversev1.SnoozeConversationResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.rooms.Conversations.Snooze(ctx, p, chat.ConversationID(req.GetConversationId()), req.GetUntil().AsTime())
	if err != nil {
		return nil, err
	}
	return &conversev1.SnoozeConversationResponse{Conversation: wire.ConversationFor(c)}, nil
}

func (s *conversationService) UnsnoozeConversation(ctx context.Context, req *conversev1.UnsnoozeConversationRequest) (*conversev1.UnsnoozeConversationResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.rooms.Conversations.Unsnooze(ctx, p, chat.ConversationID(req.GetConversationId()))
	if err != nil {
		return nil, err
	}
	return &conversev1.UnsnoozeConversationResponse{Conversation: wire.ConversationFor(c)}, nil
}

func (s *conversationService) TransferLead(ctx context.Context, req *conversev1.TransferLeadRequest) (*conversev1.TransferLeadResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	id, owner, err := s.rooms.Conversations.Transfer(ctx, p, conversation.Transfer{
		Lead: chat.LeadID(req.GetLeadId()), To: chat.UserID(req.GetUserId()), Group: chat.GroupID(req.GetGroupId()), Comment: req.GetComment(),
		Conversation: chat.ConversationID(req.GetConversationId()),
	})
	if err != nil {
		return nil, err
	}
	return &conversev1.TransferLeadResponse{TransferId: string(id), OwnerId: string(owner.ID), OwnerName: owner.Name}, nil
}

func (s *conversationService) UndoTransfer(ctx context.Context, req *conversev1.UndoTransferRequest) (*conversev1.UndoTransferResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	owner, err := s.rooms.Conversations.UndoTransfer(ctx, p, chat.TransferID(req.GetTransferId()))
	if err != nil {
		return nil, err
	}
	return &conversev1.UndoTransferResponse{OwnerId: string(owner)}, nil
}

func userIDs(texts []string) []chat.UserID {
	return wire.List(texts, func(text string) chat.UserID { return chat.UserID(text) })
}
