package rpc

import (
	"context"
	"maps"
	"slices"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/people"
	"converse/internal/wire"
)

func group(g chat.Group) *conversev1.Group {
	return &conversev1.Group{Id: string(g.ID), Name: g.Name, MemberIds: texts(g.Members)}
}

func (s *adminService) ListGroups(ctx context.Context, _ *conversev1.ListGroupsRequest) (*conversev1.ListGroupsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.rooms.People.Groups(ctx, p)
	return &conversev1.ListGroupsResponse{Groups: wire.List(found, group)}, err
}

func (s *adminService) SaveGroup(ctx context.Context, req *conversev1.SaveGroupRequest) (*conversev1.SaveGroupResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	g, err := s.rooms.People.SaveGroup(ctx, p, chat.Group{
		ID: chat.GroupID(req.GetGroupId()), Name: req.GetName(), Members: ids[chat.UserID](req.GetMemberIds()),
	})
	return &conversev1.SaveGroupResponse{Group: group(g)}, err
}

func (s *adminService) DeleteGroup(ctx context.Context, req *conversev1.DeleteGroupRequest) (*conversev1.DeleteGroupResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.DeleteGroupResponse{}, s.rooms.People.DeleteGroup(ctx, p, chat.GroupID(req.GetGroupId()))
}

func (s *adminService) ListPermissionTemplates(
	ctx context.Context, _ *conversev1.ListPermissionTemplatesRequest,
) (*conversev1.ListPermissionTemplatesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.rooms.People.Templates(ctx, p)
	return &conversev1.ListPermissionTemplatesResponse{Templates: wire.List(found, permissionTemplate)}, err
}

func (s *adminService) SavePermissionTemplate(
	ctx context.Context, req *conversev1.SavePermissionTemplateRequest,
) (*conversev1.SavePermissionTemplateResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	asked := templateOf(req.GetTemplate())
	asked.PermissionTemplate, err = s.rooms.People.SaveTemplate(ctx, p, asked.PermissionTemplate, req.GetConfirm())
	return &conversev1.SavePermissionTemplateResponse{Template: permissionTemplate(asked)}, err
}

func (s *adminService) DeletePermissionTemplate(
	ctx context.Context, req *conversev1.DeletePermissionTemplateRequest,
) (*conversev1.DeletePermissionTemplateResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	id := chat.PermissionTemplateID(req.GetPermissionTemplateId())
	return &conversev1.DeletePermissionTemplateResponse{}, s.rooms.People.DeleteTemplate(ctx, p, id)
}

func (s *adminService) SetAssignments(ctx context.Context, req *conversev1.SetAssignmentsRequest) (*conversev1.SetAssignmentsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	id := chat.PermissionTemplateID(req.GetPermissionTemplateId())
	return &conversev1.SetAssignmentsResponse{}, s.rooms.People.Assign(ctx, p, id, wire.List(req.GetAssignments(), assignmentOf), req.GetConfirm())
}

// mostPreviewed bounds how many users a preview shows.
const mostPreviewed = 200

func (s *adminService) PreviewPermissionTemplate(
	ctx context.Context, req *conversev1.PreviewPermissionTemplateRequest,
) (*conversev1.PreviewPermissionTemplateResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.rooms.People.PreviewTemplate(ctx, p, templateOf(req.GetTemplate()))
	shown := found[:min(len(found), mostPreviewed)]
	return &conversev1.PreviewPermissionTemplateResponse{Total: int32(len(found)), Users: wire.List(shown, func(u people.Preview) *conversev1.AccessPreview {
		return &conversev1.AccessPreview{
			UserId: string(u.Member.ID), Name: u.Member.Name, Role: string(u.Member.Role), Before: access(u.Before), After: access(u.After),
		}
	})}, err
}

func (s *adminService) EffectiveAccess(ctx context.Context, req *conversev1.EffectiveAccessRequest) (*conversev1.EffectiveAccessResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	m, left, why, err := s.rooms.People.Effective(ctx, p, chat.UserID(req.GetUserId()))
	return &conversev1.EffectiveAccessResponse{
		Access: access(left), RoleAccess: access(chat.BaseAccess(m.Role)),
		Restrictions: wire.List(why, func(r chat.Restriction) *conversev1.Restriction {
			return &conversev1.Restriction{
				TemplateId: string(r.Template.ID), TemplateName: r.Template.Name, Through: wire.List(r.Through, assignment), Takes: r.Takes,
			}
		}),
	}, err
}

// rightsOf is what the principal may do, for the buttons of a screen.
func rightsOf(p chat.Principal) *conversev1.Rights {
	leads := p.Rights()
	return &conversev1.Rights{
		Leads: access(leads), ColleagueIds: texts(leads.Colleagues),
		ManagesPeople: p.Role == chat.RoleAdministrator || p.Role == chat.RoleSalesManager,
		Administers:   p.Role == chat.RoleAdministrator, Version: int32(p.AccessVersion),
	}
}

func access(a chat.Access) *conversev1.Access {
	return &conversev1.Access{
		View: string(a.View), Edit: string(a.Edit), Delete: string(a.Delete), Export: string(a.Export), Create: a.Create, Import: a.Import,
		Masks: maskedFields(a.Masks), MaskText: a.MaskText, NoReveal: a.NoReveal,
	}
}

func maskedFields(masks map[chat.LeadField]chat.Mask) []*conversev1.MaskedField {
	return wire.List(slices.Sorted(maps.Keys(masks)), func(f chat.LeadField) *conversev1.MaskedField {
		return &conversev1.MaskedField{Field: string(f), Mask: string(masks[f])}
	})
}

func permissionTemplate(t chat.AssignedTemplate) *conversev1.PermissionTemplate {
	return &conversev1.PermissionTemplate{
		Id: string(t.ID), Name: t.Name, View: string(t.View), Edit: string(t.Edit), Delete: string(t.Delete), Export: string(t.Export),
		NoCreate: t.NoCreate, NoImport: t.NoImport, Masks: maskedFields(t.Masks), MaskText: t.MaskText, NoReveal: t.NoReveal,
		Assignments: wire.List(t.Assignments, assignment),
	}
}

func templateOf(t *conversev1.PermissionTemplate) chat.AssignedTemplate {
	masks := map[chat.LeadField]chat.Mask{}
	for _, m := range t.GetMasks() {
		masks[chat.LeadField(m.GetField())] = chat.Mask(m.GetMask())
	}
	return chat.AssignedTemplate{
		PermissionTemplate: chat.PermissionTemplate{
			ID: chat.PermissionTemplateID(t.GetId()), Name: t.GetName(), View: chat.Scope(t.GetView()), Edit: chat.Scope(t.GetEdit()),
			Delete: chat.Scope(t.GetDelete()), Export: chat.Scope(t.GetExport()), NoCreate: t.GetNoCreate(), NoImport: t.GetNoImport(),
			Masks: masks, MaskText: t.GetMaskText(), NoReveal: t.GetNoReveal(),
		},
		Assignments: wire.List(t.GetAssignments(), assignmentOf),
	}
}

func assignment(a chat.Assignment) *conversev1.Assignment {
	return &conversev1.Assignment{UserId: string(a.User), Role: string(a.Role), GroupId: string(a.Group)}
}

func assignmentOf(a *conversev1.Assignment) chat.Assignment {
	return chat.Assignment{User: chat.UserID(a.GetUserId()), Role: chat.Role(a.GetRole()), Group: chat.GroupID(a.GetGroupId())}
}
