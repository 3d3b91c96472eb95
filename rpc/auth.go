package rpc

import (
	"context"
	"time"

	"connectrpc.com/connect"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

type authService struct {
	rooms   Rooms
	options Options
	paced   *gate
}

func (s *authService) LogIn(ctx context.Context, req *conversev1.LogInRequest) (*conversev1.LogInResponse, error) {
	info, _ := connect.CallInfoForHandlerContext(ctx)
	signedIn, err := s.rooms.SignIns.LogIn(ctx, req.GetEmail(), req.GetPassword(), s.from(info))
	if err != nil {
		return nil, err
	}
	if signedIn.Challenge != "" {
		return &conversev1.LogInResponse{
			SecondFactorRequired: true, Challenge: signedIn.Challenge, ExpiresAt: wire.Time(signedIn.Expires),
		}, nil
	}
	org, err := s.welcome(ctx, info, signedIn)
	return &conversev1.LogInResponse{
		Token: signedIn.Token, ExpiresAt: wire.Time(signedIn.Expires), User: wire.User(signedIn.User), Org: org, MustEnrol: signedIn.MustEnrol,
	}, err
}

func (s *authService) VerifyCode(ctx context.Context, req *conversev1.VerifyCodeRequest) (*conversev1.VerifyCodeResponse, error) {
	info, _ := connect.CallInfoForHandlerContext(ctx)
	signedIn, err := s.rooms.SignIns.VerifyCode(ctx, req.GetChallenge(), auth.Code{
		Code: req.GetCode(), Recovery: req.GetRecoveryCode(), From: s.from(info),
	})
	if err != nil {
		return nil, err
	}
	org, err := s.welcome(ctx, info, signedIn)
	return &conversev1.VerifyCodeResponse{
		Token: signedIn.Token, ExpiresAt: wire.Time(signedIn.Expires), User: wire.User(signedIn.User), Org: org,
	}, err
}

// welcome gives a browser the token that everyone else reads from the answer, and
// returns where it belongs.
func (s *authService) welcome(ctx context.Context, info connect.CallInfo, in auth.SignedIn) (*conversev1.Org, error) {
	org, _, err := s.rooms.Conversations.Org(ctx, chat.Principal{Org: in.Org})
	if err != nil {
		return nil, err
	}
	s.setCookie(info, in.Token, in.Expires)
	return &conversev1.Org{Id: string(org.ID), Name: org.Name}, nil
}

// from is the address of who asks.
func (s *authService) from(info connect.CallInfo) string {
	return address(info.Peer(), info.RequestHeader(), s.options.Proxies)
}

// setCookie gives a browser the token in a form that scripts cannot read. Any
// other client ignores it.
func (s *authService) setCookie(info connect.CallInfo, token string, expires time.Time) {
	info.ResponseHeader().Add("Set-Cookie", cookie(Cookie(s.options.Secure), token, expires, s.options.Secure).String())
}

func (s *authService) LogOut(ctx context.Context, _ *conversev1.LogOutRequest) (*conversev1.LogOutResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.rooms.SignIns.LogOut(ctx, p); err != nil {
		return nil, err
	}
	if info, ok := connect.CallInfoForHandlerContext(ctx); ok {
		s.setCookie(info, "", time.Unix(0, 0))
	}
	return &conversev1.LogOutResponse{}, nil
}

func (s *authService) GetSession(ctx context.Context, _ *conversev1.GetSessionRequest) (*conversev1.GetSessionResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	org, users, err := s.rooms.Conversations.Org(ctx, p)
	if err != nil {
		return nil, err
	}
	out := &conversev1.GetSessionResponse{
		Org: &conversev1.Org{Id: string(org.ID), Name: org.Name}, MustEnrol: p.Via == chat.ViaEnrol,
	}
	if !out.GetMustEnrol() {
		out.Colleagues = wire.List(users, wire.User)
		out.Rights = rightsOf(p)
	}
	for _, u := range users {
		if u.ID == p.User {
			out.User = wire.User(u)
		}
	}
	return out, nil
}

func (s *authService) CreateTicket(ctx context.Context, _ *conversev1.CreateTicketRequest) (*conversev1.CreateTicketResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	ticket, expires, err := s.rooms.SignIns.CreateTicket(ctx, p)
	return &conversev1.CreateTicketResponse{Ticket: ticket, ExpiresAt: wire.Time(expires), RightsVersion: int32(p.AccessVersion)}, err
}
