package rpc

import (
	"context"

	"connectrpc.com/connect"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/people"
	"converse/internal/wire"
)

func (s *authService) LookUpLink(ctx context.Context, req *conversev1.LookUpLinkRequest) (*conversev1.LookUpLinkResponse, error) {
	link, policy, err := s.rooms.People.LookUp(ctx, req.GetToken())
	return &conversev1.LookUpLinkResponse{
		Kind: string(link.Kind), Email: link.User.Email, Name: link.User.Name, OrgName: link.Org.Name, ExpiresAt: wire.Time(link.Expires),
		PasswordMin: int32(policy.PasswordMin),
	}, err
}

func (s *authService) AcceptInvitation(ctx context.Context, req *conversev1.AcceptInvitationRequest) (*conversev1.AcceptInvitationResponse, error) {
	info, _ := connect.CallInfoForHandlerContext(ctx)
	user, err := s.rooms.People.Accept(ctx, req.GetToken(), req.GetPassword(), s.from(info))
	if err != nil {
		return nil, err
	}
	// Whatever else signing in asks for, it asks for here too.
	signedIn, err := s.LogIn(ctx, &conversev1.LogInRequest{Email: user.Email, Password: req.GetPassword()})
	return &conversev1.AcceptInvitationResponse{SignedIn: signedIn}, err
}

func (s *authService) GetPasswordRules(ctx context.Context, _ *conversev1.GetPasswordRulesRequest) (*conversev1.GetPasswordRulesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	policy, err := s.rooms.People.Policy(ctx, p)
	return &conversev1.GetPasswordRulesResponse{PasswordMin: int32(policy.PasswordMin), PasswordHistory: int32(policy.PasswordHistory)}, err
}

func (s *authService) ChangePassword(ctx context.Context, req *conversev1.ChangePasswordRequest) (*conversev1.ChangePasswordResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.ChangePasswordResponse{}, s.rooms.People.ChangePassword(ctx, p, req.GetOldPassword(), req.GetNewPassword())
}

func (s *authService) UpdateProfile(ctx context.Context, req *conversev1.UpdateProfileRequest) (*conversev1.UpdateProfileResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	user, err := s.rooms.People.Rename(ctx, p, req.GetName())
	return &conversev1.UpdateProfileResponse{Name: user.Name}, err
}

func (s *authService) ListSessions(ctx context.Context, req *conversev1.ListSessionsRequest) (*conversev1.ListSessionsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.rooms.People.Sessions(ctx, p, chat.UserID(req.GetUserId()))
	return &conversev1.ListSessionsResponse{Sessions: wire.List(found, func(i chat.SignIn) *conversev1.Session {
		return &conversev1.Session{
			Id: string(i.ID), Device: people.Device(i.Agent), Address: i.Address, Via: string(i.Via), CreatedAt: wire.Time(i.CreatedAt),
			LastSeenAt: wire.Time(i.LastSeen), ExpiresAt: wire.Time(i.ExpiresAt), Current: i.ID == p.SignIn,
		}
	})}, err
}

func (s *authService) RevokeSession(ctx context.Context, req *conversev1.RevokeSessionRequest) (*conversev1.RevokeSessionResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.RevokeSessionResponse{}, s.rooms.People.Revoke(ctx, p, chat.SignInID(req.GetSessionId()))
}

func (s *authService) RevokeAllOthers(ctx context.Context, _ *conversev1.RevokeAllOthersRequest) (*conversev1.RevokeAllOthersResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	ended, err := s.rooms.People.RevokeOthers(ctx, p)
	return &conversev1.RevokeAllOthersResponse{Ended: int32(ended)}, err
}
