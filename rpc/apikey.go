package rpc

import (
	"context"

	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

func (s *adminService) CreateApiKey(ctx context.Context, req *conversev1.CreateApiKeyRequest) (*conversev1.CreateApiKeyResponse, error) { //nolint:revive // the name is the protocol's
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	n := auth.NewKey{Name: req.GetName(), Expires: instant(req.GetExpiresAt())}
	for _, scope := range req.GetScopes() {
		n.Scopes = append(n.Scopes, chat.KeyScope(scope))
	}
	key, made, err := s.rooms.Keys.Create(ctx, p, n)
	if err != nil {
		return nil, err
	}
	return &conversev1.CreateApiKeyResponse{Key: key, ApiKey: wire.APIKey(made)}, nil
}

func (s *adminService) ListApiKeys(ctx context.Context, _ *conversev1.ListApiKeysRequest) (*conversev1.ListApiKeysResponse, error) { //nolint:revive // the name is the protocol's
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := s.rooms.Keys.List(ctx, p.Org)
	return &conversev1.ListApiKeysResponse{ApiKeys: wire.List(keys, wire.APIKey)}, err
}

func (s *adminService) RevokeApiKey(ctx context.Context, req *conversev1.RevokeApiKeyRequest) (*conversev1.RevokeApiKeyResponse, error) { //nolint:revive // the name is the protocol's
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	return &conversev1.RevokeApiKeyResponse{}, s.rooms.Keys.Revoke(ctx, p, chat.APIKeyID(req.GetApiKeyId()))
}

func (s *authService) CreateWidgetToken(ctx context.Context, req *conversev1.CreateWidgetTokenRequest) (*conversev1.CreateWidgetTokenResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	made, err := s.rooms.SignIns.CreateWidgetToken(ctx, p, chat.UserID(req.GetUserId()), req.GetUserEmail())
	if err != nil {
		return nil, err
	}
	return &conversev1.CreateWidgetTokenResponse{Token: made.Token, ExpiresAt: wire.Time(made.Expires), User: wire.User(made.User)}, nil
}
