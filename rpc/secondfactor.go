package rpc

import (
	"context"

	"connectrpc.com/connect"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

func (s *authService) GetSecondFactor(ctx context.Context, _ *conversev1.GetSecondFactorRequest) (*conversev1.GetSecondFactorResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	state, err := s.rooms.SignIns.SecondFactor(ctx, p)
	return &conversev1.GetSecondFactorResponse{SecondFactor: wire.SecondFactor(state)}, err
}

func (s *authService) BeginSecondFactor(ctx context.Context, _ *conversev1.BeginSecondFactorRequest) (*conversev1.BeginSecondFactorResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	_, users, err := s.rooms.Conversations.Org(ctx, p)
	if err != nil {
		return nil, err
	}
	account := p.Name
	for _, u := range users {
		if u.ID == p.User {
			account = u.Email
		}
	}
	made, err := s.rooms.SignIns.Enrol(ctx, p, account)
	return &conversev1.BeginSecondFactorResponse{Secret: made.Secret, Address: made.Address, Picture: made.Picture}, err
}

func (s *authService) ConfirmSecondFactor(ctx context.Context, req *conversev1.ConfirmSecondFactorRequest) (*conversev1.ConfirmSecondFactorResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	on, err := s.rooms.SignIns.ConfirmEnrolment(ctx, p, auth.Code{Code: req.GetCode(), From: p.Address})
	if err != nil {
		return nil, err
	}
	if info, ok := connect.CallInfoForHandlerContext(ctx); ok && on.Token != "" {
		s.setCookie(info, on.Token, on.Expires)
	}
	return &conversev1.ConfirmSecondFactorResponse{RecoveryCodes: on.RecoveryCodes, Token: on.Token, ExpiresAt: wire.Time(on.Expires)}, nil
}

func (s *authService) DisableSecondFactor(ctx context.Context, req *conversev1.DisableSecondFactorRequest) (*conversev1.DisableSecondFactorResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.DisableSecondFactorResponse{}, s.rooms.SignIns.Disable(ctx, p, auth.Code{
		Code: req.GetCode(), Recovery: req.GetRecoveryCode(), From: p.Address,
	})
}

func (s *authService) ReplaceRecoveryCodes(ctx context.Context, req *conversev1.ReplaceRecoveryCodesRequest) (*conversev1.ReplaceRecoveryCodesResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	codes, err := s.rooms.SignIns.ReplaceRecoveryCodes(ctx, p, auth.Code{
		Code: req.GetCode(), Recovery: req.GetRecoveryCode(), From: p.Address,
	})
	return &conversev1.ReplaceRecoveryCodesResponse{RecoveryCodes: codes}, err
}

// Security is what administrators ask of their users' signing in.
type Security interface {
	// SecondFactors lists how it stands with each active user's, by the users' names.
	SecondFactors(ctx context.Context, org chat.OrgID) ([]chat.SecondFactor, error)
	// ResetSecondFactor takes a user's away.
	ResetSecondFactor(ctx context.Context, p chat.Principal, user chat.UserID) error
	// UnlockSecondFactor forgets a user's wrong codes.
	UnlockSecondFactor(ctx context.Context, p chat.Principal, user chat.UserID) error
	// SecondFactorPolicy returns the roles of which one is required.
	SecondFactorPolicy(ctx context.Context, org chat.OrgID) ([]chat.Role, error)
	// SetSecondFactorPolicy changes them.
	SetSecondFactorPolicy(ctx context.Context, p chat.Principal, roles []chat.Role) error
}

func (s *adminService) ListSecondFactors(ctx context.Context, _ *conversev1.ListSecondFactorsRequest) (*conversev1.ListSecondFactorsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.rooms.Security.SecondFactors(ctx, p.Org)
	return &conversev1.ListSecondFactorsResponse{SecondFactors: wire.List(list, wire.SecondFactor)}, err
}

func (s *adminService) ResetSecondFactor(ctx context.Context, req *conversev1.ResetSecondFactorRequest) (*conversev1.ResetSecondFactorResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.ResetSecondFactorResponse{}, s.rooms.Security.ResetSecondFactor(ctx, p, chat.UserID(req.GetUserId()))
}

func (s *adminService) UnlockSecondFactor(ctx context.Context, req *conversev1.UnlockSecondFactorRequest) (*conversev1.UnlockSecondFactorResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.UnlockSecondFactorResponse{}, s.rooms.Security.UnlockSecondFactor(ctx, p, chat.UserID(req.GetUserId()))
}

func (s *adminService) GetSecurityPolicy(ctx context.Context, _ *conversev1.GetSecurityPolicyRequest) (*conversev1.GetSecurityPolicyResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	roles, err := s.rooms.Security.SecondFactorPolicy(ctx, p.Org)
	return &conversev1.GetSecurityPolicyResponse{Policy: wire.SecurityPolicy(roles)}, err
}

func (s *adminService) SetSecurityPolicy(ctx context.Context, req *conversev1.SetSecurityPolicyRequest) (*conversev1.SetSecurityPolicyResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	roles := make([]chat.Role, len(req.GetPolicy().GetSecondFactorRoles()))
	for i, role := range req.GetPolicy().GetSecondFactorRoles() {
		roles[i] = chat.Role(role)
	}
	err = s.rooms.Security.SetSecondFactorPolicy(ctx, p, roles)
	return &conversev1.SetSecurityPolicyResponse{Policy: wire.SecurityPolicy(roles)}, err
}
