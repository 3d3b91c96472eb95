package rpc

import (
	"context"
	"errors"
	"strings"

	"converse/internal/account"
	"converse/internal/auth"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/store"
	"converse/internal/wire"
)

type connectorService struct {
	rooms   Rooms
	options Options
	// trials counts how often users try accounts.
	trials *gate
}

func (s *connectorService) ListConnectors(ctx context.Context, _ *conversev1.ListConnectorsRequest) (*conversev1.ListConnectorsResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.rooms.Accounts.List(ctx, p.Org)
	if err != nil {
		return nil, err
	}
	health, err := s.rooms.Callbacks.Healths(ctx, p.Org)
	if err != nil {
		return nil, err
	}
	notices, err := s.rooms.Connectors.CountOpenNotices(ctx, p.Org)
	if err != nil {
		return nil, err
	}
	called, err := s.rooms.Connectors.LastCallbacks(ctx, p.Org)
	if err != nil {
		return nil, err
	}
	return &conversev1.ListConnectorsResponse{Connectors: wire.List(list, func(o account.Open) *conversev1.Connector {
		c := s.connector(o)
		open := notices[o.Account.Connector]
		c.OpenNotices, c.Stopped = int32(open.Count), open.Stopped
		c.Health = connectorHealth(health[o.Account.Connector])
		c.LastCallbackAt = wire.Time(called[o.Account.Connector])
		return c
	})}, nil
}

func (s *connectorService) connector(o account.Open) *conversev1.Connector {
	kind := string(o.Adapter.Kind())
	out := &conversev1.Connector{
		Id: string(o.Account.Connector), Provider: kind, Name: o.Name, State: string(o.State), StateReason: o.StateReason,
		WebhookUrl: account.WebhookURL(s.options.PublicURL, kind, o.Endpoint), Senders: wire.List(o.Senders, wire.Sender),
		Version: int32(o.Version), BaseUrl: o.Account.BaseURL, Settings: o.Account.Settings, SecretsSet: o.SecretsSet(),
	}
	for _, n := range o.Account.Senders {
		out.Numbers = append(out.Numbers, &conversev1.ConnectorNumber{Id: string(n.ID), Channel: string(n.Channel), Address: n.Address, Ref: n.Ref})
	}
	rules, err := o.ExampleFiles()
	out.ExampleFiles = wire.List(rules, mediaRule)
	if err != nil {
		out.ExampleProblem = exampleProblem(err)
	}
	for i, sender := range o.Senders {
		out.Numbers[i].Label, out.Numbers[i].UserId = sender.Label, string(sender.User)
	}
	return out
}

// exampleProblem is what an account lacks for example files.
func exampleProblem(err error) string {
	if known, ok := errors.AsType[*chat.Error](err); ok {
		return known.Message
	}
	return "Example files cannot be uploaded just now."
}

func (s *connectorService) ResumeConnector(ctx context.Context, req *conversev1.ResumeConnectorRequest) (*conversev1.ResumeConnectorResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	id := chat.ConnectorID(req.GetConnectorId())
	if err := s.rooms.Connectors.SwitchConnector(ctx, p, id, store.ConnectorActive, ""); err != nil {
		return nil, err
	}
	s.rooms.Outbox.Wake()
	return &conversev1.ResumeConnectorResponse{}, nil
}

func (s *connectorService) ListCallbacks(ctx context.Context, req *conversev1.ListCallbacksRequest) (*conversev1.ListCallbacksResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	var before chat.CallbackID
	if req.GetCursor() != "" {
		if before, err = chat.ParseID[chat.CallbackID]("cursor", req.GetCursor()); err != nil {
			return nil, err
		}
	}
	most := int(req.GetLimit())
	if most == 0 {
		most = 50
	}
	list, err := s.rooms.Callbacks.Callbacks(ctx, p.Org, chat.ConnectorID(req.GetConnectorId()), store.Result(req.GetResult()), before, most)
	if err != nil {
		return nil, err
	}
	counts, err := s.rooms.Callbacks.CallbackCounts(ctx, p.Org)
	if err != nil {
		return nil, err
	}
	shown, ignored, parked := counts[store.ResultShown], counts[store.ResultIgnored], counts[store.ResultParked]
	out := &conversev1.ListCallbacksResponse{
		Callbacks: wire.List(list, callback),
		Counts: &conversev1.ListCallbacksResponse_Counts{
			Received: int32(shown + ignored + parked), Shown: int32(shown), Ignored: int32(ignored), Parked: int32(parked),
		},
	}
	if len(list) == most {
		out.NextCursor = string(list[len(list)-1].ID)
	}
	return out, nil
}

func (s *connectorService) GetCallback(ctx context.Context, req *conversev1.GetCallbackRequest) (*conversev1.GetCallbackResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.rooms.Callbacks.Callback(ctx, p.Org, chat.CallbackID(req.GetCallbackId()))
	if err != nil {
		return nil, err
	}
	return &conversev1.GetCallbackResponse{Callback: callback(c), Body: strings.ToValidUTF8(string(c.Body), "\uFFFD")}, nil
}

func (s *connectorService) ReplayCallback(ctx context.Context, req *conversev1.ReplayCallbackRequest) (*conversev1.ReplayCallbackResponse, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.rooms.Inbox.Replay(ctx, p.Org, chat.CallbackID(req.GetCallbackId()))
	if err != nil {
		return nil, err
	}
	return &conversev1.ReplayCallbackResponse{Callback: callback(c)}, nil
}

func callback(c store.StoredCallback) *conversev1.Callback {
	return &conversev1.Callback{
		Id: string(c.ID), ConnectorId: string(c.Connector), Provider: c.Provider, ReceivedAt: wire.Time(c.ReceivedAt),
		Result: string(c.Result), Why: c.Why, Size: int32(c.Size), Replays: int32(c.Replays),
	}
}
