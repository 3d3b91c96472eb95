package rpc

import (
	"context"
	"time"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/people"
	"converse/internal/wire"
)

// welcomePath is the page that password links lead to. The token follows in the
// fragment, which browsers send to nobody.
const welcomePath = "/welcome#"

func (s *adminService) link(l people.Link) *conversev1.PasswordLink {
	return &conversev1.PasswordLink{Url: s.options.PublicURL + welcomePath + l.Token, ExpiresAt: wire.Time(l.Expires)}
}

func member(m people.Member) *conversev1.Member {
	return &conversev1.Member{
		Id: string(m.ID), Name: m.Name, Email: m.Email, Role: string(m.Role), State: string(m.State), GroupIds: texts(m.Groups),
		LastSeenAt: wire.Time(m.LastSeen), LinkExpiresAt: wire.Time(m.LinkExpires), Manageable: m.Manageable, SecondFactor: m.SecondFactor,
	}
}

func texts[T ~string](ids []T) []string {
	return wire.List(ids, func(id T) string { return string(id) })
}

func ids[T ~string](texts []string) []T {
	return wire.List(texts, func(id string) T { return T(id) })
}

func (s *adminService) ListUsers(ctx context.Context, _ *conversev1.ListUsersRequest) (*conversev1.ListUsersResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.rooms.People.Members(ctx, p)
	return &conversev1.ListUsersResponse{Users: wire.List(found, member)}, err
}

func (s *adminService) GetUser(ctx context.Context, req *conversev1.GetUserRequest) (*conversev1.GetUserResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	m, err := s.rooms.People.Member(ctx, p, chat.UserID(req.GetUserId()))
	return &conversev1.GetUserResponse{User: member(m), OwnedLeads: int32(m.Leads)}, err
}

func (s *adminService) InviteUser(ctx context.Context, req *conversev1.InviteUserRequest) (*conversev1.InviteUserResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	user := chat.User{Email: req.GetEmail(), Name: req.GetName(), Role: chat.Role(req.GetRole())}
	m, link, err := s.rooms.People.Invite(ctx, p, user, ids[chat.GroupID](req.GetGroupIds()))
	return &conversev1.InviteUserResponse{User: member(m), Link: s.link(link)}, err
}

func (s *adminService) ResendInvitation(ctx context.Context, req *conversev1.ResendInvitationRequest) (*conversev1.ResendInvitationResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	link, err := s.rooms.People.NewLink(ctx, p, chat.UserID(req.GetUserId()), chat.LinkInvitation)
	return &conversev1.ResendInvitationResponse{Link: s.link(link)}, err
}

func (s *adminService) RevokeInvitation(ctx context.Context, req *conversev1.RevokeInvitationRequest) (*conversev1.RevokeInvitationResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.RevokeInvitationResponse{}, s.rooms.People.RevokeInvitation(ctx, p, chat.UserID(req.GetUserId()))
}

func (s *adminService) UpdateUser(ctx context.Context, req *conversev1.UpdateUserRequest) (*conversev1.UpdateUserResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	user := chat.User{ID: chat.UserID(req.GetUserId()), Name: req.GetName(), Role: chat.Role(req.GetRole())}
	m, err := s.rooms.People.Update(ctx, p, user, ids[chat.GroupID](req.GetGroupIds()))
	return &conversev1.UpdateUserResponse{User: member(m)}, err
}

func (s *adminService) DeactivateUser(ctx context.Context, req *conversev1.DeactivateUserRequest) (*conversev1.DeactivateUserResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	to := chat.LeavingLeads{User: chat.UserID(req.GetToUserId()), Group: chat.GroupID(req.GetToGroupId())}
	switch leads := req.GetLeads(); {
	case leads == "give" && (to.User == "" || to.Group != ""):
		return nil, chat.Invalidf("toUserId", "Choose who gets the leads.")
	case leads == "share" && (to.Group == "" || to.User != ""):
		return nil, chat.Invalidf("toGroupId", "Choose whose users get the leads.")
	case leads != "give" && leads != "share" && to != (chat.LeavingLeads{}):
		return nil, chat.Invalidf("leads", "Say give or share.")
	}
	return &conversev1.DeactivateUserResponse{}, s.rooms.People.Deactivate(ctx, p, chat.UserID(req.GetUserId()), to)
}

func (s *adminService) ReactivateUser(ctx context.Context, req *conversev1.ReactivateUserRequest) (*conversev1.ReactivateUserResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.ReactivateUserResponse{}, s.rooms.People.Reactivate(ctx, p, chat.UserID(req.GetUserId()))
}

func (s *adminService) RequestPasswordReset(ctx context.Context, req *conversev1.RequestPasswordResetRequest) (*conversev1.RequestPasswordResetResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	link, err := s.rooms.People.NewLink(ctx, p, chat.UserID(req.GetUserId()), chat.LinkReset)
	return &conversev1.RequestPasswordResetResponse{Link: s.link(link)}, err
}

func (s *adminService) SignOutUser(ctx context.Context, req *conversev1.SignOutUserRequest) (*conversev1.SignOutUserResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	ended, err := s.rooms.People.SignOut(ctx, p, chat.UserID(req.GetUserId()))
	return &conversev1.SignOutUserResponse{Ended: int32(ended)}, err
}

func (s *adminService) GetAccountPolicy(ctx context.Context, _ *conversev1.GetAccountPolicyRequest) (*conversev1.GetAccountPolicyResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	policy, err := s.rooms.People.Policy(ctx, p)
	return &conversev1.GetAccountPolicyResponse{Policy: accountPolicy(policy)}, err
}

func (s *adminService) SetAccountPolicy(ctx context.Context, req *conversev1.SetAccountPolicyRequest) (*conversev1.SetAccountPolicyResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	asked := req.GetPolicy()
	err = s.rooms.People.SetPolicy(ctx, p, chat.AccountPolicy{
		PasswordMin: int(asked.GetPasswordMin()), PasswordHistory: int(asked.GetPasswordHistory()),
		Absolute: time.Duration(asked.GetAbsoluteMinutes()) * time.Minute, Idle: time.Duration(asked.GetIdleMinutes()) * time.Minute,
	})
	return &conversev1.SetAccountPolicyResponse{Policy: asked}, err
}

func accountPolicy(p chat.AccountPolicy) *conversev1.AccountPolicy {
	return &conversev1.AccountPolicy{
		PasswordMin: int32(p.PasswordMin), PasswordHistory: int32(p.PasswordHistory),
		AbsoluteMinutes: int32(p.Absolute / time.Minute), IdleMinutes: int32(p.Idle / time.Minute),
	}
}
