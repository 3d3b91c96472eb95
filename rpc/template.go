package rpc

import (
	"context"

	"converse/internal/approval"
	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/conversation"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/wire"
)

type templateService struct{ rooms Rooms }

func (s *templateService) ListTemplates(ctx context.Context, req *conversev1.ListTemplatesRequest) (*conversev1.ListTemplatesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	if req.GetAll() {
		return s.allTemplates(ctx, p, req)
	}
	templates, err := s.rooms.Conversations.Templates(ctx, p, conversation.TemplateFilter{
		Channel: chat.Channel(req.GetChannel()), Connector: chat.ConnectorID(req.GetConnectorId()), Conversation: chat.ConversationID(req.GetConversationId()),
	})
	return &conversev1.ListTemplatesResponse{Templates: wire.List(templates, wire.Template)}, err
}

// allTemplates are those in any state, for whoever keeps them.
func (s *templateService) allTemplates(ctx context.Context, p chat.Principal, req *conversev1.ListTemplatesRequest) (*conversev1.ListTemplatesResponse, error) {
	if p.Role != chat.RoleAdministrator || p.Via == chat.ViaWidget {
		return nil, forbidden("Only an administrator sees templates that cannot be sent.")
	}
	stored, err := s.rooms.Connectors.AllTemplates(ctx, p.Org)
	if err != nil {
		return nil, err
	}
	syncs, err := s.rooms.Connectors.TemplateSyncs(ctx, p.Org)
	if err != nil {
		return nil, err
	}
	out := &conversev1.ListTemplatesResponse{Syncs: wire.List(syncs, templateSync)}
	for _, t := range stored {
		if (req.GetChannel() == "" || req.GetChannel() == string(t.Channel)) && (req.GetConnectorId() == "" || req.GetConnectorId() == string(t.Connector)) {
			out.Templates = append(out.Templates, wire.Template(t.Template))
		}
	}
	return out, nil
}

func templateSync(y store.TemplateSync) *conversev1.TemplateSync {
	return &conversev1.TemplateSync{
		ConnectorId: string(y.Connector), State: y.State, Found: int32(y.Found), Gone: int32(y.Gone), Problem: y.Problem,
		BeganAt: wire.Time(y.BeganAt), EndedAt: wire.Time(y.EndedAt),
	}
}

func (s *templateService) CreateTemplate(ctx context.Context, req *conversev1.CreateTemplateRequest) (*conversev1.CreateTemplateResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	draft, err := templateDraft(req.GetTemplate())
	if err != nil {
		return nil, err
	}
	t, err := s.rooms.Approval.Write(ctx, p, "", draft)
	if err != nil {
		return nil, err
	}
	return &conversev1.CreateTemplateResponse{Template: wire.Template(t)}, nil
}

func (s *templateService) UpdateTemplate(ctx context.Context, req *conversev1.UpdateTemplateRequest) (*conversev1.UpdateTemplateResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	draft, err := templateDraft(req.GetTemplate())
	if err != nil {
		return nil, err
	}
	t, err := s.rooms.Approval.Write(ctx, p, chat.TemplateID(req.GetTemplateId()), draft)
	if err != nil {
		return nil, err
	}
	return &conversev1.UpdateTemplateResponse{Template: wire.Template(t)}, nil
}

func templateDraft(d *conversev1.TemplateDraft) (approval.Draft, error) {
	out := approval.Draft{
		Channel: chat.Channel(d.GetChannel()), Connector: chat.ConnectorID(d.GetConnectorId()), Name: d.GetName(), Language: d.GetLanguage(),
		Category: d.GetCategory(), Body: d.GetBody(), Footer: d.GetFooter(), Examples: d.GetExamples(),
	}
	if h := d.GetHeader(); h != nil {
		out.Header = &chat.TemplateHeader{Kind: chat.MessageKind(h.GetKind()), Text: h.GetText(), Example: h.GetExample()}
		if id := h.GetFile().GetId(); id != "" {
			file, err := chat.ParseID[chat.MediaID]("header.file", id)
			if err != nil {
				return out, err
			}
			out.Header.File = &chat.Media{ID: file}
		}
	}
	for _, a := range d.GetActions() {
		out.Actions = append(out.Actions, chat.TemplateAction{Kind: a.GetKind(), Text: a.GetText(), Value: a.GetValue(), Example: a.GetExample()})
	}
	return out, nil
}

func (s *templateService) SubmitTemplate(ctx context.Context, req *conversev1.SubmitTemplateRequest) (*conversev1.SubmitTemplateResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	t, err := s.rooms.Approval.Submit(ctx, p, chat.TemplateID(req.GetTemplateId()))
	if err != nil {
		return nil, err
	}
	return &conversev1.SubmitTemplateResponse{Template: wire.Template(t)}, nil
}

func (s *templateService) DeleteTemplate(ctx context.Context, req *conversev1.DeleteTemplateRequest) (*conversev1.DeleteTemplateResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.DeleteTemplateResponse{}, s.rooms.Approval.Drop(ctx, p, chat.TemplateID(req.GetTemplateId()))
}

func (s *templateService) SyncTemplates(ctx context.Context, req *conversev1.SyncTemplatesRequest) (*conversev1.SyncTemplatesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.SyncTemplatesResponse{}, s.rooms.Approval.WantSync(ctx, p, chat.ConnectorID(req.GetConnectorId()))
}
