package rpc

import (
	"context"

	"converse/internal/account"
	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/wire"
)

func (s *connectorService) ListProviders(ctx context.Context, _ *conversev1.ListProvidersRequest) (*conversev1.ListProvidersResponse, error) {
	if _, err := auth.From(ctx); err != nil {
		return nil, err
	}
	return &conversev1.ListProvidersResponse{Providers: wire.List(s.rooms.Accounts.Providers(), provider)}, nil
}

func provider(p account.Provider) *conversev1.Provider {
	out := &conversev1.Provider{
		Provider: string(p.Kind), Channels: wire.List(p.Form.Channels, func(c chat.Channel) string { return string(c) }),
		Checks: p.Checks, ListsTemplates: p.ListsTemplates, SubmitsTemplates: p.SubmitsTemplates, Subscribes: p.Subscribes,
	}
	for _, f := range p.Form.Fields {
		out.Fields = append(out.Fields, providerField(f))
	}
	out.Ref = providerField(p.Form.Ref)
	return out
}

// providerField is a field as a form shows it.
func providerField(f account.Field) *conversev1.ProviderField {
	out := &conversev1.ProviderField{
		Name: f.Name, Label: f.Label, Secret: f.Secret, Required: f.Required, Ours: f.Ours, Switch: f.Switch, Help: f.Help,
	}
	if f.Pattern != nil {
		out.Pattern = f.Pattern.String()
	}
	return out
}
